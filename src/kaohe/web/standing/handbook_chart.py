"""How the hours of one kind grew over a round, as a step line: the minimum dashed, the due date as a red rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from kaohe.documents.as_html import Markup, el
from kaohe.documents.charts import WIDTH, text_width
from kaohe.documents.record import Attended
from kaohe.documents.record_wording import hours
from kaohe.web.lang.choice import say
from kaohe.web.lang.dates import day_text

TOP, FOOT, HEIGHT = 26, 138, 162
"""Where the line may rise to, where it begins, and the height of the picture with the months below."""
EDGE, BESIDE, CAPITALS = 4, 8, 14
"""The margin at both sides, how far a word stands from what it names, and how high a word is."""
FEW_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """The days that the picture shows, and the minutes up to which it reaches."""

    first: date
    last: date
    most: int

    def x(self, day: date) -> str:
        """Where a day stands; a day beyond the ends stands at the ends."""
        share = Fraction(
            (min(max(day, self.first), self.last) - self.first).days, max((self.last - self.first).days, 1)
        )
        return f"{float(EDGE + share * (WIDTH - 2 * EDGE)):.1f}"

    def y(self, minutes: int) -> str:
        """How high an amount stands."""
        return f"{float(FOOT - Fraction(minutes, max(self.most, 1)) * (FOOT - TOP)):.1f}"


def step_line(
    attended: Sequence[Attended], wanted: int, period: tuple[date, date], due: date, today: date, label: str
) -> Markup:
    """Draw the minutes that count, from the first day of a round up to today; `label` states the finding."""
    earned = [one for one in attended if one.counts]
    sums = list(accumulate(one.counts for one in earned))
    done = sums[-1] if sums else 0
    span = Span(period[0], max(period[1], due), max(done, wanted))
    until = max(min(today, period[1]), *(one.ends_on for one in earned), period[0])
    points = [(one.ends_on, total) for one, total in zip(earned, sums, strict=True)]
    return el(
        "svg",
        _months(span),
        _minimum(span, wanted),
        _due(span, due, done),
        el("line", class_="k-axis", x1=EDGE, x2=WIDTH - EDGE, y1=FOOT, y2=FOOT, stroke_width=1),
        el("path", class_="k-navy f-none", d=_path(span, points, until), stroke_width=2),
        _end(span, until, done, wanted, due),
        class_="ch", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label,
    )  # fmt: skip


def _path(span: Span, points: Sequence[tuple[date, int]], until: date) -> str:
    steps = "".join(f"H{span.x(day)}V{span.y(total)}" for day, total in points)
    return f"M{span.x(span.first)} {span.y(0)}{steps}H{span.x(until)}"


def _end(span: Span, until: date, done: int, wanted: int, due: date) -> list[Markup]:
    """The last point, its value left above it: clear of the red rule, and of the dashes where it would stand on them."""
    x, y, at_due = float(span.x(until)), float(span.y(done)), float(span.x(due))
    text = hours(done)
    right = at_due - BESIDE if 0 <= x - at_due < text_width(text) + 2 * BESIDE else x - BESIDE
    dashes, foot = float(span.y(wanted)), y - BESIDE
    if wanted and foot - CAPITALS <= dashes <= foot:
        foot = dashes - 5
    return [
        el("circle", class_="f-navy", cx=f"{x:.1f}", cy=f"{y:.1f}", r="4.5"),
        el("text", text, class_="t-b", x=f"{max(right, text_width(text)):.1f}", y=f"{foot:.1f}", text_anchor="end"),
    ]


def _minimum(span: Span, wanted: int) -> list[Markup]:
    if not wanted:
        return []
    y, text = span.y(wanted), say(f"要求 {hours(wanted)}", f"asked {hours(wanted)}")
    line = el("line", class_="k-axis", x1=EDGE, x2=WIDTH - EDGE, y1=y, y2=y, stroke_width=1, stroke_dasharray="2 3")
    return [line, el("text", text, x=EDGE, y=f"{float(y) - 7:.1f}")]


def _due(span: Span, due: date, done: int) -> list[Markup]:
    """The red rule, named left of it: at its top, or at its foot where the line has risen to the top."""
    x, text = span.x(due), say(f"{day_text(due)} 截止", f"due {day_text(due)}")
    y = FOOT - BESIDE if 2 * done > span.most else TOP - 12
    return [
        el("line", class_="k-red", x1=x, x2=x, y1=TOP - 22, y2=FOOT, stroke_width=1),
        el("text", text, class_="t-red", x=f"{float(x) - BESIDE:.1f}", y=y, text_anchor="end"),
    ]


def _months(span: Span) -> Iterator[Markup]:
    """The months below the line, every second where there are many."""
    firsts = list(_firsts(span.first, span.last))
    every = 1 if len(firsts) <= FEW_MONTHS else -(-len(firsts) // FEW_MONTHS)
    for number, first in enumerate(firsts):
        if number % every == 0:
            yield el("text", say(f"{first.month}月", f"{first:%b}"), x=span.x(first), y=FOOT + 20)
            yield el("line", class_="k-grid", x1=span.x(first), x2=span.x(first), y1=FOOT, y2=FOOT + 5, stroke_width=1)


def _firsts(start: date, end: date) -> Iterator[date]:
    first = start.replace(day=1)
    while first <= end:
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
