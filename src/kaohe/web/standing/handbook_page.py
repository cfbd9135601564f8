"""A handbook as its page shows it: what is owed first, then hours, activities, classes, contests and tests, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from kaohe.documents.charts import score_bar
from kaohe.documents.record import OWED, Form, Record
from kaohe.documents.record_wording import (
    attendance_basis,
    attendance_rule,
    hours,
    hours_title,
)
from kaohe.standard.model import Standard
from kaohe.web.lang.choice import say, spoken
from kaohe.web.lang.dates import day_text, full_day_text
from kaohe.web.organisation.models import Person
from kaohe.web.pages.parts import Fact, Tab, Task
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.wording import distance, due_text, period_text, round_title, version_title
from kaohe.web.standing.handbook import Lacking, Owed, owed_of
from kaohe.web.standing.handbook_chart import step_line
from kaohe.web.standing.handbook_rows import ClassRow, FactRow, classes_of, contests_of, tests_of

HOURS_OWED: frozenset[Lacking] = frozenset({"self_study", "online"})


@dataclass(frozen=True, slots=True)
class HoursPart:
    """The hours of one kind: figures, the finding of their picture, and of whoever moved the hours of each stay."""

    title: str
    wanted: str
    done: str
    lacking: str
    reached: bool
    bar: SafeString
    finding: str
    picture: SafeString
    stays: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The hours of one kind month by month; empty where nothing is recorded."""

    title: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class StayRow:
    """A stretch at a unit."""

    unit: str
    joined: date | None
    departed: date | None
    counted: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A handbook's page, but for its list of activities.

    sub: one sentence that says where things stand; apart: why nothing is owed, where the unit's rates do not count the
    person; tasks: what is owed; remarks: what the present unit's rates do not count of somebody who moved; rule: clause
    and rule of attendance at classes.
    """

    name: str
    title: str
    sub: str
    apart: str
    tasks: tuple[Task, ...]
    remarks: tuple[str, ...]
    hours: tuple[HoursPart, ...]
    months: tuple[str, ...]
    month_rows: tuple[MonthRow, ...]
    classes: tuple[ClassRow, ...]
    rule: str
    contests: tuple[FactRow, ...]
    tests: tuple[FactRow, ...]
    facts: tuple[Fact, ...]
    stays: tuple[StayRow, ...]
    moved: bool


def book_of(record: Record, a_round: Round, standard: Standard, today: date) -> Book:
    """Put a record into words, in the language that is being spoken, as it is on a day."""
    owed = owed_of(record, standard)
    return Book(
        name=record.name,
        title=round_title(a_round),
        sub=_sub(record, owed, a_round, today),
        apart=_apart(record),
        tasks=tuple(_task(what, owed, a_round, today) for what in owed.lacking),
        remarks=tuple(_remarks(record, owed)),
        hours=tuple(_hours(form, record, today) for form in OWED),
        months=tuple(say(f"{one.first.month}月", f"{one.first:%b}") for one in record.months()),
        month_rows=tuple(_month_row(form, record) for form in OWED),
        classes=classes_of(record, attendance_rule(standard) is not None),
        rule=attendance_basis(standard, a_round.kind, spoken()),
        contests=contests_of(record),
        tests=tests_of(record),
        facts=_facts(record, a_round, today),
        stays=tuple(StayRow(one.unit, one.joined, one.departed, one.counted) for one in reversed(record.stays)),
        moved=record.moved,
    )


def rounds_of(person: Person) -> tuple[Round, ...]:
    """Return the rounds in which a person has a handbook: of units at which the person was, the latest first."""
    theirs = Round.objects.filter(authority=person.authority_id, units__unit__postings__person=person)
    return tuple(theirs.exclude(state=State.DRAFT).select_related("standard").distinct())


def round_tabs(rounds: Sequence[Round], person: Person, shown: Round) -> tuple[Tab, ...]:
    """Return the choice of a round, where there is one to choose."""
    if {one.pk for one in rounds} <= {shown.pk}:
        return ()
    return tuple(
        Tab(reverse("handbook", args=[one.pk, person.pk]), round_title(one), current=one.pk == shown.pk)
        for one in rounds
    )  # fmt: skip


def _hours(form: Form, record: Record, today: date) -> HoursPart:
    told, title = record.hours(form), hours_title(form, spoken())
    finding = _finding(title, told.done, told.wanted)
    period = record.period.start, record.period.end
    counted = [stay for stay in record.stays if stay.counted] if record.moved else []
    return HoursPart(
        title=title,
        wanted=hours(told.wanted) if told.wanted else say("不作要求", "none asked"),
        done=hours(told.done),
        lacking=hours(told.lacking) if told.lacking and record.staff else "",
        reached=told.wanted > 0 and not told.lacking,
        bar=SafeString(score_bar(told.done, told.wanted, label=finding, width=150, height=10)),
        finding=finding,
        picture=SafeString(step_line(record.of(form), told.wanted, period, record.due, today, finding)),
        stays=tuple((stay.unit, hours(record.hours(form, stay.number).done)) for stay in counted),
    )


def _finding(title: str, done: int, wanted: int) -> str:
    """What the picture of the hours of a kind shows."""
    if not wanted:
        return say(f"{title}：{hours(done)} 学时", f"{title}: {hours(done)} h")
    if done >= wanted:
        return say(
            f"{title}：{hours(done)} 学时，已满 {hours(wanted)}", f"{title}: {hours(done)} h, {hours(wanted)} reached"
        )
    return say(
        f"{title}：{hours(done)} 学时，还差 {hours(wanted - done)}",
        f"{title}: {hours(done)} h, {hours(wanted - done)} still owed",
    )


def _month_row(form: Form, record: Record) -> MonthRow:
    title = say("自学自练", "Self-study") if form == "half_day" else say("网络学习", "Online")
    cells = tuple(hours(one.done[form]) if form in one.done else "" for one in record.months())
    return MonthRow(title, cells, hours(record.hours(form).done))


def _last_day(a_round: Round, today: date) -> date:
    """The day up to which it helps: that of the units' report while it is to come, then the last of the period."""
    return a_round.due if today <= a_round.due <= a_round.end else a_round.end


