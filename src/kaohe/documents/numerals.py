"""Figures as they are printed: exact, always on their own side of the border that they are compared with."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kaohe.standard.figures import half_up, two_places
from kaohe.standard.model import Language

MOST_PLACES = 12


def pick(language: Language, zh: str, en: str) -> str:
    """Return the sentence of one of the two languages."""
    return zh if language == "zh" else en


def points(value: Decimal) -> str:
    """Write a score: two decimals, always.

    >>> points(Decimal("4.5"))
    '4.50'
    """
    return str(two_places(value))


def plain(value: Decimal | Fraction | int) -> str:
    """Write a setting as a person would: no needless zeros; a fraction that does not end stays a fraction.

    >>> [plain(v) for v in (Decimal("10.00"), Decimal("0.5"), Fraction(5, 2), Fraction(2, 3))]
    ['10', '0.5', '2.5', '2/3']
    """
    exact = Fraction(value)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    return f"{(Decimal(exact.numerator) / Decimal(exact.denominator)).normalize():f}"


def share(value: Fraction) -> str:
    """Write a border that is a share of the whole as a percentage.

    >>> share(Fraction(4, 5)), share(Fraction(2, 3))
    ('80%', '2/3')
    """
    written = plain(value * 100)
    return plain(value) if "/" in written else written + "%"


def percent(value: Fraction, borders: Iterable[Fraction] = (), keeps: Callable[[Fraction], bool] | None = None) -> str:
    """Write a rate with two places, half up; with more only where two would tell an untruth.

    That is where rounding would carry the rate over one of `borders`, or where `keeps`, asked about
    the printed rate, says that the sum made from it is no longer the score.

    >>> percent(Fraction(43, 56)), percent(Fraction(79_999, 100_000), [Fraction(4, 5)])
    ('76.79%', '79.999%')
    """
    return _rounded(value * 100, [border * 100 for border in borders], lambda v: keeps is None or keeps(v / 100)) + "%"


def mean(value: Fraction, borders: Iterable[Fraction] = ()) -> str:
    """Write a mean with two places under the same care as `percent`."""
    return _rounded(value, list(borders), lambda _: True)


def _rounded(value: Fraction, borders: list[Fraction], keeps: Callable[[Fraction], bool]) -> str:
    for places in range(2, MOST_PLACES):
        printed = half_up(value, places)
        honest = all((value >= border) == (Fraction(printed) >= border) for border in borders)
        if honest and keeps(Fraction(printed)):
            return str(printed)
    return str(half_up(value, MOST_PLACES))


def day(value: date, language: Language) -> str:
    """Write a day as documents do: 2011年1月10日; 10 January 2011.

    >>> day(date(2011, 1, 10), "zh"), day(date(2011, 1, 10), "en")
    ('2011年1月10日', '10 January 2011')
    """
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def listed(names: Iterable[str], language: Language) -> str:
    """Join names: 甲、乙、丙; A, B and C.

    >>> listed(["A", "B", "C"], "en")
    'A, B and C'
    """
    parts = list(names)
    if language == "zh" or len(parts) < 2:
        return ("、" if language == "zh" else ", ").join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]
