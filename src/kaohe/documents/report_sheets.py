"""The score sheet of each unit in a report: every point with its rule, figures, reason, judge, course and clause."""

from decimal import Decimal

from kaohe.assessment.scoring import CriterionScore, UnitResult
from kaohe.documents.as_html import Child, Markup, el, fragment
from kaohe.documents.charts import score_bar
from kaohe.documents.reasons import bonus_reason, reason_for, total_reason
from kaohe.documents.report_parts import Subject, points, scrolled, section
from kaohe.documents.report_self import self_total
from kaohe.standard.model import Item

OPEN_UP_TO = 400
"""With more units than this the sheets are folded."""


def sheets_section(subject: Subject) -> Markup:
    """All sheets, in the order of the units' codes."""
    words, units = subject.words, subject.result.units
    folded = len(units) > OPEN_UP_TO
    note = el("p", words.sheets_note, words.sheets_closed if folded else None, class_="small dim lead")
    sheets = [_folded(subject, unit) if folded else _sheet(subject, unit) for unit in units]
    return section("sheets", words.sheets, note, sheets, class_="sec sheets")


def _folded(subject: Subject, unit: UnitResult) -> Markup:
    """A sheet behind one row; a link to the sheet opens it."""
    band = unit.band.title.within(subject.language) if unit.band else subject.words.unscored
    summary = el(
        "summary", el("span", "—" if unit.rank is None else unit.rank, class_="num"), el("b", unit.unit.name),
        el("span", band, class_="faint"), el("b", points(unit.total) or "—", class_="num"),
    )  # fmt: skip
    return el("details", summary, _sheet(subject, unit), class_="fold")


def _sheet(subject: Subject, unit: UnitResult) -> Markup:
    words, standard = subject.words, subject.standard
    anchor = subject.anchors[unit.unit.code]
    facts = {"round": subject.round_name, "id": standard.id, "version": standard.version, "code": unit.unit.code}
    line = [fragment(el("span", part.format(**facts), class_="nowrap gap"), " ") for part in words.sheet_line]
    name = el("p", words.sheet.format(work=standard.source.work), class_="org")
    letterhead = el("header", name, el("p", line, class_="no"), class_="doc-head")
    items = [_item(subject, unit, item, anchor) for item in standard.items]
    foot = el("p", el("a", words.back, href="#ranking"), class_="small noprint end")
    return el(
        "article", letterhead, _head(subject, unit, anchor), _sums(subject, unit), items, foot, "\n",
        class_="doc", id=anchor, aria_labelledby=f"{anchor}-h",
    )  # fmt: skip


def _head(subject: Subject, unit: UnitResult, anchor: str) -> Markup:
    words = subject.words
    group = subject.standard.group(unit.unit.peer_group).title.within(subject.language)
    told = group + words.pause + words.staff_line.format(n=f"{unit.unit.headcount:,}")
    state = el("span", words.verified if unit.verified else words.unverified, class_="tag")
    title = el("div", el("h3", unit.unit.name, id=f"{anchor}-h"), el("p", told, " ", state, class_="sub"))
    return el("div", title, el("dl", _figures(subject, unit), class_="figs"), class_="head")


def _figures(subject: Subject, unit: UnitResult) -> list[Markup]:
    words = subject.words
    if unit.total is None:
        return [_figure(words.total, words.unscored if unit.unscored else "—", class_="w red")]
    found = [_figure(words.total, points(unit.total))]
    if unit.rank is not None:
        found.append(_figure(words.rank, str(unit.rank), f"/ {len(subject.ranked):,}"))
        found.append(_figure(words.group_rank, str(unit.group_rank), f"/ {subject.ranked_in[unit.unit.peer_group]:,}"))
    own = self_total(unit, subject.standard)
    if own is not None:
        found.append(_figure(words.self_total, points(own)))
    if unit.band:
        red = "w red" if unit.band.consequence == "criticism" else "w"
        found.append(_figure(words.band, unit.band.title.within(subject.language), class_=red))
    return found


def _figure(name: str, value: str, small: str | None = None, *, class_: str | None = None) -> Markup:
    return el("div", el("dt", name), el("dd", value, el("small", small) if small else None, class_=class_))


