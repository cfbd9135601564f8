"""Nothing leaks: from one round into another, from one authority, unit or stay into another, into a closed round.

The numbers are worked out by hand from `data-format.md`; 30 hours of self-study and 40 of online study are owed in a
year, half of them in a half-year.
"""

from datetime import date
from pathlib import Path

import pytest

from kaohe.ledger.metrics import Measure
from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.rounds.procedure import close_round
from kaohe.web.training.figures import figures_of, touched
from kaohe.web.training.models import Attendance
from tests.web.city import City, person, unit
from tests.web.training.book import Book, exported
from tests.web.training.loaded import NOW, move, round_at

MAY, JUNE_END, JULY, SEPTEMBER = date(2010, 5, 18), date(2010, 6, 30), date(2010, 7, 1), date(2010, 9, 10)


@pytest.fixture
def office(city: City) -> User:
    return User.objects.get(username="office")


def measure(a_round: Round, unit_code: str, metric: str) -> Measure:
    return figures_of(a_round)[unit_code].measures[metric]


def column(rows: list[list[str]], at: int = 0) -> list[str]:
    return [row[at] for row in rows]


def test_two_rounds_have_each_their_own_supplies_and_judgements(tmp_path: Path, city: City, office: User) -> None:
    top = city.units["0001"]
    year, half = round_at(top, office), round_at(top, office, "half_year")
    book = Book(top)
    book.supply(half, "D01", planned=10, received=7)
    book.judged(half, "D01", "A1", "self", "3")
    book.judged(year, "D01", "A1", "self", "4.5")

    assert measure(half, "D01", "textbook_rate") == (7, 10)
    assert measure(year, "D01", "textbook_rate") is None
    in_half, in_year = exported(half, tmp_path / "half"), exported(year, tmp_path / "year")
    assert (column(in_half["supplies"], 3), column(in_year["supplies"], 3)) == (["7"], [])
    assert (column(in_half["judgements"], 3), column(in_year["judgements"], 3)) == (["3.00"], ["4.50"])


def test_a_record_counts_in_the_rounds_in_whose_period_its_day_falls(tmp_path: Path, city: City, office: User) -> None:
    top = city.units["0001"]
    year, half = round_at(top, office), round_at(top, office, "half_year")
    book = Book(top)
    for code, day in (("old", date(2009, 12, 31)), ("a", JUNE_END), ("b", JULY), ("new", date(2011, 1, 1))):
        book.activity(code, "lecture", day)
        book.attended("P1" if code == "a" else "P2", code)
        book.contest("P3", code, day)
        book.tested("P3", day)
        book.bulletin("D02", day)

    assert (measure(half, "D01", "participation_rate"), measure(year, "D01", "participation_rate")) == ((1, 2), (2, 2))
    assert (measure(half, "D02", "appraisal_rate"), measure(half, "D02", "bulletin_count")) == ((1, 1), (1, 1))
    assert measure(year, "D02", "bulletin_count") == (2, 1)
    in_half, in_year = exported(half, tmp_path / "half"), exported(year, tmp_path / "year")
    for table, days in {"activities": ("a", "b"), "attendance": ("a", "b"), "contests": ("a", "b")}.items():
        assert (column(in_half[table]), column(in_year[table])) == ([days[0]], list(days))
    assert column(in_half["bulletins"], 1) == column(in_half["appraisals"], 1) == ["2010-06-30"]
    assert column(in_year["bulletins"], 1) == column(in_year["appraisals"], 1) == ["2010-06-30", "2010-07-01"]


