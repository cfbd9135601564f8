"""The standard as a value: items, criteria, bands, bonus, rounds, and the decisions behind them.

Every setting that the document leaves open (`standard-2010.md`, numbers 1 to 19) is a field here and
a line in the standard's file, with the clause that it reads.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from kaohe.standard.figures import HUNDREDTH
from kaohe.standard.rules import Figure, Frozen, Judged, MeasuredRule, Rule

Language = Literal["zh", "en"]
Hundredths = Annotated[Figure, Field(decimal_places=2)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]


class Text(Frozen):
    """A text in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def within(self, language: Language) -> str:
        """Return the text in one of the two languages."""
        return self.zh if language == "zh" else self.en


class Group(Frozen):
    """A peer group in which units are ranked (类别). `units` is what a circular calls them."""

    id: Identifier
    title: Text
    units: Text


class RoundKind(Frozen):
    """A kind of round: its period and due date within the year, as MM-DD."""

    title: Text
    start: str = Field(pattern=r"^[0-9]{2}-[0-9]{2}$")
    end: str = Field(pattern=r"^[0-9]{2}-[0-9]{2}$")
    due: str = Field(pattern=r"^[0-9]{2}-[0-9]{2}$")
    clause: str | None = None

    def period(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of the round in a year."""
        return date.fromisoformat(f"{year:04d}-{self.start}"), date.fromisoformat(f"{year:04d}-{self.end}")

    def due_on(self, year: int) -> date:
        """Return the day whose 24:00 ends the time for reports."""
        return date.fromisoformat(f"{year:04d}-{self.due}")


class Minimum(Frozen):
    """The class hours that a person owes, by kind of round."""

    hours: Mapping[str, Figure]
    clause: str | None = None


class MinimumHours(Frozen):
    """The two minimums that the metrics ask for (B3 and B4 in 2010)."""

    self_study: Minimum
    online: Minimum


class Check(Frozen):
    """One thing that an inspector looks for. `local` marks an addition that the document lacks."""

    title: Text
    points: Figure | None = None
    local: bool = True


class Criterion(Frozen):
    """One criterion (考核内容): what is asked, how much it is worth, and by which rule."""

    id: Identifier
    title: Text
    wording: str | Mapping[str, str]
    points: Hundredths
    clause: str | None = None
    evidence: str | None = None
    checklist: tuple[Check, ...] = ()
    shows: str | None = None
    rule: Rule

    @property
    def kind(self) -> Literal["judged", "measured"]:
        """`judged` where an inspector gives the points, `measured` where the ledger does."""
        return "judged" if isinstance(self.rule, Judged) else "measured"

    @property
    def measured_rule(self) -> MeasuredRule | None:
        """The rule on a metric, or None for a judged criterion."""
        return None if isinstance(self.rule, Judged) else self.rule

    def wording_for(self, group: str) -> str:
        """Return the wording that holds for a peer group."""
        return self.wording if isinstance(self.wording, str) else self.wording[group]


class Item(Frozen):
    """An item (项目) of the annex: a heading with points, and its criteria."""

    id: Identifier
    title: Text
    points: Figure
    clause: str | None = None
    evidence: str | None = None
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Band(Frozen):
    """A band of the rating (考评档次), by the lower bound of the total."""

    id: Identifier
    title: Text
    at_least: Figure
    at_most: Figure | None = None
    consequence: Literal["praise", "none", "criticism"] = "none"
    clause: str | None = None


class Bonus(Frozen):
    """Points beyond the hundred for a count of the ledger, once a unit or for each entry."""

    id: Identifier
    title: Text
    metric: str
    points: Hundredths
    per: Literal["unit", "entry"] = "unit"
    clause: str | None = None


class Decision(Frozen):
    """What the document leaves open, how it was decided, and where the setting stands."""

    number: int
    question: Text
    decided: Text
    clause: str
    setting: str | None = None


class Source(Frozen):
    """The document that the standard comes from, as a circular cites it."""

    number: str
    title: str
    short_title: str
    date: date
    issuer: str
    issuer_short: str
    issuer_rows: tuple[str, ...] = ()
    number_prefix: str
    addressees: str
    copies: str | None = None
    work: str
    scope: str


class Overall(Frozen):
    """How the rounds of a campaign make its overall evaluation (decision 11): each round's weight."""

    weights: Mapping[Identifier, Figure]


class Standard(Frozen):
    """A complete standard."""

    id: Identifier
    version: str
    title: Text
    source: Source
    points: Figure = Decimal(100)
    step: Figure = HUNDREDTH
    groups: tuple[Group, ...] = Field(min_length=1)
    rounds: Mapping[Identifier, RoundKind] = Field(min_length=1)
    minimum_hours: MinimumHours
    bands: tuple[Band, ...] = Field(min_length=1)
    rank: Literal["all", "verified"] = "all"
    bonus: tuple[Bonus, ...] = ()
    bonus_cap: Hundredths | None = None
    bonus_counts_for: tuple[Literal["band", "ranking"], ...] = ("band", "ranking")
    overall: Overall | None = None
    late: Literal["accept_and_mark", "refuse"] = "accept_and_mark"
    recuse_own_unit: bool = True
    items: tuple[Item, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in the standard's order."""
        return tuple(criterion for item in self.items for criterion in item.criteria)

    def criterion(self, identifier: str) -> Criterion:
        """Return a criterion by its id; KeyError where the standard has none of that id."""
        for criterion in self.criteria:
            if criterion.id == identifier:
                return criterion
        raise KeyError(identifier)

    def band_of(self, total: Decimal) -> Band:
        """Return the band of a printed total: the highest whose lower bound it reaches."""
        ordered = sorted(self.bands, key=lambda band: band.at_least, reverse=True)
        return next((band for band in ordered if total >= band.at_least), ordered[-1])

    def group(self, identifier: str) -> Group:
        """Return a peer group by its id; KeyError where the standard has none of that id."""
        for group in self.groups:
            if group.id == identifier:
                return group
        raise KeyError(identifier)