def _sums(subject: Subject, unit: UnitResult) -> Markup:
    """The points by item, the base, the bonus and the total, then how they came about in one sentence."""
    words, standard = subject.words, subject.standard
    rows = [_sum_row(subject, unit, item) for item in standard.items]
    foot = [
        _foot_row(words.base, unit.base, f"/ {standard.points.normalize():f}"),
        _foot_row(words.bonus, unit.bonus, "", class_="thin"),
        _foot_row(words.total, unit.total, ""),
    ]
    label = f"{unit.unit.name}{words.colon}{words.score}"
    table = el("table", el("caption", label, class_="sr"), el("tbody", rows), el("tfoot", foot), class_="tbl sums")
    told = [bonus_reason(bonus, standard, subject.language) for bonus in unit.bonuses]
    told.append(total_reason(unit, standard, subject.language))
    return fragment(scrolled(label, table), [el("p", sentence, class_="src wide") for sentence in told])


def item_scores(unit: UnitResult, item: Item) -> tuple[Decimal, Decimal, bool]:
    """An item's points: scored, applying to this unit, and whether every criterion that applies is scored."""
    scores = [unit.criterion(criterion.id) for criterion in item.criteria]
    given = sum((score.score for score in scores if score.score is not None), Decimal(0))
    applying = sum((score.criterion.points for score in scores if score.source != "not_applicable"), Decimal(0))
    return given, applying, all(score.source != "unscored" for score in scores)


def _sum_row(subject: Subject, unit: UnitResult, item: Item) -> Markup:
    given, applying, complete = item_scores(unit, item)
    label = f"{given:.2f} / {applying.normalize():f}"
    bar = score_bar(given, applying, label=label, width=200, height=10) if complete else None
    return el(
        "tr", el("th", item.title.within(subject.language), scope="row"), el("td", bar, class_="opt"),
        el("td", f"{given:.2f}" if complete else "—", class_="num strong"),
        el("td", f"/ {applying.normalize():f}", class_="num faint"),
    )  # fmt: skip


def _foot_row(name: str, value: Decimal | None, of: str, *, class_: str | None = None) -> Markup:
    cells = [el("th", name, scope="row"), el("td", class_="opt"), el("td", points(value) or "—", class_="num strong")]
    return el("tr", cells, el("td", of, class_="num"), class_=class_)


def _item(subject: Subject, unit: UnitResult, item: Item, anchor: str) -> Markup:
    given, applying, complete = item_scores(unit, item)
    shown = f"{given:.2f}" if complete else "—"
    end = el("span", el("b", shown), f" / {applying.normalize():f} {subject.words.points}", class_="end")
    head = el("div", el("h4", item.title.within(subject.language)), end, class_="item-head")
    return fragment(head, [_point(subject, unit.criterion(criterion.id), anchor) for criterion in item.criteria])


def _point(subject: Subject, score: CriterionScore, anchor: str) -> Markup:
    words, criterion = subject.words, score.criterion
    reason = reason_for(score, subject.standard, subject.result.round.kind, subject.language)
    lines: list[tuple[str, Child]] = [
        (words.rule, reason.rule), (words.figures, reason.figures), (words.judgement, reason.judgement),
        (words.who, reason.who), (words.course, _course(reason.course)),
    ]  # fmt: skip
    told = [fragment(el("dt", name), el("dd", value)) for name, value in lines if value]
    clause = el("small", f"{words.clause} {reason.clause}")
    return el(
        "div", el("span", criterion.id, class_="id"),
        el("div", criterion.title.within(subject.language), clause, class_="name"),
        el("dl", told), el("div", _points(subject, score), class_="pts"), "\n",
        class_="why", id=f"{anchor}-{criterion.id}",
    )  # fmt: skip


def _course(course: str) -> Markup:
    """The figures in the order in which they were given, the one that counts in bold."""
    *earlier, last = course.split(" → ")
    return fragment(*(f"{step} → " for step in earlier), el("b", last))


def _points(subject: Subject, score: CriterionScore) -> Child:
    full = f"{score.criterion.points.normalize():f}"
    if score.score is None:
        missing = score.source == "unscored"
        word = subject.words.unscored if missing else subject.words.not_applicable
        return el("span", word, class_="tag bad" if missing else "tag")
    bar = score_bar(score.score, score.criterion.points, label=f"{score.score:.2f} / {full}")
    return fragment(el("b", f"{score.score:.2f}"), el("span", f" / {full}"), bar)