def test_two_authorities_use_the_same_codes_for_different_things(tmp_path: Path, city: City, office: User) -> None:
    top, county = city.units["0001"], city.units["X01"]
    person("P1", unit("D01", county, name="县财政局"), "孙八")
    above, below = round_at(top, office), round_at(county, office)
    book, other = Book(top), Book(county)
    book.activity("A1", "lecture", MAY)
    book.attended("P1", "A1")
    book.bulletin("D01", MAY)
    other.activity("A1", "online", MAY, hours=40)
    other.attended("P1", "A1")

    assert measure(above, "D01", "participation_rate") == (1, 2)
    assert (measure(above, "D01", "online_rate"), measure(above, "D01", "bulletin_count")) == ((0, 2), (1, 1))
    assert measure(below, "D01", "participation_rate") == (1, 1)
    assert (measure(below, "D01", "online_rate"), measure(below, "D01", "bulletin_count")) == ((1, 1), (0, 1))
    assert exported(above, tmp_path / "above")["people"] == [
        ["P1", "张三", "D01", "", ""], ["P2", "李四", "D01", "", ""], ["P3", "王五", "D02", "", ""],
    ]  # fmt: skip
    assert exported(below, tmp_path / "below")["people"] == [
        ["P1", "孙八", "D01", "", ""], ["P4", "赵六", "X01-1", "", ""],
    ]  # fmt: skip


def test_a_change_of_one_authority_has_nothing_of_another_measured_again(city: City, office: User) -> None:
    above, below = round_at(city.units["0001"], office), round_at(city.units["X01"], office)
    for a_round in (above, below):
        a_round.figures.update(stale=False)

    touched(city.units["0001"].pk, ["D01"])

    assert list(above.figures.filter(stale=True).values_list("unit", flat=True)) == ["D01"]
    assert not below.figures.filter(stale=True).exists()


def test_what_people_did_before_a_merger_stays_with_the_old_unit(tmp_path: Path, city: City, office: User) -> None:
    top, old, new = (city.units[code] for code in ("0001", "D01", "D02"))
    a_round, book = round_at(top, office), Book(top)
    for code, day in (("may", MAY), ("sept", SEPTEMBER)):
        book.activity(code, "class", day, hours=40)
        book.quota(code, "D01" if code == "may" else "D02", 2)
        for trainee in ("P1", "P2"):
            book.attended(trainee, code, status="present" if (code, trainee) != ("may", "P2") else "leave")
    Unit.objects.filter(pk=old.pk).update(valid_to=JUNE_END, successor=new)
    for code in ("P1", "P2"):
        move(code, new, JULY)

    # the old unit: nobody is staff at the end of the year; it sent two, one for the whole class (5), one on leave (4)
    assert figures_of(a_round)["D01"].headcount == 0
    assert measure(a_round, "D01", "class_points") == (9, 2)
    assert measure(a_round, "D01", "quota_fill_rate") == (2, 2)
    # the new one: P3 and the two who came, who were there for the whole class in September
    assert figures_of(a_round)["D02"].headcount == 3
    assert measure(a_round, "D02", "class_points") == (10, 2)
    assert measure(a_round, "D02", "participation_rate") == (2, 3)
    found = exported(a_round, tmp_path / "out")
    former = sorted(row[0] for row in found["people"] if row[2] == "D01")
    assert [name.partition("~")[0] for name in former] == ["P1", "P2"]
    assert found["attendance"] == [
        ["may", former[0], "出勤", ""], ["may", former[1], "请假", ""], ["sept", "P1", "出勤", ""], ["sept", "P2", "出勤", ""],
    ]  # fmt: skip