def _closed_on(a_round: Round) -> date | None:
    """The day on which a round closed; None while it takes records."""
    return timezone.localdate(a_round.closed_at) if a_round.state == State.CLOSED and a_round.closed_at else None


def _task(what: Lacking, owed: Owed, a_round: Round, today: date) -> Task:
    """What is owed, and by when; of a round that is over, what was owed when it closed."""
    title, text = {
        "self_study": lambda: _hours_task("half_day", owed.self_minutes, owed.self_wanted),
        "online": lambda: _hours_task("online", owed.online_minutes, owed.online_wanted),
        "training": lambda: (
            say("还没有参加过训练", "No training yet"),
            say("任何一种训练出勤一次就计入参训率。", "Presence at any one activity counts for participation."),
        ),
        "test": lambda: (
            say("还没有测评记录", "No test recorded yet"),
            say("已经测评过的，告诉本单位专人记入台账。", "If you were tested, have the unit's officer record it."),
        ),
    }[what]()
    closed = _closed_on(a_round)
    if closed:
        return Task(day_text(closed), say("结束时", "when it closed"), title, text if what in HOURS_OWED else "")
    last = _last_day(a_round, today)
    return Task(day_text(last), distance(last, today), title, text, over=last < today)


def _hours_task(form: Form, done: int, wanted: int) -> tuple[str, str]:
    title, lacking = hours_title(form, spoken()), hours(wanted - done)
    return (
        say(f"{title}还差 {lacking} 学时", f"{title}: {lacking} h still owed"),
        say(f"要求 {hours(wanted)} 学时，已完成 {hours(done)}。", f"{hours(wanted)} h asked, {hours(done)} done."),
    )


def _remarks(record: Record, owed: Owed) -> Iterator[str]:
    """What the present unit lacks of somebody's hours because others were done before the move."""
    if not record.moved or record.staff is None:
        return
    counted: tuple[tuple[Form, int, int], ...] = (
        ("half_day", owed.self_here, owed.self_wanted),
        ("online", owed.online_here, owed.online_wanted),
    )
    for form, here, wanted in counted:
        if here < wanted:
            title, unit = hours_title(form, spoken()), record.staff.unit
            yield say(
                f"{unit}的达标率只计在该单位期间的{title} {hours(here)} 学时，按此还差 {hours(wanted - here)}。",
                f"{unit} counts only what was done there: {title.lower()} {hours(here)} h, {hours(wanted - here)} short.",
            )


def _sub(record: Record, owed: Owed, a_round: Round, today: date) -> str:
    last = record.last
    at = "，".join(filter(None, (last.unit, record.post))) if last else ""
    said = say(f"{at}。", f"{at.replace('，', ', ')}. ") if at else ""
    said += say(f"{round_title(a_round)}，", f"{round_title(a_round)}: ")
    if record.staff is None:
        return said + say("单位的比率不计本人。", "not counted by the rates of a unit.")
    if not owed.lacking:
        return said + say("要求的都已完成。", "all that is asked is done.")
    number = len(owed.lacking)
    if _closed_on(a_round):
        return said + say(f"已结束，结束时还缺 {number} 项。", f"closed; owed when it closed: {number}.")
    end = _last_day(a_round, today)
    return said + say(
        f"还缺 {number} 项，{day_text(end)}前补齐，{distance(end, today)}。",
        f"still owed: {number}, by {day_text(end)} ({distance(end, today)}).",
    )


def _apart(record: Record) -> str:
    """Why the rates of a unit do not count the person; empty where one does."""
    counted = [stay for stay in record.stays if stay.counted]
    if record.staff is not None:
        return ""
    if not counted:
        return say("不在本轮考核的单位。", "At no unit that this round assesses.")
    last = counted[-1]
    if last.departed is None:
        day = _full_day(last.joined)
        return say(f"{day}到岗，在考核期之后。", f"Came on {day}, after the period.")
    day = _full_day(last.departed)
    return say(
        f"{day}已离开{last.unit}，考核期末不在册。", f"Left {last.unit} on {day}, not there when the period ends."
    )


def _full_day(day: date | None) -> str:
    return full_day_text(day) if day else ""


def _facts(record: Record, a_round: Round, today: date) -> tuple[Fact, ...]:
    return (
        Fact(say("编号", "Code"), record.code),
        Fact(say("职务", "Post"), record.post),
        Fact(say("考核期", "Period"), period_text(a_round.start, a_round.end)),
        Fact(say("单位上报截止", "Reports due"), due_text(a_round.due, today)),
        Fact(say("标准", "Standard"), version_title(a_round.standard)),
    )
