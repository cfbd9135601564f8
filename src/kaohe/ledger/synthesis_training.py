"""What was held in the synthetic city's year: activities, who attended them, and the quotas of classes.

Attendance comes out strictly sorted by (activity, person): a unit's activities carry its code in
front, units are taken by code, and the city's own activities (`S-…`) sort behind them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from kaohe.ledger.synthesis_calendar import day_of, half_days, monday, workday
from kaohe.ledger.synthesis_chance import Chance
from kaohe.ledger.synthesis_city import City, Person, Unit
from kaohe.ledger.synthesis_study import HALF_DAY_HOURS, Row, half_day_rows, hours_of, online_hours

TOPICS = (
    "公文写作", "公文处理", "汉字书写与记录", "电子政务", "语言表达", "调查研究", "政策法规", "仪表举止",
    "倾听记忆", "任务执行",
)  # fmt: skip
_CITY_LECTURES = (("03-17", 0), ("05-26", 3), ("09-15", 1), ("11-03", 5))
_UNIT_LECTURES = ("03-24", "04-21", "05-19", "06-23", "09-08", "10-20", "11-17", "12-08")
_ONLINE = (("网络在线学习（上学期）", "03-01", "06-28"), ("网络在线学习（下学期）", "07-01", "12-05"))
_ONLINE_PLANNED = "20.0"
_CLASSES = (
    ("公文写作骨干培训班", "04-12", 5), ("电子政务培训班", "05-10", 3), ("主题演讲培训班", "06-07", 4),
    ("调查研究培训班", "09-13", 5), ("公文处理培训班", "10-18", 3), ("科级公务员基本功培训班", "11-08", 5),
)  # fmt: skip
_HOURS_A_DAY = 60
_SMALLEST_WITH_QUOTA = 16


@dataclass(slots=True)
class Training:
    """A city's activities and quotas, and the attendance of what the city itself runs, by activity."""

    activities: list[Row] = field(default_factory=list)
    quotas: list[Row] = field(default_factory=list)
    by_city: dict[str, list[Row]] = field(default_factory=dict)


def attendance(city: City, training: Training) -> Iterator[list[Row]]:
    """Yield the attendance in sorted pieces, filling in `training` on the way: its lists are whole at the end."""
    _announce(city, training)
    for unit in sorted(city.units, key=lambda unit: unit.code):
        chance = city.stream(f"training/{unit.code}")
        yield _half_days(city, unit, training, chance)
        yield _lectures(city, unit, training, chance)
        _city_lectures(city, unit, training, chance)
        _online(city, unit, training, chance)
        _classes(city, unit, training, chance)
    for activity in sorted(training.by_city):
        yield training.by_city[activity]


def _announce(city: City, training: Training) -> None:
    """Enter the activities that the city runs."""
    for number, (day, topic) in enumerate(_CITY_LECTURES, 1):
        held = workday(city.year, day).isoformat()
        title = f"全市公务员基本功训练辅导讲座：{TOPICS[topic]}"
        _open(training, (f"{city.prefix}S-J{number}", "", "lecture", title, held, held, "3.0"))
    for number, (title, start, end) in enumerate(_ONLINE, 1):
        days = (day_of(city.year, start).isoformat(), day_of(city.year, end).isoformat())
        _open(training, (f"{city.prefix}S-W{number}", "", "online", title, *days, _ONLINE_PLANNED))
    for number, (title, start, length) in enumerate(_CLASSES, 1):
        first = monday(city.year, start)
        days = (first.isoformat(), (first + timedelta(days=length - 1)).isoformat())
        _open(training, (f"{city.prefix}S-T{number}", "", "class", title, *days, hours_of(length * _HOURS_A_DAY)))


def _open(training: Training, activity: Row) -> None:
    training.activities.append(activity)
    training.by_city[activity[0]] = []


