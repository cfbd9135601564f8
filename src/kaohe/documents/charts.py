"""Charts as pure functions from values to SVG: geometry in attributes, colour by class.

On a page the style sheet gives the classes their colours, so that dark mode and print follow; `standalone`
writes the light colours into the picture, for a PDF or a Word file. No chart needs a pointer: the
values stand at the marks, and `label` (the aria-label) states the finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kaohe.documents.as_html import Child, Markup, el
from kaohe.standard.figures import half_up

WIDTH = 460
"""The width of a full chart in its own units; a page scales it."""
TEXT = 16
"""The largest size that a page gives to chart text, in the same units: room is kept for it."""

NAME_EMS = 12
KEY_EMS = 24
"""The longest name of a unit, and of a part in a key, in Chinese characters; what is longer is cut."""
BIN = 5
BASE = 142
"""The step of a distribution in points, and the height at which its bars stand."""

TOP = 26
"""The height at which step lines reach the whole: above it stands the name of the due day."""
BETWEEN = 18
"""The least distance of two names at the ends of lines."""

Number = Decimal | Fraction | int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar: how many, what they are, and the class that colours it."""

    count: int
    name: str
    fill: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a dumbbell: what a unit gave itself, and what it was given."""

    name: str
    own: Decimal
    given: Decimal


@dataclass(frozen=True, slots=True)
class Limit:
    """A border on the axis, such as the lower bound of a band."""

    at: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the axis of time that is named."""

    at: date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """An axis of time: its first and its last day, the days that are named below it, and the due day if there is one."""

    first: date
    last: date
    ticks: Sequence[Day]
    due: Day | None = None

    def x(self, day: date, left: int, right: int) -> Fraction:
        """Where a day stands between two edges; days beyond the ends stand at the ends."""
        days = max((self.last - self.first).days, 1)
        return left + Fraction(min(max((day - self.first).days, 0), days), days) * (right - left)


@dataclass(frozen=True, slots=True)
class Line:
    """A line over time: what stands at its end, the class that colours it (`navy`, `mid`), its value from each day on."""

    name: str
    colour: str
    marks: Sequence[tuple[date, Number]]


def score_bar(score: Number, points: Number, *, label: str, width: int = 84, height: int = 6) -> Markup:
    """A score against its full points, as one small bar for a table cell."""
    track = _rect("f-track", 0, 0, width, height)
    bar = _rect("f-navy", 0, 0, width * _share(score, points), height)
    box = f"0 0 {width} {height}"
    return el("svg", track, bar, width=width, height=height, viewBox=box, role="img", aria_label=label)


def heat_step(score: Number, points: Number) -> int:
    """The step of navy, 1 (light) to 5 (strong), for a score against its full points.

    >>> [heat_step(Decimal(n), Decimal(100)) for n in (0, 39, 40, 60, 80, 95, 100)]
    [1, 1, 2, 3, 4, 5, 5]
    """
    share = _share(score, points) * 100
    return 1 + sum(share >= border for border in (40, 60, 80, 95))


def percent_of(score: Number, points: Number) -> int:
    """A score as a whole percentage of its points: 100 only for all of them, 0 only for none.

    >>> [percent_of(Decimal(s), Decimal(5)) for s in ("5", "4.99", "2.5", "0.01", "0")]
    [100, 99, 50, 1, 0]
    """
    share = _share(score, points)
    if share in (0, 1):
        return int(share * 100)
    return min(99, max(1, int(half_up(share * 100, 0))))


def stacked_bar(parts: Sequence[Part], *, label: str) -> Markup:
    """Shares of a whole as one bar, counts inside, names below; a key where the names have no room."""
    spans = _spans([part for part in parts if part.count])
    bars = [_part(part, x, width) for part, x, width in spans]
    if all(width >= text_width(part.name) + 4 for part, _, width in spans):
        return _chart(60, label, bars, [_text(part.name, x, 54) for part, x, _ in spans])
    beside = 32 + max(text_width(cut(part.name, KEY_EMS)) for part, _, _ in spans)
    keys = [_key(part, 56 + 24 * index, beside) for index, (part, _, _) in enumerate(spans)]
    return _chart(44 + 24 * len(spans), label, bars, keys)


