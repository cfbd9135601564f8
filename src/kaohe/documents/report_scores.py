"""The scores of a report by criterion: the heat table, the averages, self score against result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kaohe.assessment.scoring import CriterionScore, UnitResult
from kaohe.documents.as_html import Markup, el, fragment
from kaohe.documents.charts import heat_step, percent_of, score_bar
from kaohe.documents.report_parts import Subject, figure, heads, link, points, scrolled, section
from kaohe.standard.figures import half_up
from kaohe.standard.model import Criterion


@dataclass(frozen=True, slots=True)
class Average:
    """One criterion over many units: the mean of the scores, and how many stand at either end or nowhere."""

    criterion: Criterion
    mean: Decimal | None
    rate: int | None
    in_full: int
    at_zero: int
    not_applicable: int
    unscored: int


def average(criterion: Criterion, units: Iterable[UnitResult]) -> Average:
    """Average a criterion over the units to which it applies and which are scored."""
    scores = [unit.criterion(criterion.id) for unit in units]
    given = [score.score for score in scores if score.score is not None]
    exact = Fraction(sum(given, Decimal(0))) / len(given) if given else None
    return Average(
        criterion,
        None if exact is None else half_up(exact),
        None if exact is None else percent_of(exact, criterion.points),
        in_full=sum(value == criterion.points for value in given),
        at_zero=sum(value == 0 for value in given),
        not_applicable=sum(score.source == "not_applicable" for score in scores),
        unscored=sum(score.source == "unscored" for score in scores),
    )


def heat_section(subject: Subject) -> Markup:
    """Every score as a share of its points: units down, criteria across, five steps of navy."""
    words, criteria = subject.words, subject.standard.criteria
    finding = words.heat_finding.format(n=f"{len(subject.result.units):,}", m=len(criteria))
    legend = words.heat_unit.format(na=words.not_applicable_sign, un=words.unscored_sign)
    body = [row for group in subject.standard.groups for row in _group_rows(subject, group.id)]
    foot = [_average_cell(subject, average(criterion, subject.result.units)) for criterion in criteria]
    last = el("tr", el("th", words.average, scope="row"), foot, el("td", _mean_total(subject), class_="num"))
    table = el("table", _heat_head(subject), el("tbody", body), el("tfoot", last), class_="tbl heat")
    chart = figure(finding, legend, scrolled(words.heat_label, table, class_="tw window"))
    return section("scores", words.heat, chart)


def _heat_head(subject: Subject) -> Markup:
    words, language = subject.words, subject.language
    items = [
        el("th", item.title.within(language), colspan=len(item.criteria), scope="colgroup")
        for item in subject.standard.items
    ]
    first = el("tr", el("td"), items, el("td"))
    second = [_heat_column(subject, criterion) for criterion in subject.standard.criteria]
    ends = el("th", words.unit, scope="col", class_="name"), el("th", words.total, scope="col", class_="num")
    return el("thead", first, el("tr", ends[0], second, ends[1]))


def _heat_column(subject: Subject, criterion: Criterion) -> Markup:
    name = el("span", f" {criterion.title.within(subject.language)}", class_="sr")
    return el("th", el("a", criterion.id, name, href=f"#c-{criterion.id}"), scope="col")


def _group_rows(subject: Subject, group: str) -> Iterator[Markup]:
    members = [unit for unit in subject.result.units if unit.unit.peer_group == group]
    if members:
        title = subject.standard.group(group).title.within(subject.language)
        yield el("tr", el("th", title, scope="rowgroup"), el("td", colspan=len(members[0].criteria) + 1), class_="grp")
    for unit in members:
        cells = [_heat_cell(subject, score) for score in unit.criteria]
        total = el("td", points(unit.total) or "—", class_="num strong")
        yield el("tr", el("th", link(subject, unit), scope="row"), cells, total, "\n")


def _heat_cell(subject: Subject, score: CriterionScore) -> Markup:
    words = subject.words
    if score.score is not None:
        full = score.criterion.points
        return el("td", percent_of(score.score, full), class_=f"h{heat_step(score.score, full)}")
    missing = score.source == "unscored"
    sign, word = (words.unscored_sign, words.unscored) if missing else (words.not_applicable_sign, words.not_applicable)
    said = fragment(el("span", sign, aria_hidden="true"), el("span", word, class_="sr"))
    return el("td", said, class_="un" if missing else "na")


def _average_cell(subject: Subject, mean: Average) -> Markup:
    return el("td", "—" if mean.rate is None else mean.rate)


def _mean_total(subject: Subject) -> str:
    totals = [unit.total for unit in subject.result.units if unit.total is not None]
    return points(half_up(Fraction(sum(totals, Decimal(0))) / len(totals))) if totals else "—"


def criteria_section(subject: Subject) -> Markup:
    """What was reached on average at each criterion, in all and by group."""
    words, units = subject.words, subject.result.units
    averages = [average(criterion, units) for criterion in subject.standard.criteria]
    known = [(mean.rate, mean.criterion) for mean in averages if mean.rate is not None]
    finding = words.criteria
    if known:
        rate, criterion = min(known, key=lambda pair: pair[0])
        finding = words.criteria_finding.format(
            id=criterion.id, title=criterion.title.within(subject.language), rate=rate
        )
    by_id = {mean.criterion.id: mean for mean in averages}
    columns = _columns(subject)
    body = [row for item in subject.standard.items for row in _item_rows(subject, item.id, by_id, len(columns))]
    table = el("table", heads(columns), el("tbody", body), class_="tbl stick wrap")
    chart = figure(finding, words.criteria_note, scrolled(words.criteria, table, class_="tw fit-wide"))
    return section("criteria", words.criteria, chart)


def _groups(subject: Subject) -> Sequence[str]:
    """The groups that have units, where there are two or three of them to compare."""
    present = {unit.unit.peer_group for unit in subject.result.units}
    groups = [group.id for group in subject.standard.groups if group.id in present]
    return groups if len(groups) in (2, 3) else []


def _columns(subject: Subject) -> list[tuple[str, str]]:
    words = subject.words
    names = [subject.standard.group(group).title.within(subject.language) for group in _groups(subject)]
    return [
        (words.criterion, ""), ("", "opt"), (f"{words.rate}%", "num"), (words.mean, "num"),
        (words.of_points, "num"), *((f"{name}%", "num opt-md opt") for name in names), (words.in_full, "num opt"),
        (words.at_zero, "num opt"), (words.not_applicable, "num opt"),
        *([(words.unscored, "num opt")] if subject.result.unscored else []),
    ]  # fmt: skip


def _item_rows(subject: Subject, item_id: str, by_id: dict[str, Average], width: int) -> Iterator[Markup]:
    item = next(item for item in subject.standard.items if item.id == item_id)
    worth = el("small", f"{item.points.normalize():f}", class_="faint")
    title = fragment(item.title.within(subject.language), " ", worth)
    yield el("tr", el("th", title, colspan=width, scope="rowgroup"), class_="grp")
    for criterion in item.criteria:
        yield _criterion_row(subject, by_id[criterion.id])


def _criterion_row(subject: Subject, mean: Average) -> Markup:
    criterion, units = mean.criterion, subject.result.units
    name = fragment(el("span", criterion.id, class_="id"), " ", criterion.title.within(subject.language))
    rates = [average(criterion, (u for u in units if u.unit.peer_group == group)).rate for group in _groups(subject)]
    label = f"{criterion.id} {mean.rate}%"
    bar = None if mean.mean is None else score_bar(mean.mean, criterion.points, label=label, width=150, height=10)
    counts = [mean.in_full, mean.at_zero, mean.not_applicable, *([mean.unscored] if subject.result.unscored else [])]
    cells = [
        el("td", bar, class_="opt"),
        el("td", "—" if mean.rate is None else mean.rate, class_="num strong"),
        el("td", points(mean.mean) or "—", class_="num"),
        el("td", f"{criterion.points.normalize():f}", class_="num faint"),
        [el("td", "—" if rate is None else rate, class_="num opt-md opt") for rate in rates],
        [el("td", count or None, class_="num opt") for count in counts],
    ]
    return el("tr", el("th", name, scope="row", id=f"c-{criterion.id}"), cells, "\n")
