"""The record sheet (训练手册记录) of one person, for appraisal, promotion and exchange: facts, no total and no grade."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kaohe.documents import record_tables
from kaohe.documents.content import Table
from kaohe.documents.numerals import day, pick
from kaohe.documents.record import OWED, Record, Stay
from kaohe.documents.record_tables import SHORT, SheetPart
from kaohe.documents.record_wording import NONE, hours, hours_title
from kaohe.documents.round_wording import period, span
from kaohe.standard.model import Language, Standard

HOURS = (("类别", "Kind"), ("要求", "Asked"), ("已完成", "Done"), ("尚欠", "Owed"), ("完成情况", "Share done"))
SIGNERS = (("本人核对", "Checked by"), ("训练工作负责人", "Training officer"), ("日期", "Date"))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The journal's last checkpoint: its size and its root."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours of one kind, ready to print; `share` of the minimum that is done, at most 1."""

    title: str
    wanted: str
    done: str
    lacking: str
    share: float


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """A record sheet, complete, with all texts ready to print.

    headline: left, middle and right below the title; facts: unit and post; since: when the person came or left; stays:
    of whoever moved, a line for each; hours_titles: the heads of the hours' five columns; foot: label and root.
    """

    language: Language
    title: str
    dated: date
    author: str
    headline: tuple[str, str, str]
    name: str
    facts: str
    since: str
    stays: tuple[str, ...]
    hours_title: str
    hours_note: str
    hours_titles: tuple[str, ...]
    hours: tuple[HoursRow, ...]
    months: Table | None
    parts: tuple[SheetPart, ...]
    note: str
    signers: tuple[str, ...]
    foot: tuple[str, str]
    page: str


def record_sheet(
    record: Record, standard: Standard, on: date, language: Language = "zh", checkpoint: Checkpoint | None = None
) -> RecordSheet:
    """Write a person's sheet as the ledger is on a day; the same values give the same sheet."""
    asked = span(record.period, language)
    return RecordSheet(
        language=language,
        title=pick(language, f"{standard.source.work}手册记录", "Training record"),
        dated=on,
        author=standard.source.issuer_short,
        headline=(
            period(record.period, language),
            pick(language, f"记录截至{day(on, language)}", f"As recorded on {day(on, language)}"),
            pick(language, f"编号　{record.code}", f"No. {record.code}"),
        ),
        name=record.name,
        facts="　".join(filter(None, (record.last.unit if record.last else "", record.post))),
        since=_since(record, language),
        stays=tuple(_stay(one, record, language) for one in record.stays if one.counted) if record.moved else (),
        hours_title=pick(language, "学时", "Hours"),
        hours_note=pick(language, f"单位：学时。要求为{asked}", f"in class hours; asked for {asked}"),
        hours_titles=tuple(pick(language, *title) for title in HOURS),
        hours=tuple(_hours(record, language)),
        months=record_tables.months(record, language),
        parts=(
            record_tables.lectures(record, standard, language),
            record_tables.classes(record, standard, record.period.kind, language),
            record_tables.contests(record, language),
            record_tables.tests(record, language),
        ),
        note=_note(record, standard, language),
        signers=tuple(pick(language, *signer) for signer in SIGNERS),
        foot=_foot(checkpoint, language),
        page=pick(language, "第{n}页，共{all}页", "page {n} of {all}"),
    )


def _since(record: Record, language: Language) -> str:
    last = record.last
    if last and last.departed:
        gone = day(last.departed, language)
        return pick(language, f"{gone}离岗", f"left on {gone}")
    if last and last.joined:
        came = day(last.joined, language)
        return pick(language, f"{came}到岗", f"since {came}")
    return ""


def _stay(stay: Stay, record: Record, language: Language) -> str:
    """Where a person was when, and with what hours: 市财政局：2010年8月1日到岗；自学自练14.5学时，网络学习20.0学时."""
    said = []
    if stay.joined:
        said.append(pick(language, f"{day(stay.joined, 'zh')}到岗", f"from {day(stay.joined, 'en')}"))
    if stay.departed:
        said.append(pick(language, f"{day(stay.departed, 'zh')}离岗", f"left on {day(stay.departed, 'en')}"))
    done = ((pick(language, *SHORT[form]), hours(record.hours(form, stay.number).done)) for form in OWED)
    counted = pick(language, "，", ", ").join(pick(language, f"{title}{h}学时", f"{title} {h} h") for title, h in done)
    stretch = pick(language, "，", ", ").join(said)
    return stay.unit + pick(language, "：", ": ") + pick(language, "；", "; ").join(filter(None, (stretch, counted)))


def _hours(record: Record, language: Language) -> Iterator[HoursRow]:
    for form in OWED:
        told = record.hours(form)
        yield HoursRow(
            title=hours_title(form, language),
            wanted=hours(told.wanted) if told.wanted else NONE,
            done=hours(told.done),
            lacking=hours(told.lacking) if told.wanted and record.staff else NONE,
            share=min(told.done / told.wanted, 1.0) if told.wanted else 0.0,
        )


def _note(record: Record, standard: Standard, language: Language) -> str:
    zh = "注：本单只记事实，不计总分，不评等次。“—”为没有记录，“0.0”为有记录而未得学时。学时只计出勤，请假、旷课不计。"
    en = "Facts only: no total, no grade. — means not recorded, 0.0 recorded with no hours. Only presence counts as hours."
    if record.moved:
        zh += "调动前后的记录都在本单；计算单位的比率时，各单位只计在本单位期间的记录。"
        en += " Records before and after a move stand together; the rates of a unit count those of its own stay alone."
    if record.staff is None:
        zh += "本人考核期末不在册，不列尚欠。"
        en += " Not on the staff when the period ends: nothing is stated as owed."
    zh += f"标准：{standard.title.zh}（{standard.id} 第{standard.version}版）。"
    return pick(language, zh, en + f" Standard: {standard.title.en} ({standard.id}, version {standard.version}).")


def _foot(checkpoint: Checkpoint | None, language: Language) -> tuple[str, str]:
    if checkpoint is None:
        return pick(language, "日志尚无检查点", "The journal has no checkpoint yet"), ""
    label = pick(language, f"日志检查点{checkpoint.size:,}号", f"Journal checkpoint {checkpoint.size:,}")
    return label, checkpoint.root
