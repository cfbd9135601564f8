"""What `kaohe assess` does with a folder that is being loaded: every result out, all or nothing."""

import argparse
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.assessment.ranking import in_order
from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.city import Assessment, assess_loading
from kaohe.cli.aside import written_aside
from kaohe.cli.console import Console, table
from kaohe.documents.fault_wording import note_sentence
from kaohe.ledger.reading import Loading
from kaohe.standard.files import read_standard
from kaohe.standard.model import Language
from kaohe.terms import round_of

if TYPE_CHECKING:
    from kaohe.documents.as_pdf import Press

UNSCORED = 3
LONGEST_TABLE = 100
MOST_PRESSES = 4


def finish(begun: Loading, out: Path, options: argparse.Namespace, console: Console) -> int:
    """Assess a folder whose loading was begun and write the results; exit status 0, or 3 where units are unscored."""
    file = read_standard(options.standard)
    a_round = round_of(file.standard, options.round, options.year, options.start, options.end)
    result, notes = assess_loading(
        begun, file, a_round,
        engine=options.engine, digests=not options.json_only, tell=partial(_progress, console),
    )  # fmt: skip
    for note in notes:
        said = note_sentence(note.code, note.place, console.language)
        console.tell(said, said, "yellow")
    assessed = Assessment(result, notes)
    written = _write(assessed, out, options, console)
    console.clear()
    console.lines(ranking_table(result, console.language))
    console.lines(["", *written])
    return _status(result, console)


def _progress(console: Console, stage: str, name: str) -> None:
    zh, en = {
        "read": ("读入", "reading"), "check": ("检查", "checking"), "measure": ("计算指标", "measuring"),
    }[stage]  # fmt: skip
    console.progress(f"{zh} {name}", f"{en} {name}")


def _write(assessed: Assessment, out: Path, options: argparse.Namespace, console: Console) -> list[str]:
    """Write the results aside, then move them into place; answer a line for each."""
    language: Language = options.lang or "zh"
    with written_aside(out) as work:
        data = assessed.data(language)
        (work / "results.json").write_bytes(json_bytes(data))
        if options.json_only:
            return [_line(out / "results.json", "得分和排名（数据）", "scores and ranks (data)", console)]
        return _documents(assessed.result, work, out, language, options, console)


def json_bytes(data: Any) -> bytes:
    """Write `results.json`: UTF-8, two blanks of indent, line feeds on every system."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _documents(
    result: RoundResult, work: Path, out: Path, language: Language, options: argparse.Namespace, console: Console
) -> list[str]:
    from kaohe.documents.as_docx import write_circular_docx
    from kaohe.documents.as_pdf import Digests, Press, write_circular_pdf, write_score_sheets
    from kaohe.documents.circular import Issue, circular
    from kaohe.documents.faces import font_folders
    from kaohe.documents.report import report_html
    from kaohe.documents.workbook import write_workbook
    from kaohe.proof.package import package, package_digest, unit_digests

    content = package(result)
    (work / "verification.zip").write_bytes(content)
    digest = package_digest(content)
    issue = Issue(number=options.number, issued_on=options.date, package_digest=digest)
    press = Press(font_folders(options.fonts, os.environ.get("KAOHE_FONT_DIRS", "")))
    said = circular(result, issue, language)
    console.progress("写通报", "writing the circular")
    write_circular_docx(said, work / "circular.docx")
    write_circular_pdf(said, work / "circular.pdf", press)
    console.progress("写工作簿和网页", "writing workbook and report")
    write_workbook(result, work / "results.xlsx", language)
    (work / "report.html").write_text(report_html(result, language, digest), encoding="utf-8", newline="\n")
    write_score_sheets(
        result, work / "sheets", press, language, digests=Digests(digest, unit_digests(result)), workers=min(os.cpu_count() or 1, MOST_PRESSES),
        progress=lambda done, of: console.progress(f"写评分单 {done}/{of}", f"score sheet {done} of {of}"),
    )  # fmt: skip
    _tell_faces(press, result, console)
    _tell_criticism(result, console)
    place: Callable[[str, str, str], str] = lambda name, zh, en: _line(out / name, zh, en, console)  # noqa: E731
    return [
        place("circular.docx", "情况通报（可编辑）", "official circular (editable)"),
        place("circular.pdf", "情况通报", "official circular"),
        place("report.html", "结果网页（无需联网）", "report (needs no network)"),
        place("results.xlsx", "结果工作簿", "results workbook"),
        place("sheets", f"评分单 {len(result.units)} 份", f"{len(result.units)} score sheets"),
        place("results.json", "得分和排名（数据）", "scores and ranks (data)"),
        place("verification.zip", f"验证包　sha256:{digest}", f"verification package  sha256:{digest}"),
    ]


def _tell_faces(press: "Press", result: RoundResult, console: Console) -> None:
    """Say which faces stood in for the standard's own, and which characters of names they lack."""
    stood_in = [face for face in press.faces if face.substitute]
    if stood_in:
        zh = "、".join(f"{face.role}用 {face.family}" for face in stood_in)
        en = ", ".join(f"{face.role} by {face.family}" for face in stood_in)
        console.tell(
            f"字体代用：{zh}。本单位字体可用 --fonts 指定。",
            f"Faces stood in: {en}. Give the office's own with --fonts.",
            "dim",
        )
    names = [unit.unit.name for unit in result.units]
    for role, characters in press.missing(names).items():
        console.tell(f"{role}缺字：{characters}", f"{role} lacks: {characters}", "yellow")