def _spans(parts: Sequence[Part]) -> list[tuple[Part, Fraction, Fraction]]:
    """Each part with its left edge and its width, two units apart."""
    total = sum(part.count for part in parts)
    room = WIDTH - 2 * max(len(parts) - 1, 0)
    spans, at = [], Fraction(0)
    for part in parts:
        width = Fraction(room * part.count, total)
        spans.append((part, at, width))
        at += width + 2
    return spans


def _part(part: Part, x: Fraction, width: Fraction) -> list[Markup]:
    bar = _rect(part.fill, x, 0, width, 34)
    if width < text_width(str(part.count)) + 12:
        return [bar]
    ink = "t-ink" if part.fill in ("f-d1", "f-d2", "f-d3") else "t-on"
    return [bar, _text(part.count, x + 8, 22, ink)]


def _key(part: Part, y: int, beside: int) -> list[Markup]:
    swatch = _rect(part.fill, 0, y - 11, 12, 12)
    return [swatch, _text(cut(part.name, KEY_EMS), 20, y, "t-ink"), _text(part.count, beside, y, "t-b")]


def strip(parts: Sequence[Part], *, label: str, width: int = 150, height: int = 10) -> Markup:
    """Shares of a whole as one small bar for a table cell; the counts stand in the cells beside it."""
    total = sum(part.count for part in parts)
    bars, at = [], Fraction(0)
    for part in parts:
        if part.count:
            share = Fraction(width * part.count, total)
            # a unit's gap, unless the part is so narrow that nothing would be left
            bars.append(_rect(part.fill, at, 0, max(share - 1, share / 2), height))
            at += share
    box = f"0 0 {width} {height}"
    return el("svg", bars, width=width, height=height, viewBox=box, role="img", aria_label=label)


def dumbbell(pairs: Sequence[Pair], limits: Sequence[Limit], *, label: str, bold_from: Decimal = Decimal(5)) -> Markup:
    """Self score (ring) against result (dot), a row a unit, the gap at the right."""
    names = min(max((text_width(pair.name) for pair in pairs), default=0), NAME_EMS * TEXT)
    values = [value for pair in pairs for value in (pair.own, pair.given)]
    axis = _axis(values, Fraction(names + 14), Fraction(WIDTH - 62))
    foot = 22 + 27 * len(pairs)
    rows = [_row(pair, axis, 22 + 27 * index, bold_from) for index, pair in enumerate(pairs)]
    return _chart(foot + 24, label, _grid(axis, limits, 22, foot), _ticks(axis, foot), rows)


def _row(pair: Pair, axis: "Axis", y: int, bold_from: Decimal) -> list[Markup]:
    gap, middle = pair.own - pair.given, Fraction(2 * y + 27, 2)
    own, given = axis.x(pair.own), axis.x(pair.given)
    dot = el("circle", class_="f-navy", cx=_n(given), cy=_n(middle), r="5.5")
    ring = el("circle", class_="f-paper k-navy", cx=_n(own), cy=_n(middle), r="4.5", stroke_width=2)
    between = [_level("k-mid", min(own, given), max(own, given), middle, 3), ring] if gap else []
    name = _text(cut(pair.name, NAME_EMS), 0, middle + 5, "t-ink")
    figure = _text(signed(gap), WIDTH - 2, middle + 5, "t-b" if abs(gap) >= bold_from else None, "end")
    return [name, *between, dot, figure]


