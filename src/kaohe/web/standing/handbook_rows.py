"""The rows of a handbook's lists: activities by form, classes, contests and tests, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from kaohe.documents.record import Attended, Form, Record
from kaohe.documents.record_wording import (
    days,
    form_title,
    hours,
    kind_title,
    level_title,
    placing,
    result_sentence,
    status_word,
)
from kaohe.web.lang.choice import say, spoken
from kaohe.web.pages.parts import Tab

LISTED: tuple[Form, ...] = ("lecture", "half_day", "online")
"""The forms of the list of activities, in its order; classes have a list of their own."""
SIGNS = {"leave": "late", "absent": "miss"}


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity; sign: of a state, empty of whoever was there; note: time attended that does not count."""

    days: str
    title: str
    planned: str
    counted: str
    sign: str
    status: str
    note: str
    unit: str


@dataclass(frozen=True, slots=True)
class ActivitySection:
    """The activities of one form on a page; `note` sums all of them up."""

    title: str
    note: str
    rows: tuple[ActivityRow, ...]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class with what the rule of attendance finds; `points` is empty where the standard has no such rule."""

    days: str
    title: str
    planned: str
    there: str
    sign: str
    status: str
    result: str
    points: str
    unit: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """A contest or a test: its day, what is known of it, and the unit for which it counts."""

    day: str
    cells: tuple[str, ...]
    unit: str


def form_asked(query: Mapping[str, str]) -> str:
    """Read which form is asked for; empty for all."""
    said = query.get("form", "")
    return said if said in LISTED else ""


def form_tabs(record: Record, asked: str) -> tuple[Tab, ...]:
    """Return the filter by form with its counts."""
    tabs = [Tab("?", say("全部", "All"), len(record.of(*LISTED)), not asked)]
    for form in LISTED:
        tabs.append(Tab(f"?form={form}", form_title(form, spoken()), len(record.of(form)), form == asked))
    return tuple(tabs)


def activities_of(record: Record, asked: str) -> tuple[Attended, ...]:
    """Return the activities that are asked for, form by form and in the order of their days."""
    return tuple(one for form in LISTED if asked in ("", form) for one in record.of(form))


def sections_of(record: Record, shown: Sequence[Attended]) -> tuple[ActivitySection, ...]:
    """Return the activities of a page under their forms."""
    return tuple(
        ActivitySection(
            form_title(form, spoken()), _summed(form, record), tuple(_activity(one, record) for one in rows)
        )
        for form, rows in groupby(shown, lambda one: one.form)
    )


def _summed(form: Form, record: Record) -> str:
    found = record.of(form)
    there = sum(one.status == "present" for one in found)
    done = hours(record.hours(form).done)
    return say(
        f"{len(found)} 次，出勤 {there} 次，计 {done} 学时",
        f"{len(found)}, present at {there}, {done} h",
    )


def _activity(one: Attended, record: Record) -> ActivityRow:
    other = one.there if one.status != "present" else 0
    return ActivityRow(
        days=_days(one),
        title=one.title,
        planned=hours(one.planned),
        counted=hours(one.counts),
        sign=SIGNS.get(one.status, ""),
        status=status_word(one.status, spoken()),
        note=say(f"实到 {hours(other)}，不计", f"there {hours(other)}, not counted") if other else "",
        unit=record.unit_of(one.stay),
    )


def _class(one: Attended, record: Record, scored: bool) -> ClassRow:
    return ClassRow(
        days=_days(one),
        title=one.title,
        planned=hours(one.planned),
        there=hours(one.there),
        sign=SIGNS.get(one.status, ""),
        status=status_word(one.status, spoken()),
        result=result_sentence(one, spoken()),
        points=str(one.points) if scored else "",
        unit=record.unit_of(one.stay),
    )


def classes_of(record: Record, scored: bool) -> tuple[ClassRow, ...]:
    """Return the classes; `scored`: whether the standard has a rule of attendance."""
    return tuple(_class(one, record, scored) for one in record.of("class"))


def contests_of(record: Record) -> tuple[FactRow, ...]:
    """Return the contests: kind, level, contest, placing."""
    language = spoken()
    return tuple(
        FactRow(
            _day(one.held_on),
            (
                kind_title(one.kind, language),
                level_title(one.level, language),
                one.contest,
                placing(one.place, language),
            ),
            record.unit_of(one.stay),
        )
        for one in record.contests
    )


def tests_of(record: Record) -> tuple[FactRow, ...]:
    """Return the tests with their results."""
    return tuple(FactRow(_day(one.tested_on), (one.result,), record.unit_of(one.stay)) for one in record.tests)


def _days(one: Attended) -> str:
    return days(one.starts_on, one.ends_on, spoken())


def _day(day: date) -> str:
    return days(day, day, spoken())
