"""The synthetic city's frame: its units, how good each is, and the people on each unit's roll."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kaohe.ledger.synthesis_calendar import workday
from kaohe.ledger.synthesis_chance import Chance
from kaohe.ledger.synthesis_names import invented_name

COUNTY, DEPARTMENT = "county", "department"
GROUP_TITLES = {COUNTY: "县区", DEPARTMENT: "部门"}
PEOPLE_IN_A_CITY = 6000

_COUNTIES = (
    ("210502", "平山区", 500), ("210503", "溪湖区", 430), ("210504", "明山区", 470), ("210505", "南芬区", 285),
    ("210521", "本溪满族自治县", 600), ("210522", "桓仁满族自治县", 555),
)  # fmt: skip
_DEPARTMENTS = (
    ("市政府办公厅", 118), ("市发展和改革委员会", 92), ("市经济和信息化委员会", 126), ("市教育局", 84),
    ("市科学技术局", 46), ("市民族和宗教事务局", 16), ("市公安局", 560), ("市监察局", 58), ("市民政局", 64),
    ("市司法局", 104), ("市财政局", 136), ("市人力资源和社会保障局", 122), ("市国土资源局", 112),
    ("市环境保护局", 88), ("市规划局", 54), ("市城乡建设委员会", 102), ("市房产局", 78),
    ("市城市管理综合行政执法局", 168), ("市交通局", 94), ("市水务局", 60), ("市农村经济委员会", 68),
    ("市林业局", 66), ("市畜牧兽医局", 30), ("市服务业委员会", 56), ("市对外贸易经济合作局", 50),
    ("市文化广电新闻出版局", 64), ("市卫生局", 86), ("市人口和计划生育委员会", 40), ("市审计局", 74),
    ("市国有资产监督管理委员会", 42), ("市体育局", 28), ("市统计局", 52), ("市安全生产监督管理局", 44),
    ("市食品药品监督管理局", 70), ("市旅游局", 22), ("市粮食局", 27), ("市人民防空办公室", 25),
    ("市外事侨务办公室", 17), ("市法制办公室", 13), ("市信访局", 20),
)  # fmt: skip
_EDITION = "m"
"""Another letter gives other cities for every seed; this one spreads the bands of the default seed plausibly."""
_LARGEST_DEPARTMENT = 6
_POOR, _GOOD = 4, 15
"""How many of a city's units are poor, and how many good; the others are middling."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. quality: from 0 (nothing is done) to 1 (everything is), and all its figures lean on it."""

    code: str
    name: str
    peer_group: str
    size: int
    quality: float


@dataclass(frozen=True, slots=True)
class Person:
    """A row of a roll. zeal: how far above or below the unit's habit (0 is the habit); idle: never there."""

    id: str
    name: str
    joined: date | None = None
    departed: date | None = None
    zeal: float = 0.0
    idle: bool = False

    def in_post(self, day: date) -> bool:
        """Say whether the person belongs to the unit on a day (`departed` is the first day no longer)."""
        return (self.joined is None or self.joined <= day) and (self.departed is None or day < self.departed)


@dataclass(frozen=True, slots=True)
class City:
    """A city: its number among those in the folder, the prefix of its keys, its units and their rolls by code."""

    seed: str
    year: int
    prefix: str
    units: tuple[Unit, ...]
    rolls: Mapping[str, tuple[Person, ...]]

    def stream(self, purpose: str) -> Chance:
        """Return the random numbers for one purpose: the same for the same city, apart from all others."""
        return Chance(f"{self.seed}/{purpose}")

    def in_post(self, unit: Unit, day: date) -> list[Person]:
        """Return who belongs to a unit on a day and really takes part, in the order of ids."""
        return [person for person in self.rolls[unit.code] if person.in_post(day) and not person.idle]


def found_city(seed: int, number: int, *, of: int, year: int) -> City:
    """Return city `number` of `of`. A city alone has plain codes; of several, each has a prefix (`C02-`)."""
    prefix = f"C{number:0{max(2, len(str(of)))}d}-" if of > 1 else ""
    own = f"{seed}{_EDITION}/{number}"
    units = _units(Chance(f"{own}/units"), prefix)
    return City(own, year, prefix, units, _rolls(Chance(f"{own}/people"), units, year))


