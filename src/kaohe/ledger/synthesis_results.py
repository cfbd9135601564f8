"""What the synthetic city's units can show besides training: contests, supplies, appraisals and bulletins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kaohe.ledger.synthesis_calendar import workday
from kaohe.ledger.synthesis_chance import Chance
from kaohe.ledger.synthesis_city import City, Person, Unit
from kaohe.ledger.synthesis_study import Row
from kaohe.ledger.synthesis_training import TOPICS

_PRIZES = ("一等奖", "二等奖", "二等奖", "三等奖", "三等奖", "三等奖", "优秀奖", "优秀奖", "优秀奖")
_NEWS = ("举办{}专题训练", "部署下一阶段基本功训练", "开展{}练兵活动", "召开基本功训练推进会", "组织{}测试")
_BULLETIN_MIX = ("news",) * 7 + ("experience",) * 2 + ("problem",)
_EXPERIENCE = ("以赛促训抓{}的做法", "结对帮带提高{}水平的体会", "把{}训练融入日常工作")
_PROBLEM = ("{}训练师资不足的情况反映", "基层人员{}训练时间难保证", "建议增配{}教材")


@dataclass(frozen=True, slots=True)
class _Contest:
    id: str
    kind: str
    level: str
    day: date

    def row(self, person: Person, place: str) -> Row:
        return (self.id, self.kind, self.level, person.id, self.day.isoformat(), place)


@dataclass(frozen=True, slots=True)
class _Season:
    """One kind of contest through the year: its days (no final where empty), how likely a unit is to enter,
    how many reach the final and how many the province.
    """

    id: str
    kind: str
    heat: str
    final: str
    province: str
    likely: float
    finalists: int
    sent: int


_SEASONS = (
    _Season("K1", "writing", "06-09", "06-24", "11-18", likely=0.62, finalists=13, sent=3),
    _Season("K2", "speech", "09-09", "10-21", "11-25", likely=0.45, finalists=11, sent=2),
    _Season("K3", "other", "07-08", "", "10-28", likely=0.1, finalists=0, sent=2),
)


def contest_rows(city: City) -> list[Row]:
    """Return the contests of the year at four levels: the units' own, the city's, its finals, the province's."""
    chance = city.stream("contests")
    rows = [row for unit in city.units for row in _own_contest(city, unit, chance)]
    for season in _SEASONS:
        entered = _entrants(city, chance, season, workday(city.year, season.heat))
        rows += _from_heat_to_province(city, chance, season, entered)
    return rows


def _own_contest(city: City, unit: Unit, chance: Chance) -> Iterable[Row]:
    """A unit's own drafting contest, which better units hold in spring."""
    if not chance.happens(0.25 + 0.8 * unit.quality):
        return
    day = workday(city.year, chance.choice(("04-27", "05-11", "08-31")))
    contest = _Contest(f"{unit.code}-K1", "writing", "unit", day)
    people = city.in_post(unit, contest.day)
    for at, person in enumerate(chance.sample(people, chance.whole(4, 12))):
        yield contest.row(person, str(at + 1) if at < 3 else "")


def _entrants(city: City, chance: Chance, season: _Season, day: date) -> list[Person]:
    """Who enters the city's contest, best first: one to three people of most units."""
    entered = []
    for unit in city.units:
        if chance.happens(season.likely + 0.6 * unit.quality):
            for person in chance.sample(city.in_post(unit, day), chance.whole(1, 3)):
                entered.append((unit.quality + chance.around(0, 0.22), person))
    return [person for _, person in sorted(entered, key=lambda entry: (-entry[0], entry[1].id))]


def _from_heat_to_province(city: City, chance: Chance, season: _Season, best: Sequence[Person]) -> list[Row]:
    """The city's contest of a kind, its final, and who goes on to the province."""
    number = f"{city.prefix}S-{season.id}"
    heat = _Contest(number, season.kind, "city", workday(city.year, season.heat))
    rows = [heat.row(person, _place(_PRIZES, at)) for at, person in enumerate(best)]
    if season.final:
        final = _Contest(f"{number}F", season.kind, "city_final", workday(city.year, season.final))
        finalists = [person for person in best if person.in_post(final.day)][: season.finalists]
        rows += [final.row(person, _place(("1", "2", "3", "4", "5", "6"), at)) for at, person in enumerate(finalists)]
    province = _Contest(f"{number}P", season.kind, "province", workday(city.year, season.province))
    sent = [person for person in best if person.in_post(province.day)][: season.sent]
    return rows + [province.row(person, chance.choice(("三等奖", "优秀奖", "无", ""))) for person in sent]


def _place(prizes: Sequence[str], at: int) -> str:
    return prizes[at] if at < len(prizes) else ""


def supply_rows(city: City) -> list[Row]:
    """Return textbooks and handbooks of every unit: what was allotted, what arrived."""
    chance = city.stream("supplies")
    rows: list[Row] = []
    for unit in city.units:
        staff = sum(person.departed is None for person in city.rolls[unit.code])
        planned = max(1, round(staff * chance.between(0.85, 1.0)))
        textbooks = round(planned * min(1.04, chance.between(0.36, 0.52) + 0.56 * unit.quality))
        missing = max(0.0, 0.34 * (0.86 - unit.quality) + chance.between(-0.06, 0.02))
        rows.append((unit.code, "textbook", str(planned), str(textbooks)))
        rows.append((unit.code, "handbook", str(staff), str(staff - round(staff * missing))))
    return rows


def appraisal_rows(city: City) -> list[Row]:
    """Return the tests at mid-year and at the year's end. A unit marks out of a hundred, or in words."""
    chance = city.stream("appraisals")
    rows: list[Row] = []
    for unit in city.units:
        in_marks = chance.happens(0.5)
        share = min(1.0, 0.5 + 0.56 * unit.quality)
        for tested_on in (f"06-{chance.whole(21, 28)}", f"12-{chance.whole(1, 10):02d}"):
            day = workday(city.year, tested_on)
            tested = [person for person in city.in_post(unit, day) if chance.happens(share)]
            rows += [(person.id, day.isoformat(), _mark(chance, in_marks, person)) for person in tested]
    return rows


def _mark(chance: Chance, in_marks: bool, person: Person) -> str:
    level = person.zeal + chance.around(0, 0.8)
    if in_marks:
        return str(min(100, max(48, round(82 + 6 * level))))
    return "良好" if level > 0.9 else "合格" if level > -2.4 else "不合格"


def bulletin_rows(city: City) -> list[Row]:
    """Return what the units reported through the year: news, experience, problems."""
    chance = city.stream("bulletins")
    kinds = {"news": _NEWS, "experience": _EXPERIENCE, "problem": _PROBLEM}
    rows: list[Row] = []
    for unit in city.units:
        days = sorted(chance.whole(25, 354) for _ in range(max(0, round(10 * unit.quality + chance.around(1, 1.5)))))
        for number in days:
            day = workday(city.year, f"{date(city.year, 1, 1) + timedelta(days=number):%m-%d}")
            kind = chance.choice(_BULLETIN_MIX)
            title = unit.name.removeprefix("市") + chance.choice(kinds[kind]).format(chance.choice(TOPICS))
            rows.append((unit.code, day.isoformat(), kind, title))
    return rows
