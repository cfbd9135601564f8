"""The circular (通报) of a round: everything it says, made from the result and from what is known of its issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kaohe.assessment.result import RoundResult
from kaohe.documents import circular_consequences as consequences
from kaohe.documents import circular_findings as findings
from kaohe.documents.circular_tables import averages_note, averages_table, ranking_note, ranking_table
from kaohe.documents.content import Annex, Block, Circular, Heading, Paragraph
from kaohe.documents.numerals import day, pick
from kaohe.documents.round_wording import count_units, numeral, period, round_title, year_of_issue
from kaohe.documents.title_rows import issuer_chunks, title_rows, work_chunks
from kaohe.standard.model import Language, Source


@dataclass(frozen=True, slots=True)
class Issue:
    """What the office decides about a circular; None leaves the official blank, or the standard's own text.

    number: the running number of the year (`3`), or the whole document number; package_digest: the
    SHA-256 of the verification package in hex, with or without `sha256:`.
    """

    number: str | None = None
    issued_on: date | None = None
    package_digest: str | None = None
    addressees: str | None = None
    copies: str | None = None


def circular(result: RoundResult, issue: Issue, language: Language = "zh") -> Circular:
    """Write the circular of a round. With unscored units it is a draft and says so."""
    source = result.standard.source
    chunks = title_chunks(result, language)
    signed = issue.issued_on
    return Circular(
        language=language,
        mark=f"{source.issuer}文件" if language == "zh" else source.issuer,
        number=document_number(result, issue),
        title="".join(chunks),
        title_rows=title_rows(chunks) if language == "zh" else ("".join(chunks),),
        addressee=issue.addressees or source.addressees,
        body=body(result, issue, language),
        annexes=annexes(result, language),
        signature=source.issuer_rows or (source.issuer,),
        day=day(signed, language) if signed else consequences.blank_day(year_of_issue(result.round), language),
        dated=signed or result.round.end,
        copies=_copies(issue, source, language),
        printer=source.issuer,
        package_digest=(issue.package_digest or "").removeprefix("sha256:"),
        issuer=source.issuer,
        draft=pick(language, "未定稿", "DRAFT") if result.unscored else "",
        draft_reason=_draft_reason(result, language),
    )


def title_chunks(result: RoundResult, language: Language) -> tuple[str, ...]:
    """The title in chunks that stay whole: issuer, 关于, period, matter and kind."""
    source, when = result.standard.source, named(result, language)
    if language == "en":
        return (f"Circular on the results of the {when}: {result.standard.title.en}",)
    return (*issuer_chunks(source), f"关于{when}", source.scope, *work_chunks(source), "考核情况的通报")


def named(result: RoundResult, language: Language) -> str:
    """How titles name the round: 2010年度; annual round of 2010."""
    title = round_title(result, language)
    return period(result.round, "zh") if language == "zh" else title[0].lower() + title[1:]


def document_number(result: RoundResult, issue: Issue) -> str:
    """Write the document number, 本公训办发〔2011〕3号; without one, the blank 〔2011〕　号."""
    if issue.number is not None and "〔" in issue.number:
        return issue.number
    year = issue.issued_on.year if issue.issued_on else year_of_issue(result.round)
    return f"{result.standard.source.number_prefix}〔{year}〕{issue.number or '　'}号"


def _copies(issue: Issue, source: Source, language: Language) -> str:
    copies = (issue.copies or source.copies or "").rstrip("。.")
    return copies + pick(language, "。", ".") if copies else ""


def _draft_reason(result: RoundResult, language: Language) -> str:
    if not result.unscored:
        return ""
    number = len(result.unscored)
    return pick(language, f"{number}个单位未计分，不得印发", f"{count_units(number)} not scored, not to be issued")


def body(result: RoundResult, issue: Issue, language: Language) -> tuple[Block, ...]:
    """The text: an opening, and the parts that have something to say, numbered."""
    parts: list[tuple[str, Sequence[Block]]] = [
        (pick(language, "考核工作基本情况", "How the round was held"), findings.the_work(result, language)),
        (pick(language, "考核结果", "Results"), findings.the_results(result, language)),
        (pick(language, "通报表扬", "Praise"), consequences.praise(result, language)),
        (pick(language, "通报批评", "Criticism"), consequences.criticism(result, issue.issued_on, language)),
        (pick(language, "存在的主要问题", "Main problems"), consequences.problems(result, language)),
        (
            pick(language, "工作要求", "What is asked"),
            consequences.requirements(result, issue.package_digest, language),
        ),
    ]
    blocks: list[Block] = list(findings.opening(result, language))
    for number, (title, inner) in enumerate(((title, inner) for title, inner in parts if inner), 1):
        blocks += [Heading(pick(language, f"{numeral(number)}、{title}", f"{number}. {title}")), *inner]
    return tuple(blocks)


def annexes(result: RoundResult, language: Language) -> tuple[Annex, ...]:
    """The two annexes, the ranking and the averages."""
    when, work = named(result, language), work_chunks(result.standard.source)[-1]
    if language == "en":
        names: Sequence[tuple[str, ...]] = [(f"Ranking, {when}",), (f"Averages by criterion, {when}",)]
    else:
        names = [(when, work, "考核排名表"), (when, work, "考核指标平均得分表")]
    tables = [
        (ranking_table(result, language), ranking_note(result, language)),
        (averages_table(result, language), averages_note(language)),
    ]
    return tuple(
        Annex(
            "".join(chunks),
            title_rows(chunks) if language == "zh" else chunks,
            table,
            pick(language, "注：", "Note: ") + note,
        )
        for chunks, (table, note) in zip(names, tables, strict=True)
    )


def text_of(content: Circular) -> str:
    """The whole body as plain text, one paragraph a line: for a mail, a search, a test."""
    lines = [
        f"{block.lead}{' ' if block.lead and content.language == 'en' else ''}{block.text}"
        if isinstance(block, Paragraph)
        else block.text
        for block in content.body
    ]  # fmt: skip
    return "\n".join(lines)