def _units(chance: Chance, prefix: str) -> tuple[Unit, ...]:
    """The 46 units in the fixed official order, with seeded sizes that add up to 6,000."""
    frame = [(code, name, COUNTY, size) for code, name, size in _COUNTIES]
    frame += [(f"D{i:02d}", name, DEPARTMENT, size) for i, (name, size) in enumerate(_DEPARTMENTS, 1)]
    sizes = [max(12, round(size * chance.between(0.93, 1.07))) for *_, size in frame]
    sizes[len(_COUNTIES) + _LARGEST_DEPARTMENT] += PEOPLE_IN_A_CITY - sum(sizes)
    qualities = _qualities(chance, len(frame))
    city = f"第{prefix[1:-1]}" if prefix else ""
    return tuple(
        Unit(prefix + code, _local(city, name), group, size, quality)
        for (code, name, group, _), size, quality in zip(frame, sizes, qualities, strict=True)
    )


def _local(city: str, name: str) -> str:
    """A unit's name with its city's where there are several: 第02市教育局, 第02市平山区."""
    return city + name if name.startswith("市") or not city else f"{city}市{name}"


def _qualities(chance: Chance, count: int) -> list[float]:
    poor = [chance.between(0.08, 0.24) for _ in range(_POOR)]
    good = [chance.between(0.84, 1.0) for _ in range(_GOOD)]
    middling = [chance.between(0.36, 0.72) for _ in range(count - _POOR - _GOOD)]
    qualities = poor + middling + good
    chance.shuffle(qualities)
    return qualities


def _rolls(chance: Chance, units: tuple[Unit, ...], year: int) -> dict[str, tuple[Person, ...]]:
    rolls: dict[str, list[Person]] = {unit.code: [] for unit in units}
    movers: list[tuple[Unit, Person]] = []
    for unit in units:
        roll = rolls[unit.code]
        for number in range(1, unit.size + 1):
            person = _person(chance, unit, number, year)
            if person.departed and chance.happens(0.4):
                movers.append((unit, person))
            roll.append(person)
    for left, person in movers:
        new = chance.choice([unit for unit in units if unit is not left])
        roll = rolls[new.code]
        roll.append(Person(_person_id(new, len(roll) + 1), person.name, person.departed, None, person.zeal))
    return {code: tuple(roll) for code, roll in rolls.items()}


def _person_id(unit: Unit, number: int) -> str:
    return f"{unit.code}{number:04d}"


def _person(chance: Chance, unit: Unit, number: int, year: int) -> Person:
    joined = departed = None
    drawn = chance.share()
    if drawn < 0.015:
        joined = workday(year, chance.choice(("03-01", "07-12", "08-02", "09-01", "09-01", "10-11")))
    elif drawn < 0.037:
        departed = workday(year, f"{chance.whole(3, 12):02d}-{chance.whole(1, 20):02d}")
    elif drawn < 0.15:
        joined = date(year - chance.whole(1, 12), 1, 1) + timedelta(days=chance.whole(0, 364))
    idle = chance.happens(0.13 * (1 - unit.quality) ** 2 - 0.005)
    return Person(_person_id(unit, number), invented_name(chance), joined, departed, chance.around(0, 1), idle)


def unit_rows(city: City) -> list[tuple[str, ...]]:
    """Return the rows of `units`, in the official order."""
    return [(unit.code, unit.name, unit.peer_group) for unit in city.units]


def people_rows(city: City) -> list[tuple[str, ...]]:
    """Return the rows of `people`, unit by unit."""
    return [
        (person.id, person.name, unit.code, iso(person.joined), iso(person.departed))
        for unit in city.units
        for person in city.rolls[unit.code]
    ]


def iso(day: date | None) -> str:
    """Return a day as it is written in CSV; no day is an empty cell."""
    return day.isoformat() if day else ""
