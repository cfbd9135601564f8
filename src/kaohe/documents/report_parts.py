"""What the sections of a report share: its subject, sections, tables, states, links to a unit's sheet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kaohe.assessment.ranking import in_order
from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.as_html import Child, Markup, el
from kaohe.documents.band_wording import band_range, ordered_bands
from kaohe.documents.charts import Limit
from kaohe.documents.report_wording import Wording, wording
from kaohe.standard.model import Band, Language, Standard


@dataclass(frozen=True)
class Subject:
    """A round's result and the language in which it is told."""

    result: RoundResult
    language: Language

    @property
    def standard(self) -> Standard:
        """The standard that judged."""
        return self.result.standard

    @cached_property
    def words(self) -> Wording:
        """The fixed words."""
        return wording(self.language)

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The bands, highest first."""
        return ordered_bands(self.standard)

    @cached_property
    def ranked(self) -> tuple[UnitResult, ...]:
        """The units with a rank, first to last."""
        return tuple(unit for unit in in_order(self.result.units) if unit.rank is not None)

    @cached_property
    def ranked_in(self) -> Counter[str]:
        """How many units have a rank, by group."""
        return Counter(unit.unit.peer_group for unit in self.ranked)

    @property
    def round_name(self) -> str:
        """The round with its year, as a heading names it: 2010年全年考核."""
        title, year = self.standard.rounds[self.result.round.kind].title.within(self.language), self.result.round.year
        return f"{year}年{title}" if self.language == "zh" else f"{title} {year}"

    @cached_property
    def anchors(self) -> dict[str, str]:
        """The anchor of each unit's sheet, by code."""
        return {unit.unit.code: f"u{number}" for number, unit in enumerate(self.result.units, 1)}

    def band_title(self, band: Band) -> str:
        """Name a band by place and title: 一档 全面完成."""
        return f"{self.words.band_name(self.bands.index(band))} {band.title.within(self.language)}"

    def band_range(self, band: Band) -> str:
        """Write a band's range."""
        return band_range(self.standard, band, self.language)

    def band_counts(self) -> list[tuple[Band, int]]:
        """How many units stand in each band, highest first."""
        return [(band, sum(unit.band == band for unit in self.result.units)) for band in self.bands]

    def band_sentence(self) -> str:
        """Tell how many units stand in each band: 全面完成4个、基本完成36个."""
        each = "{title}{n}个" if self.language == "zh" else "{n} {title}"
        told = (each.format(title=self._in_line(band), n=f"{n:,}") for band, n in self.band_counts())
        return self.words.comma.join(told)

    def _in_line(self, band: Band) -> str:
        title = band.title.within(self.language)
        return title if self.language == "zh" else title.lower()

    def limits(self) -> list[Limit]:
        """The bands' lower bounds, as charts draw them."""
        return [
            Limit(band.at_least, f"{self.words.band_name(index)} {band.at_least.normalize():f}")
            for index, band in enumerate(self.bands[:-1])
        ]


def section(anchor: str, heading: str, *children: Child, beside: Child = None, class_: str = "sec") -> Markup:
    """A section with its heading; `beside` stands on the heading's line."""
    small = el("span", beside, class_="small dim") if beside is not None else None
    head = el("div", el("h2", heading, id=f"{anchor}-h"), small, class_="sec-head")
    return el("section", head, *children, "\n", class_=class_, id=anchor, aria_labelledby=f"{anchor}-h")


def scrolled(label: str, table: Markup, *, class_: str = "tw") -> Markup:
    """A wide table in a window of its own, which the keyboard can scroll."""
    return el("div", table, class_=class_, tabindex=0, role="region", aria_label=label)


def heads(columns: Sequence[tuple[str, str]]) -> Markup:
    """A table's head: the columns' names with their classes."""
    cells = [
        el("th", name, scope="col", class_=class_ or None) if name else el("td", class_=class_)
        for name, class_ in columns
    ]
    return el("thead", el("tr", cells))


def figure(finding: str, small: Child, *children: Child) -> Markup:
    """A chart under its conclusion."""
    unit = None if small is None else el("small", small)
    return el("figure", el("figcaption", finding, unit), *children)


def check(subject: Subject, unit: UnitResult) -> Markup:
    """Whether a unit is verified, as shape and word."""
    words = subject.words
    state, word = ("ok", words.verified) if unit.verified else ("todo", words.unverified)
    return el("span", word, class_="st", data_s=state)


def points(value: Decimal | None) -> str:
    """A score with two decimals; empty where there is none."""
    return "" if value is None else f"{value:,.2f}"


def link(subject: Subject, unit: UnitResult) -> Markup:
    """A unit's name, leading to its sheet."""
    return el("a", unit.unit.name, href=f"#{subject.anchors[unit.unit.code]}")
