"""A round in a few figures: what the office's home page shows of it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kaohe.standard.figures import half_up
from kaohe.web.rounds.models import Round
from kaohe.web.standing.city import City, UnitPoints, city_of

FURTHEST = 5
MINIMUMS = "self_study_rate", "online_rate"


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a round stands.

    self_study, online: how many of the staff have reached the minimum; mean, full: the measured points of a unit on
    average (None without units), and those of all measured criteria; furthest: the units that miss most, at most five.
    """

    units: int
    headcount: int
    self_study: int
    online: int
    mean: Decimal | None
    full: Decimal
    furthest: tuple[UnitPoints, ...]


def overview_of(a_round: Round) -> Overview:
    """Sum a round up, with two queries and none on the ledger, where its figures are kept and its standard is loaded."""
    return overview(city_of(a_round))


def overview(city: City) -> Overview:
    """Sum up units that are scored already."""
    points = sum((unit.points for unit in city.units), Decimal(0))
    reached = [sum((unit.metrics.measures[name] or (0, 0))[0] for unit in city.units) for name in MINIMUMS]
    return Overview(
        units=len(city.units),
        headcount=city.headcount,
        self_study=reached[0],
        online=reached[1],
        mean=half_up(Fraction(points) / len(city.units)) if city.units else None,
        full=city.full,
        furthest=city.behind(FURTHEST),
    )