def test_somebody_who_moved_in_mid_year_has_two_stays(tmp_path: Path, city: City, office: User) -> None:
    top = city.units["0001"]
    a_round, book = round_at(top, office), Book(top)
    book.activity("s1", "half_day", MAY, hours=20)
    book.activity("s2", "half_day", SEPTEMBER, hours=12)
    book.activity("w1", "online", JUNE_END, hours=39.5)
    book.activity("w2", "online", JULY, hours=40)
    for code in ("s1", "s2", "w1", "w2"):
        book.attended("P1", code)
    book.contest("P1", "c1", JUNE_END, level="province")
    book.contest("P1", "c2", JULY, level="city_final")
    before = (measure(a_round, "D01", "self_study_rate"), measure(a_round, "D01", "online_rate"))

    move("P1", city.units["D02"], JULY)
    touched(top.pk, None)

    # before: 20 + 12 = 32 of 30 hours, 79.5 of 40; one of the two in D01
    assert before == ((1, 2), (1, 2))
    # after: the stay in D01 is over, so only P2 is staff there
    assert measure(a_round, "D01", "self_study_rate") == (0, 1)
    # the stay in D02 has 12 hours of self-study and 40 online; P3 has none
    assert measure(a_round, "D02", "self_study_rate") == (0, 2)
    assert measure(a_round, "D02", "online_rate") == (1, 2)
    assert (measure(a_round, "D01", "province_entries"), measure(a_round, "D02", "province_entries")) == (
        (1, 1),
        (0, 1),
    )
    assert (measure(a_round, "D01", "city_finals"), measure(a_round, "D02", "city_finals")) == ((0, 1), (1, 1))
    stays = [row[2:] for row in exported(a_round, tmp_path / "out")["people"] if row[0].startswith("P1")]
    assert sorted(stays) == [["D01", "", "2010-07-01"], ["D02", "2010-07-01", ""]]


def test_later_changes_of_the_ledger_do_not_reach_a_closed_round(tmp_path: Path, city: City, office: User) -> None:
    top = city.units["0001"]
    closed, still_open = round_at(top, office), round_at(top, office, "half_year")
    book = Book(top)
    book.activity("a", "lecture", MAY)
    book.attended("P1", "a")
    book.supply(closed, "D01", 10, 7)
    close_round(closed.pk, office, NOW)
    closed.refresh_from_db()
    before, export = figures_of(closed), exported(closed, tmp_path / "before")

    later = Book(top)
    later.ends(Attendance.objects.get())
    later.attended("P1", "a", status="absent")
    later.attended("P2", "a")
    later.bulletin("D01", MAY)
    touched(top.pk, None)

    assert (figures_of(closed), exported(closed, tmp_path / "after")) == (before, export)
    assert measure(closed, "D01", "participation_rate") == (1, 2)
    assert not closed.figures.filter(stale=True).exists()
    # the same changes do reach the round that is open
    assert measure(still_open, "D01", "bulletin_count") == (1, 1)
    assert column(exported(still_open, tmp_path / "open")["attendance"], 2) == ["旷课", "出勤"]


def test_later_moves_of_people_do_not_reach_a_closed_round(tmp_path: Path, city: City, office: User) -> None:
    top = city.units["0001"]
    closed, still_open = round_at(top, office), round_at(top, office, "half_year")
    book = Book(top)
    book.activity("a", "class", MAY)
    book.attended("P1", "a")
    close_round(closed.pk, office, NOW)
    closed.refresh_from_db()
    before, export = figures_of(closed), exported(closed, tmp_path / "before")

    move("P1", city.units["D02"], date(2010, 3, 1))
    person("P8", city.units["D01"])
    touched(top.pk, None)
    closed.figures.update(stale=True)  # even if somebody measured it again

    assert (figures_of(closed), exported(closed, tmp_path / "after")) == (before, export)
    assert measure(closed, "D01", "class_points") == (5, 1)
    assert measure(still_open, "D02", "class_points") == (5, 1)


def test_a_change_that_is_still_being_written_shows_nowhere(tmp_path: Path, city: City, office: User) -> None:
    a_round, book = round_at(city.units["0001"], office), Book(city.units["0001"])
    type(book.change).objects.filter(pk=book.change.pk).update(settled_at=None)
    book.activity("a", "lecture", MAY)
    book.attended("P1", "a")

    assert measure(a_round, "D01", "participation_rate") == (0, 2)
    assert exported(a_round, tmp_path / "out")["activities"] == []