def distribution(totals: Sequence[Decimal], limits: Sequence[Limit], *, label: str) -> Markup:
    """How many totals fall into each step of five points, with the bands' borders."""
    axis = _axis(totals, Fraction(4), Fraction(WIDTH - 4))
    bins = [0] * ((axis.high - axis.low) // BIN)
    for total in totals:
        bins[min(int((total - axis.low) // BIN), len(bins) - 1)] += 1
    bars = [_bar(axis, index, count, max(bins)) for index, count in enumerate(bins) if count]
    level = _level("k-axis", axis.left, axis.right, BASE)
    return _chart(BASE + 24, label, _limits(axis, limits, 22, BASE), bars, level, _ticks(axis, BASE))


def _bar(axis: "Axis", index: int, count: int, most: int) -> list[Markup]:
    left, right = (axis.x(axis.low + BIN * step) for step in (index, index + 1))
    height = Fraction(96 * count, most)
    bar = _rect("f-navy", left + 1, BASE - height, right - left - 2, height)
    return [bar, _text(count, (left + right) / 2, BASE - height - 5, "t-b", "middle")]


def step_lines(lines: Sequence[Line], calendar: Calendar, *, whole: int, label: str, unit: str = "") -> Markup:
    """Counts over time from 0 to a whole: each rises on its days, the due day is a red rule, names stand at the ends."""
    levels = {0: f"0{unit}", whole // 2: f"{whole // 2:,}{unit}", whole: f"{whole:,}{unit}"}
    left = max(map(text_width, levels.values())) + 6
    drawn = [line for line in lines if line.marks]
    ends = _apart([(cut(line.name, NAME_EMS), _height(line.marks[-1][1], whole)) for line in drawn])
    right = WIDTH - 14 - max((text_width(name) for name, _ in ends), default=0)
    marks = [_step_line(line, calendar, whole, left, right) for line in drawn]
    names = [_text(name, right + 10, y + 5, "t-b") for name, y in ends]
    grid = [_level("k-grid" if value else "k-axis", left, right, _height(value, whole)) for value in levels]
    scale = [_text(name, left - 6, _height(value, whole) + 5, None, "end") for value, name in levels.items()]
    return _chart(
        BASE + 24, label, grid, scale, _due(calendar, left, right), marks, names, _days(calendar, left, right)
    )


def _height(value: Number, whole: int) -> Fraction:
    return BASE - _share(value, whole) * (BASE - TOP)


def _step_line(line: Line, calendar: Calendar, whole: int, left: int, right: int) -> list[Markup]:
    path = f"M{left} {BASE}"
    for day, value in line.marks:
        path += f"H{_n(calendar.x(day, left, right))}V{_n(_height(value, whole))}"
    last, value = line.marks[-1]
    x, y = _n(calendar.x(last, left, right)), _n(_height(value, whole))
    drawn = el("path", class_=f"k-{line.colour}", d=path, fill="none", stroke_width="2.5")
    return [drawn, el("circle", class_=f"f-{line.colour}", cx=x, cy=y, r=4)]


def _apart(ends: Sequence[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    """The names at the ends of lines, from the highest down, moved until none covers another."""
    placed: list[tuple[str, Fraction]] = []
    for name, y in sorted(ends, key=lambda end: end[1]):
        placed.append((name, max(y, placed[-1][1] + BETWEEN) if placed else y))
    lowest = Fraction(BASE)
    for place in reversed(range(len(placed))):
        name, y = placed[place]
        placed[place] = name, min(y, lowest)
        lowest = placed[place][1] - BETWEEN
    return placed


def _due(calendar: Calendar, left: int, right: int) -> list[Markup]:
    if calendar.due is None:
        return []
    x, half = calendar.x(calendar.due.at, left, right), Fraction(text_width(calendar.due.name), 2)
    centre = min(max(x, half), WIDTH - half)
    return [_upright("k-red", x, TOP - 6, BASE), _text(calendar.due.name, centre, 14, "t-red", "middle")]


def _days(calendar: Calendar, left: int, right: int) -> list[Markup]:
    """The named days below the axis, as far as there is room."""
    marks, free = [], Fraction(0)
    for tick in calendar.ticks:
        half = Fraction(text_width(tick.name), 2)
        centre = min(max(calendar.x(tick.at, left, right), half), WIDTH - half)
        if centre - half >= free:
            marks.append(_text(tick.name, centre, BASE + 18, None, "middle"))
            free = centre + half + 4
    return marks


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale of whole tens from left to right."""

    low: int
    high: int
    left: Fraction
    right: Fraction

    def x(self, value: Number) -> Fraction:
        """Where a value stands; values beyond the ends stand at the ends."""
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return self.left + min(max(share, Fraction(0)), Fraction(1)) * (self.right - self.left)

    @property
    def ticks(self) -> range:
        """Tens, or every second ten where there are many."""
        return range(self.low, self.high + 1, 20 if self.high - self.low > 60 else 10)


def _axis(values: Sequence[Decimal], left: Fraction, right: Fraction) -> Axis:
    """Whole tens around the values. (Fraction floors; Decimal would round towards zero.)"""
    low = Fraction(min(values, default=Decimal(0))) // 10 * 10
    high = -(Fraction(-max(values, default=Decimal(100))) // 10) * 10
    return Axis(low, max(high, low + 10), left, right)


def _ticks(axis: Axis, foot: int) -> list[Markup]:
    """The figures below the axis; one that would leave the picture is drawn inwards."""
    marks = []
    for tick in axis.ticks:
        x, half = axis.x(tick), Fraction(text_width(str(tick)), 2)
        anchor = "start" if x < half else "end" if x > WIDTH - half else "middle"
        marks.append(_text(tick, x, foot + 18, None, anchor))
    return marks


def _grid(axis: Axis, limits: Sequence[Limit], top: int, foot: int) -> list[Markup]:
    taken = {limit.at for limit in limits}
    lines = [_upright("k-grid", axis.x(tick), top, foot) for tick in axis.ticks if tick not in taken]
    return lines + _limits(axis, limits, top, foot)


def _limits(axis: Axis, limits: Sequence[Limit], top: int, foot: int) -> list[Markup]:
    """Dashed borders, named above from the highest down as far as there is room."""
    marks, free = [], Fraction(WIDTH)
    for limit in sorted(limits, key=lambda limit: limit.at, reverse=True):
        if axis.low < limit.at <= axis.high:
            x, half = axis.x(limit.at), Fraction(text_width(limit.name), 2)
            centre = min(x, WIDTH - half)
            marks.append(_upright("k-axis", x, top, foot, "2 3"))
            if half <= centre and centre + half <= free:
                marks.append(_text(limit.name, centre, 14, None, "middle"))
                free = centre - half - 4
    return marks


def signed(gap: Decimal) -> str:
    """A difference with its sign: +1.50, −0.50, 0.00."""
    mark = "+" if gap > 0 else "−" if gap < 0 else ""
    return f"{mark}{abs(gap):.2f}"


def text_width(text: str) -> int:
    """The room that a text needs at the largest size: a Chinese character is square, others about 0.6 of it."""
    return -(-sum(TEXT * (10 if ord(c) > 0x2E7F else 6) for c in text) // 10)


def cut(text: str, ems: int) -> str:
    """A text that fits into so many Chinese characters; what is left out shows as …"""
    if text_width(text) <= ems * TEXT:
        return text
    while text and text_width(text) > (ems - 1) * TEXT:
        text = text[:-1]
    return text + "…"


def _share(score: Number, points: Number) -> Fraction:
    if points <= 0:
        return Fraction(0)
    return min(max(Fraction(score) / Fraction(points), Fraction(0)), Fraction(1))


def _n(value: Number) -> str:
    """A length with at most one decimal."""
    if isinstance(value, int):
        return str(value)
    tenths = int((Fraction(value) * 10 + Fraction(1, 2)) // 1)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _text(text: str | int, x: Number, y: Number, class_: str | None = None, anchor: str | None = None) -> Markup:
    return el("text", text, class_=class_, x=_n(x), y=_n(y), text_anchor=anchor)


def _rect(class_: str, x: Number, y: Number, width: Number, height: Number) -> Markup:
    return el("rect", class_=class_, x=_n(x), y=_n(y), width=_n(width), height=_n(height))


def _upright(class_: str, x: Number, top: int, foot: int, dashes: str | None = None) -> Markup:
    at = _n(x)
    return el("line", class_=class_, x1=at, x2=at, y1=top, y2=foot, stroke_width=1, stroke_dasharray=dashes)


def _level(class_: str, left: Number, right: Number, y: Number, width: int = 1) -> Markup:
    return el("line", class_=class_, x1=_n(left), x2=_n(right), y1=_n(y), y2=_n(y), stroke_width=width)


def _chart(height: int, label: str, *marks: Child) -> Markup:
    return el("svg", *marks, class_="ch", viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=label)