def _tell_criticism(result: RoundResult, console: Console) -> None:
    """The circular says that the criticised were heard: only people can know whether that was done."""
    if any(unit.band is not None and unit.band.consequence == "criticism" for unit in result.units):
        console.tell(
            "通报批评一节写有“听取陈述、集体研究”：签发前请确认已经做过。",
            "The circular says that the criticised units were heard and the matter decided together: see to it before issuing.",
            "yellow",
        )


def _line(path: Path, zh: str, en: str, console: Console) -> str:
    return f"{zh if console.language == 'zh' else en}: {path}"


def ranking_table(result: RoundResult, language: Language) -> list[str]:
    """Lay out the ranking for a terminal; a long one is cut, and says so."""
    zh = language == "zh"
    head = (
        ("名次", "组内", "代码", "单位", "基础分", "加分", "总分", "档次", "核实")
        if zh
        else ("rank", "group", "code", "unit", "base", "bonus", "total", "band", "verified")
    )
    ordered = in_order(result.units)
    rows = [_row(unit, zh) for unit in ordered[:LONGEST_TABLE]]
    lines = table(head, rows, ("right", "right", "left", "left", "right", "right", "right", "left", "left"))
    title = result.standard.rounds[result.round.kind].title.within(language)
    heading = (
        f"{result.round.year}年{title}　{len(ordered)} 个单位"
        if zh
        else f"{result.round.year} {title}, {len(ordered)} units"
    )
    rest = len(ordered) - len(rows)
    cut = (
        [f"…另有 {rest:,} 个单位，见 results.xlsx" if zh else f"… and {rest:,} more units, see results.xlsx"]
        if rest
        else []
    )
    return [heading, *lines, *cut]


def _row(result: UnitResult, zh: bool) -> tuple[str, ...]:
    def figure(value: object) -> str:
        return "—" if value is None else str(value)

    language: Language = "zh" if zh else "en"
    own = any(score.source == "self" and score.criterion.kind == "judged" for score in result.criteria)
    verified = ("已核", "verified") if result.verified else ("自评", "self-assessed") if own else ("—", "—")
    band = result.band.title.within(language) if result.band else ("未计分" if zh else "unscored")
    bonus = "" if result.bonus == 0 else figure(result.bonus)
    return (
        figure(result.rank), figure(result.group_rank), result.unit.code, result.unit.name, figure(result.base), bonus,
        figure(result.total), band, verified[0 if zh else 1],
    )  # fmt: skip


def _status(result: RoundResult, console: Console) -> int:
    if not result.unscored:
        return 0
    console.tell(
        f"{len(result.unscored)} 个单位有未计分的指标，不能公布：",
        f"{len(result.unscored)} units are unscored and cannot be published:",
        "red",
    )
    for unit in result.unscored[:LONGEST_TABLE]:
        line = f"  {unit.unit.code} {unit.unit.name}：{'、'.join(unit.unscored)}"
        console.tell(line, f"  {unit.unit.code} {unit.unit.name}: {', '.join(unit.unscored)}")
    rest = len(result.unscored) - LONGEST_TABLE
    if rest > 0:
        console.tell(f"  …另有 {rest:,} 个，见 results.json", f"  ... and {rest:,} more, see results.json")
    return UNSCORED
