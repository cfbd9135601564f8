"""The ranking of a report: all units, and each peer group by itself, with the bands as groups."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from kaohe.assessment.scoring import UnitResult
from kaohe.documents.as_html import Markup, el, fragment
from kaohe.documents.charts import signed
from kaohe.documents.report_parts import Subject, check, heads, link, points, scrolled, section

Place = Callable[[UnitResult], int | None]


def ranking_section(subject: Subject) -> Markup:
    """The ranking as panels: overall, then a panel for each group of the standard that has units.

    Radio buttons choose the panel, so that no script is needed; on paper all panels are printed.
    """
    words, units = subject.words, subject.result.units
    panels = [_panel(subject, words.overall, units, _overall)]
    groups = subject.standard.groups
    if len(groups) > 1:
        members = [(group, [unit for unit in units if unit.unit.peer_group == group.id]) for group in groups]
        panels += [_panel(subject, group.title.within(subject.language), own, _inside) for group, own in members if own]
    numbered = [_tab(number, *panel) for number, panel in enumerate(panels)]
    tabs = el("div", numbered, class_="tabset", role="group", aria_label=words.by_group)
    by_total = "ranking" in subject.standard.bonus_counts_for
    note = el("p", words.ranking_note if by_total else words.by_base_note, class_="src")
    return section("ranking", words.ranking, tabs, note)


def _overall(unit: UnitResult) -> int | None:
    return unit.rank


def _inside(unit: UnitResult) -> int | None:
    return unit.group_rank


Panel = tuple[str, int, Markup]


def _panel(subject: Subject, title: str, units: Sequence[UnitResult], place: Place) -> Panel:
    words = subject.words
    whole = place is _overall
    other = (words.group_rank if whole else words.overall_rank, "num opt")
    columns = [(words.rank, "num"), other, (words.unit, ""), *([(words.group, "opt-md opt")] if whole else [])]
    columns += [(words.base, "num opt"), (words.bonus, "num opt"), (words.total, "num"), (words.check, "")]
    rows = list(_rows(subject, units, place, len(columns))) or [_empty(subject, len(columns))]
    caption = el("caption", f"{words.ranking}{words.colon}{title}", class_="sr")
    table = el("table", caption, heads(columns), el("tbody", rows), class_="tbl stick")
    return title, len(units), scrolled(f"{words.ranking}{words.colon}{title}", table, class_="tw fit")


def _tab(number: int, title: str, count: int, table: Markup) -> Markup:
    name = f"panel-{number}"
    radio = el("input", type="radio", name="panel", id=name, class_="sr", checked=number == 0)
    label = el("label", title, " ", el("b", f"{count:,}"), for_=name)
    return fragment(radio, label, el("div", el("h3", title, class_="paper"), table, class_="panel"), "\n")


def _empty(subject: Subject, width: int) -> Markup:
    return el("tr", el("td", subject.words.nothing_to_rank, colspan=width, class_="faint"))


def _rows(subject: Subject, units: Iterable[UnitResult], place: Place, width: int) -> Iterator[Markup]:
    """The bands from the highest down, then units that are not ranked, then units without a total."""
    ordered = sorted(units, key=lambda unit: (place(unit) or 0, unit.unit.code))
    shared = Counter(place(unit) for unit in ordered)
    cut = False
    for title, note, red, members in _shelves(subject, ordered):
        if members:
            yield _head(subject, title, note, len(members), width, red=red, cut=cut)
            yield from (_row(subject, unit, place, tied=shared[place(unit)] > 1) for unit in members)
            cut = True


Shelf = tuple[str, str, bool, list[UnitResult]]


def _shelves(subject: Subject, ordered: Sequence[UnitResult]) -> Iterator[Shelf]:
    words = subject.words
    for band in subject.bands:
        members = [unit for unit in ordered if unit.rank is not None and unit.band == band]
        yield subject.band_title(band), subject.band_range(band), band.consequence == "criticism", members
    unranked = [unit for unit in ordered if unit.rank is None and unit.total is not None]
    yield words.no_rank, words.no_rank_why, False, unranked
    without = [unit for unit in ordered if unit.total is None]
    yield words.unscored, words.unscored_notice[1].format(n=len(without)), True, without


def _head(subject: Subject, title: str, note: str, count: int, width: int, *, red: bool, cut: bool) -> Markup:
    words = subject.words
    told = words.count(words.units, count)
    small = el("small", f"{note}{words.pause}{told}", class_="faint")
    cell = el("th", el("span", title, class_="red" if red else None), " ", small, colspan=width, scope="rowgroup")
    return el("tr", cell, class_="grp cut" if cut else "grp")


def _row(subject: Subject, unit: UnitResult, place: Place, *, tied: bool) -> Markup:
    words = subject.words
    whole = place is _overall
    other = unit.group_rank if whole else unit.rank
    group = subject.standard.group(unit.unit.peer_group).title.within(subject.language)
    rank = place(unit)
    tag = fragment(" ", el("span", words.tied, class_="tag")) if tied and rank is not None else None
    cells = [
        el("td", "—" if rank is None else rank, class_="num strong"),
        el("td", other, class_="num opt"),
        el("th", link(subject, unit), tag, scope="row"),
        el("td", group, class_="opt-md opt") if whole else None,
        el("td", points(unit.base), class_="num opt"),
        el("td", signed(unit.bonus) if unit.bonus else None, class_="num opt"),
        el("td", points(unit.total) or _lacking(subject, unit), class_="num strong"),
        el("td", check(subject, unit)),
    ]
    return el("tr", cells, "\n")


def _lacking(subject: Subject, unit: UnitResult) -> Markup:
    """What keeps a unit from having a total."""
    named = ", ".join(unit.unscored) or subject.words.not_applicable
    return el("span", named, class_="tag bad" if unit.unscored else "tag")