def _half_days(city: City, unit: Unit, training: Training, chance: Chance) -> list[Row]:
    sessions = []
    for number, day in enumerate(half_days(city.year, chance, kept=0.66 + 0.22 * unit.quality), 1):
        activity, held = f"{unit.code}-B{number:02d}", day.isoformat()
        title = f"每周半日自学自练：{TOPICS[number % len(TOPICS)]}"
        training.activities.append((activity, unit.code, "half_day", title, held, held, HALF_DAY_HOURS))
        sessions.append((activity, day))
    return half_day_rows(chance, sessions, city.rolls[unit.code], unit.quality)


def _lectures(city: City, unit: Unit, training: Training, chance: Chance) -> list[Row]:
    days = sorted(chance.sample(_UNIT_LECTURES, chance.whole(2, 3) + round(3 * unit.quality)))
    rows: list[Row] = []
    for number, day in enumerate(days, 1):
        held, activity = workday(city.year, day), f"{unit.code}-J{number:02d}"
        title = f"{chance.choice(TOPICS)}专题讲座"
        training.activities.append(
            (activity, unit.code, "lecture", title, held.isoformat(), held.isoformat(), chance.choice(("2.0", "3.0")))
        )
        there = 0.78 + 0.2 * unit.quality
        rows += [(activity, person.id, *_listener(chance, there)) for person in city.in_post(unit, held)]
    return rows


def _listener(chance: Chance, there: float) -> tuple[str, str]:
    drawn = chance.share()
    if drawn < there:
        return "present", ""
    return ("leave", "") if drawn < there + (1 - there) * 0.85 else ("absent", "0")


def _city_lectures(city: City, unit: Unit, training: Training, chance: Chance) -> None:
    """A delegation of the unit, larger for a better one."""
    for number, (day, _) in enumerate(_CITY_LECTURES, 1):
        activity = f"{city.prefix}S-J{number}"
        people = city.in_post(unit, workday(city.year, day))
        share = chance.between(0.1, 0.2) + 0.15 * unit.quality
        training.by_city[activity] += [
            (activity, person.id, *_listener(chance, 0.93)) for person in people if chance.happens(share)
        ]


def _online(city: City, unit: Unit, training: Training, chance: Chance) -> None:
    """Hours by person as the provincial export has them; who never logged in is not in it."""
    for person in city.rolls[unit.code]:
        if person.idle or chance.happens(0.05 * (1 - unit.quality)):
            continue
        for number, tenths in enumerate(online_hours(chance, person, unit.quality, city.year), 1):
            activity = f"{city.prefix}S-W{number}"
            if tenths:
                training.by_city[activity].append((activity, person.id, "present", hours_of(tenths)))


def _classes(city: City, unit: Unit, training: Training, chance: Chance) -> None:
    """A quota for each class by size (none for the smallest), and whom the unit sent."""
    for number, (_, start, length) in enumerate(_CLASSES, 1):
        if unit.size < _SMALLEST_WITH_QUOTA or (unit.size < 40 and number % 2):
            continue
        activity = f"{city.prefix}S-T{number}"
        seats = max(1, round(unit.size / chance.between(45, 65)))
        training.quotas.append((activity, unit.code, str(seats)))
        sent = sum(chance.happens(0.42 + 0.6 * unit.quality) for _ in range(seats))
        if sent == seats and chance.happens(0.08):
            sent += 1
        people = city.in_post(unit, monday(city.year, start))
        chosen: list[Person] = sorted(chance.sample(people, sent), key=lambda person: person.id)
        training.by_city[activity] += [
            (activity, person.id, *_trainee(chance, length * _HOURS_A_DAY, unit.quality)) for person in chosen
        ]


def _trainee(chance: Chance, planned: int, quality: float) -> tuple[str, str]:
    """Status and hours at a class: whole, on the edge of the tenth that may be missed, on leave, or absent."""
    drawn = chance.share() * (0.62 + 0.38 * (1 - quality))
    if drawn < 0.5:
        return "present", ""
    if drawn < 0.58:
        return "present", hours_of(planned * 9 // 10)
    if drawn < 0.72:
        part = hours_of(planned * 7 // 10)
        return chance.choice((("present", part), ("leave", part), ("leave", "")))
    return chance.choice((("leave", "0"), ("leave", ""), ("absent", "")))
