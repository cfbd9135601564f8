"""A person's handbook: what the ledger has, what is owed, to whom it is shown; and the sheet that is printed of it."""

import io
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from kaohe.documents.record import Record
from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person
from kaohe.web.rounds.models import Round, State
from kaohe.web.standing.handbook import owed_by, record_of
from kaohe.web.training.figures import measured_rows
from kaohe.web.training.models import Activity, Appraisal, Attendance, ContestEntry
from random_city import random_city, write_city
from tests.depth import deep
from tests.web.city import City, person
from tests.web.conftest import SignIn
from tests.web.training.loaded import change_of, close, load, move, round_at

TODAY = date(2010, 11, 20)
JUNE = date(2010, 6, 1)


class Book:
    """The handbook of somebody of the city, and the hand that writes into the ledger."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.round = round_at(city.units["0001"], User.objects.get(username="office"))
        self.since = change_of(city.units["0001"]).number

    def write(self, model: Any, **values: object) -> None:
        model.objects.create(authority=self.round.authority, since=self.since, **values)

    def activity(
        self, form: str, hours: float, *, who: str = "P1", on: date = JUNE, status: str = "present",
        spent: float | None = None, title: str = "活动",
    ) -> None:  # fmt: skip
        code = f"A{Activity.objects.count():03}"
        self.write(Activity, code=code, form=form, title=title, starts_on=on, ends_on=on, minutes=int(hours * 60))
        minutes = None if spent is None else int(spent * 60)
        self.write(Attendance, activity=code, person=who, status=status, minutes=minutes)

    def fulfilled(self, who: str = "P1") -> None:
        self.activity("half_day", 30, who=who)
        self.activity("online", 40, who=who)
        self.write(Appraisal, person=who, tested_on=JUNE, result="合格")

    def address(self, who: str = "P1", more: str = "") -> str:
        return f"/rounds/{self.round.pk}/people/{self.city.people[who].pk}/{more}"

    def record(self, who: str = "P1") -> Record:
        return record_of(self.round, self.city.people[who])


@pytest.fixture
def book(city: City, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    return Book(city)


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def spread(rng: random.Random, a_round: Round, number: int) -> None:
    """Have some people move to another unit on some day of the year."""
    units = [one.unit for one in a_round.units.select_related("unit__authority")]
    people = Person.objects.filter(authority=a_round.authority, postings__departed=None, postings__joined=None)
    for code in rng.sample(sorted(people.values_list("code", flat=True)), min(number, people.count())):
        move(code, rng.choice(units), date(2010, rng.randint(1, 12), rng.randint(1, 28)))


def counted(records: Iterable[Record], wanted: str) -> dict[str, int]:
    """What `metrics.sql` says of a unit, added up from the handbooks of its people."""
    row = dict.fromkeys(
        ("headcount", "self_studied", "studied_online", "took_part", "appraised", "class_points", "class_rows"), 0
    )
    for record in records:
        for one in record.of("class"):
            if any((stay.number, stay.code) == (one.stay, wanted) for stay in record.stays):
                row["class_points"] += one.points
                row["class_rows"] += 1
        if record.staff is None or record.staff.code != wanted:
            continue
        stay = record.staff.number
        row["headcount"] += 1
        row["self_studied"] += not record.hours("half_day", stay).lacking
        row["studied_online"] += not record.hours("online", stay).lacking
        row["took_part"] += any(one.status == "present" and one.stay == stay for one in record.attended)
        row["appraised"] += any(test.stay == stay for test in record.tests)
    return row


@pytest.mark.parametrize("seed", range(deep(4, 15)))
@pytest.mark.parametrize("moves", [0, 8])
def test_the_handbooks_of_a_unit_add_up_to_its_figures(tmp_path: Path, city: City, seed: int, moves: int) -> None:
    rng = random.Random(seed)
    write_city(random_city(rng, ("plain", "edge days", "disputed", "idle")[seed % 4]), tmp_path / "city")
    a_round = load(tmp_path / "city", city.units["9001"], User.objects.get(username="office")).round
    spread(rng, a_round, moves)

    records = [record_of(a_round, one) for one in Person.objects.filter(authority=a_round.authority)]

    for code, row in measured_rows(a_round).items():
        found = counted(records, code)
        assert found == {name: row[name] for name in found}, code


# --- what is owed


def test_what_is_owed_stands_first_with_its_hours_and_its_day(book: Book, signed_in: SignIn) -> None:
    book.activity("half_day", 23.5)
    book.activity("online", 40)

    page = shown(signed_in("office"), book.address())

    assert "还缺 2 项，11月30日前补齐，还有 10 天。" in page
    assert page.index("“每周半日”自学自练还差 6.5 学时") < page.index("还没有测评记录") < page.index("<h2>学时</h2>")
    assert "要求 30.0 学时，已完成 23.5。" in page
    assert "网络在线学习还差" not in page


def test_after_the_report_the_period_still_runs_and_after_it_all_is_over(
    book: Book, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2010, 12, 11))
    assert "12月31日前补齐，还有 20 天" in shown(signed_in("office"), book.address())

    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2011, 1, 10))
    page = shown(signed_in("office"), book.address())
    assert "12月31日前补齐，已过 10 天" in page
    assert 'class="when over"' in page


def test_whoever_has_done_all_owes_nothing(book: Book, signed_in: SignIn) -> None:
    book.fulfilled()

    page = shown(signed_in("office"), book.address())

    assert "要求的都已完成" in page
    assert owed_by(book.round, book.city.people["P1"]).lacking == ()


def test_what_is_owed_as_values(book: Book) -> None:
    book.activity("half_day", 3, status="leave", spent=3)
    book.activity("half_day", 3, spent=2.5)

    owed = owed_by(book.round, book.city.people["P1"])

    assert (owed.self_minutes, owed.self_wanted, owed.self_lacking) == (150, 1800, 1650)
    assert (owed.online_minutes, owed.online_lacking) == (0, 2400)
    assert owed.took_part
    assert owed.lacking == ("self_study", "online", "test")
    assert owed_by(book.round, book.city.people["P2"]).lacking == ("self_study", "online", "training", "test")


@pytest.mark.parametrize(("departed", "owes"), [(date(2010, 12, 31), False), (date(2011, 1, 1), True)])
def test_whoever_is_gone_by_the_last_day_owes_nothing_more(
    book: Book, signed_in: SignIn, departed: date, owes: bool
) -> None:
    book.city.people["P1"].postings.update(departed=departed)

    page = shown(signed_in("office"), book.address())

    assert ("还缺 4 项" in page) is owes
    assert ("2010年12月31日已离开市财政局，考核期末不在册。" in page) is not owes
    assert bool(owed_by(book.round, book.city.people["P1"]).lacking) is owes


def test_whoever_comes_after_the_period_is_not_counted(book: Book, signed_in: SignIn) -> None:
    book.city.people["P1"].postings.update(joined=date(2011, 2, 1))

    assert "2011年2月1日到岗，在考核期之后。" in shown(signed_in("office"), book.address())


def test_a_unit_that_the_round_does_not_assess_is_said(book: Book, signed_in: SignIn) -> None:
    book.fulfilled()
    book.round.units.filter(code="D01").delete()

    page = shown(signed_in("office"), book.address())

    assert "不在本轮考核的单位。" in page
    assert "还没有记录" in page


# --- what is recorded


def test_leave_and_absence_are_shown_plainly(book: Book, signed_in: SignIn) -> None:
    book.activity("half_day", 3, status="leave", spent=1.5)
    book.activity("lecture", 3, status="absent")

    page = shown(signed_in("office"), book.address())

    assert '<span class="st" data-s="late">请假</span> <span class="faint">实到 1.5，不计</span>' in page
    assert '<span class="st" data-s="miss">旷课</span>' in page
    assert "1 次，出勤 0 次，计 0.0 学时" in page


def test_classes_show_the_rule_and_what_it_finds(book: Book, signed_in: SignIn) -> None:
    for day, (status, spent) in enumerate((("present", 27), ("present", 26.9), ("leave", None), ("absent", None)), 1):
        book.activity("class", 30, on=date(2010, 5, day), status=status, spent=spent)

    page = shown(signed_in("office"), book.address())

    assert [one.points for one in book.record().of("class")] == [5, 4, 4, 0]
    assert "缺3.0学时，不超过计划的10%" in page
    assert "缺3.1学时，超过计划的10%" in page
    assert "请假未参加" in page
    assert "规则（一（二），附件三之2，考评说明三）：每名学员出勤得5分" in page


def test_contests_and_tests_stand_with_level_placing_and_result(book: Book, signed_in: SignIn) -> None:
    book.write(ContestEntry, contest="K1", kind="speech", level="province", person="P1", held_on=JUNE, place="二等奖")
    book.write(ContestEntry, contest="K2", kind="writing", level="city_final", person="P1", held_on=JUNE, place=None)
    book.write(Appraisal, person="P1", tested_on=JUNE, result="<b>86</b>分")

    page = shown(signed_in("office"), book.address())

    assert "<td>主题演讲</td><td>全省</td>" in page
    assert "<td>二等奖</td>" in page
    assert "<td>全市决赛</td>" in page
    assert "<td>未获名次</td>" in page
    assert "&lt;b&gt;86&lt;/b&gt;分" in page


def test_only_what_falls_into_the_period_is_there(book: Book) -> None:
    for day in (date(2009, 12, 31), date(2010, 1, 1), date(2010, 12, 31), date(2011, 1, 1)):
        book.activity("half_day", 1, on=day)
        book.write(Appraisal, person="P1", tested_on=day, result="合格")
        book.write(ContestEntry, contest=f"K{day}", kind="other", level="unit", person="P1", held_on=day)

    record = book.record()

    inside = [date(2010, 1, 1), date(2010, 12, 31)]
    assert [one.ends_on for one in record.attended] == inside
    assert [one.tested_on for one in record.tests] == inside
    assert [one.held_on for one in record.contests] == inside


def test_nobody_elses_records_are_there(book: Book, signed_in: SignIn) -> None:
    book.activity("lecture", 3, who="P2", title="李四的讲座")
    book.write(Appraisal, person="P2", tested_on=JUNE, result="李四合格")

    assert "李四的讲座" in shown(signed_in("office"), book.address("P2"))
    assert "李四" not in shown(signed_in("office"), book.address("P1"))


def test_all_stays_of_whoever_moved_stand_together_each_record_with_its_unit(book: Book, signed_in: SignIn) -> None:
    book.activity("half_day", 20, on=date(2010, 3, 1), title="调动前")
    book.activity("half_day", 14.5, on=date(2010, 7, 1), title="调动后")
    move("P1", book.city.units["D02"], date(2010, 7, 1))

    page = shown(signed_in("office"), book.address())

    assert "“每周半日”自学自练：34.5 学时，已满 30.0" in page
    assert '调动前 <small class="faint">计入市财政局</small>' in page
    assert '调动后 <small class="faint">计入市审计局</small>' in page
    assert "市审计局的达标率只计在该单位期间的“每周半日”自学自练 14.5 学时，按此还差 15.5。" in page
    owed = owed_by(book.round, book.city.people["P1"])
    assert (owed.self_minutes, owed.self_here, owed.self_lacking) == (2070, 870, 0)


def test_a_handbook_says_nothing_of_units_to_whoever_never_moved(book: Book, signed_in: SignIn) -> None:
    book.activity("half_day", 3)

    assert "计入市财政局" not in shown(signed_in("office"), book.address())


def test_a_closed_round_shows_what_the_ledger_was(book: Book, signed_in: SignIn) -> None:
    book.activity("lecture", 3, title="结束之前")
    close(book.round, book.since)
    book.since = change_of(book.round.authority).number
    book.activity("lecture", 3, title="结束之后")

    page = shown(signed_in("office"), book.address())

    assert "结束之前" in page
    assert "结束之后" not in page


# --- the page


def test_the_list_of_activities_is_chosen_by_form_and_turned_by_pages(book: Book, signed_in: SignIn) -> None:
    for number in range(61):
        book.activity("half_day", 0.5, title=f"半日{number:02}")
    book.activity("online", 1, title="网课")
    office = signed_in("office")

    assert "半日59" in shown(office, book.address(more="?form=half_day"))
    assert "半日60" in shown(office, book.address(more="?form=half_day&page=2"))
    assert "网课" not in shown(office, book.address(more="?form=half_day&page=2"))
    assert "网课" in shown(office, book.address(more="?page=2"))


@pytest.mark.parametrize(
    "query", ["page=999999999999", "page=-1", "page=%00", "form=%00", "form=class", "form=" + "x" * 5000]
)
def test_what_cannot_be_read_counts_as_not_said(book: Book, signed_in: SignIn, query: str) -> None:
    book.activity("lecture", 3, title="讲座")

    assert "讲座" in shown(signed_in("office"), book.address(more=f"?{query}"))


def test_in_english(book: Book, signed_in: SignIn) -> None:
    book.activity("class", 30, status="absent")
    client = signed_in("office")
    User.objects.filter(username="office").update(language="en")
    client.cookies["kaohe-language"] = "en"

    page = shown(client, book.address())

    assert "Weekly half days (self-study): 30.0 h still owed" in page
    assert "absent without leave" in page


def test_the_picture_states_its_finding(book: Book, signed_in: SignIn) -> None:
    book.activity("half_day", 23.5)

    page = shown(signed_in("office"), book.address())

    assert 'role="img" aria-label="“每周半日”自学自练：23.5 学时，还差 6.5"' in page
    assert "11月30日 截止" in page


def test_no_more_queries_for_more_records(book: Book, signed_in: SignIn) -> None:
    office = signed_in("office")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get(address).status_code == 200
        return len(asked.captured_queries)

    book.fulfilled()
    queries(book.address())
    once = queries(book.address()), queries(book.address(more="sheet.pdf"))
    for number in range(3):
        book.fulfilled()
        book.write(ContestEntry, contest=f"K{number}", kind="other", level="unit", person="P1", held_on=JUNE)
    move("P1", book.city.units["D02"], date(2010, 7, 1))

    assert (queries(book.address()), queries(book.address(more="sheet.pdf"))) == once


# --- to whom


READERS = {
    "office": {"P1", "P2", "P3"}, "officer": {"P1", "P2"}, "leader": {"P1", "P2"}, "civil_servant": {"P1"},
    "auditor": {"P1", "P2", "P3"}, "inspector": set(), "reviewer": set(), "academy": set(), "system": set(), "security": set(),
}  # fmt: skip


@pytest.mark.parametrize("username", READERS)
@pytest.mark.parametrize("more", ["", "sheet.pdf"])
def test_a_handbook_opens_to_whom_the_table_says(book: Book, signed_in: SignIn, username: str, more: str) -> None:
    client = signed_in(username)

    opened = {who for who in ("P1", "P2", "P3") if client.get(book.address(who, more)).status_code == 200}

    assert opened == READERS[username]


def test_a_handbook_is_there_only_in_a_round_of_its_own_authority(book: Book, signed_in: SignIn) -> None:
    auditor, foreign = signed_in("auditor"), book.city.people["P9"].pk

    assert auditor.get(f"/rounds/{book.round.pk}/people/{foreign}/").status_code == 404
    assert auditor.get(f"/rounds/{10**30}/people/{book.city.people['P1'].pk}/").status_code == 404
    assert auditor.get(f"/rounds/{book.round.pk}/people/{10**30}/").status_code == 404


def test_a_draft_has_no_handbooks(book: Book, signed_in: SignIn) -> None:
    Round.objects.filter(pk=book.round.pk).update(state=State.DRAFT, opened_at=None)

    assert signed_in("office").get(book.address()).status_code == 404


def test_rounds_can_be_chosen_where_there_are_several(book: Book, signed_in: SignIn) -> None:
    assert "按轮次查看" not in shown(signed_in("office"), book.address())
    other = round_at(book.city.units["0001"], User.objects.get(username="office"), "half_year")

    page = shown(signed_in("office"), book.address())

    assert f'href="/rounds/{other.pk}/people/{book.city.people["P1"].pk}/"' in page


def test_a_civil_servant_is_led_to_the_own_handbook(book: Book, signed_in: SignIn) -> None:
    client = signed_in("civil_servant")

    assert client.get("/handbook/").headers["Location"] == book.address("P1")
    assert client.get(f"/handbook/{Person.objects.get(code='P1').pk}/").headers["Location"] == book.address("P1")
    assert 'href="/handbook/"' in shown(client, "/")
    assert 'href="/handbook/"' not in shown(signed_in("officer"), "/")


def test_without_an_open_round_the_last_one_that_is_over_is_shown(book: Book, signed_in: SignIn) -> None:
    close(book.round, 1)

    assert signed_in("civil_servant").get("/handbook/").headers["Location"] == book.address("P1")


def test_in_a_round_that_is_over_nobody_is_asked_to_make_up_for_anything(book: Book, signed_in: SignIn) -> None:
    book.activity("half_day", 23.5)
    book.activity("online", 40)
    close(book.round, book.since)

    page = shown(signed_in("office"), book.address())

    assert "已结束，结束时还缺 2 项。" in page
    assert "“每周半日”自学自练还差 6.5 学时" in page
    assert "前补齐" not in page
    assert "还有 10 天" not in page


def test_without_a_round_or_a_person_the_page_says_so(book: Book, signed_in: SignIn) -> None:
    client = signed_in("civil_servant")
    Round.objects.filter(pk=book.round.pk).update(state=State.DRAFT, opened_at=None)
    assert "还没有考核轮次" in shown(client, "/handbook/")

    User.objects.filter(username="civil_servant").update(person=None)
    assert "账号还没有对应到花名册" in shown(client, "/handbook/")


# --- printed


def test_the_sheet_is_printed_the_same_each_time(book: Book, signed_in: SignIn) -> None:
    book.fulfilled()
    book.activity("class", 30, status="absent", title="演讲班")

    first, again = (signed_in("officer").get(book.address(more="sheet.pdf")) for _ in range(2))

    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'inline; filename="record-P1.pdf"'
    assert first.content == again.content
    text = PdfReader(io.BytesIO(first.content)).pages[0].extract_text()
    assert all(said in text for said in ("张三", "市财政局", "演讲班", "旷课", "记录截至2010年11月20日"))


def test_a_code_of_any_kind_names_the_file_safely(book: Book, signed_in: SignIn) -> None:
    odd = person('../"甲\\', book.city.units["D01"])

    answer = signed_in("office").get(f"/rounds/{book.round.pk}/people/{odd.pk}/sheet.pdf")

    assert answer.status_code == 200
    # the name is `record-%2E%2E%2F%22甲%5C.pdf`, which the header writes in UTF-8
    name = "record-%252E%252E%252F%2522%E7%94%B2%255C.pdf"
    assert answer.headers["Content-Disposition"] == f"inline; filename*=utf-8''{name}"
