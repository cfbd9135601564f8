"""A round in words: its period, what it is called, numbers of units by group."""

from collections.abc import Iterable
from datetime import date

from kaohe.assessment.result import Round, RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.content import Paragraph
from kaohe.documents.numerals import day, listed, pick
from kaohe.documents.round_figures import groups_present
from kaohe.standard.model import Language, Standard

NUMERALS = "零一二三四五六七八九十"
DECEMBER = 12
_PERIODS = {
    (1, 12): ("{year}年度", "{year}"),
    (1, 6): ("{year}年上半年", "the first half of {year}"),
    (7, 12): ("{year}年下半年", "the second half of {year}"),
}


def period(a_round: Round, language: Language) -> str:
    """Name the period of a round: 2010年度, 2010年上半年; by its days where it has no name."""
    months = a_round.start.month, a_round.end.month
    named = _PERIODS.get(months) if a_round.start.year == a_round.end.year else None
    if named and a_round.start.day == 1:
        return pick(language, *named).format(year=a_round.end.year)
    return span(a_round, language)


def span(a_round: Round, language: Language) -> str:
    """Write a round's days: 2010年1月1日至12月31日."""
    first, last = day(a_round.start, language), day(a_round.end, language)
    if language == "zh" and a_round.start.year == a_round.end.year:
        last = last.partition("年")[2]
    return pick(language, f"{first}至{last}", f"{first} to {last}")


def round_title(result: RoundResult, language: Language) -> str:
    """Name a round as the standard does: 2010年全年考核; annual round of 2010."""
    a_round, title = result.round, result.standard.rounds[result.round.kind].title.within(language)
    return pick(language, f"{a_round.year}年{title}", f"{title} of {a_round.year}")


def year_of_issue(a_round: Round) -> int:
    """The year in which a circular on the round goes out: the next one where the round ends in December."""
    return a_round.end.year + (a_round.end.month == DECEMBER)


def next_due(standard: Standard, a_round: Round) -> tuple[str, int, date] | None:
    """The next round after this one: its kind, its year, and the day on which its reports are due."""
    this = standard.rounds[a_round.kind].due_on(a_round.year)
    coming = [
        (rounds.due_on(year), kind, year)
        for kind, rounds in standard.rounds.items()
        for year in (a_round.year, a_round.year + 1)
        if rounds.due_on(year) > this
    ]
    if not coming:
        return None
    due, kind, year = min(coming)
    return kind, year, due


def numeral(number: int) -> str:
    """Write a small number in Chinese.

    >>> [numeral(n) for n in (1, 10, 12, 20, 23)]
    ['一', '十', '十二', '二十', '二十三']
    """
    tens, ones = divmod(number, 10)
    if number <= len(NUMERALS) - 1:
        return NUMERALS[number]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")


def numbered(parts: Iterable[tuple[str, str]], language: Language) -> list[Paragraph]:
    """Number paragraphs of the second level: （一）自查自评。; (1) Self-assessment."""
    return [
        Paragraph(text, pick(language, f"（{numeral(n)}）{lead}。", f"({n}) {lead}."))
        for n, (lead, text) in enumerate(parts, 1)
    ]


def by_group(result: RoundResult, units: Iterable[UnitResult], language: Language) -> str:
    """Say how many units of each group there are: 自治县、区1个，市政府部门16个; 均为… where one group has all."""
    codes = {unit.unit.code for unit in units}
    present = [(group, sum(u.unit.code in codes for u in members)) for group, members in groups_present(result)]
    found = [(group, count) for group, count in present if count]
    if len(found) == 1 and len(present) > 1:
        title = found[0][0].units.within(language)
        return pick(language, f"均为{title}", f"all of them {title}")
    if language == "zh":
        return "，".join(f"{group.units.zh}{count}个" for group, count in present)
    return ", ".join(f"{group.units.en}: {count}" for group, count in present)


def count_units(number: int) -> str:
    """Write so many units in English.

    >>> count_units(1), count_units(2)
    ('1 unit', '2 units')
    """
    return f"{number} unit" if number == 1 else f"{number} units"


def names(units: Iterable[UnitResult], language: Language) -> str:
    """List units by name in the order given."""
    return listed((unit.unit.name for unit in units), language)
