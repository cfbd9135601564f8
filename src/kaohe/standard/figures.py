"""Exact figures: integers over integers in, decimals of two places out, rounded half up once."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Measure = tuple[int, int] | None
"""A metric as it is counted: (above the line, below the line). A count stands over 1; 0 below the
line means *absent* (nothing to measure); None means *missing* (the figures were never given)."""

HUNDREDTH = Decimal("0.01")


def half_up(value: Fraction, places: int = 2) -> Decimal:
    """Return a non-negative value rounded half up (四舍五入) to a fixed number of places.

    >>> half_up(Fraction(1, 8))
    Decimal('0.13')
    >>> half_up(Fraction(89995, 1000))
    Decimal('90.00')
    """
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def below_full(value: Fraction, full: Decimal) -> Decimal:
    """Round a score whose rate is below the whole: it never reaches the full points.

    Standard 2010, Arithmetic: 999 of 1,000 people give 4.99 of 5, not 5.00.

    >>> below_full(Fraction(999, 1000) * 5, Decimal(5))
    Decimal('4.99')
    """
    return min(half_up(value), full - HUNDREDTH)


def two_places(value: Decimal) -> Decimal:
    """Write a figure with both decimals, as every score is printed."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def written(value: Decimal | Fraction, metric: str = "") -> str:
    """Write a figure as a standard's file would: shortest exact form, a rate as a percentage.

    >>> written(Decimal("5.00")), written(Fraction(4, 5), "textbook_rate"), written(Fraction(1, 3))
    ('5', '80%', '1/3')
    """
    if metric.endswith("_rate"):
        return written(Fraction(value) * 100) + "%"
    exact, odd = Fraction(value), Fraction(value).denominator
    for factor in (2, 5):
        while odd % factor == 0:
            odd //= factor
    return str(exact) if odd > 1 else format((Decimal(exact.numerator) / exact.denominator).normalize(), "f")
