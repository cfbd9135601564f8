"""Records of the ledger come in for a round, through the hands that may bring them, and go back exactly."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kaohe.web.accounts.roles import Role
from kaohe.web.intake import rows
from kaohe.web.intake.models import Import
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.worker import run_all
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.wording import round_title
from kaohe.web.training.figures import figures_of
from kaohe.web.training.models import UnitFigures
from tests.web.city import City, account
from tests.web.conftest import SignIn
from tests.web.intake.ledgers import (
    THREE,
    activities,
    attendance,
    brought,
    ledger_of,
    open_round,
    quotas,
    returned,
    settled,
    supplies,
)
from tests.web.intake.sending import csv, people, post, sent, token_of, units


@pytest.fixture
def a_round(city: City) -> Round:
    """The open annual round of the city."""
    return open_round()


def own(code: str = "D01") -> str:
    """The key of a unit's own records in the form."""
    return f"unit-{Unit.objects.get(code=code).pk}"


def classes() -> str:
    """The key of the city's classes in the form."""
    return f"classes-{Unit.objects.get(code='0001').pk}"


def page(client: Client, found: Import, **query: object) -> str:
    return str(client.get(reverse("import", args=[found.pk]), query).content.decode())


# --- the way of a file


def test_a_file_is_compared_and_nothing_is_written(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")

    found = sent(client, activities(*THREE), "activities", round=a_round.pk)

    assert found.state == "ready", found.faults
    assert found.counts == {"new": 3, "changed": 0, "unchanged": 0, "absent": 0}
    assert found.round == a_round
    assert not any(ledger_of().values())
    assert "确认导入：新增 3" in page(client, found)
    assert "公文讲座" in page(client, found)


def test_confirmed_it_holds_and_the_figures_are_measured_anew(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, activities(*THREE), "activities", a_round)

    found = brought(client, attendance("A1,P1,出勤,3.0", "A1,P2,旷课,"), "attendance", a_round)

    assert found.state == "confirmed"
    assert ledger_of()["attendance"] == [("P1", "A1", "present", 180), ("P2", "A1", "absent", None)]
    assert not UnitFigures.objects.filter(round=a_round, stale=True).exists()
    assert figures_of(a_round)["D01"].measures["participation_rate"] == (1, 2)  # P1 of P1 and P2


def test_old_and_new_stand_side_by_side(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, supplies("D01,教材,10,8", "D01,手册,5,5", "D02,教材,4,4"), "supplies", a_round)

    found = sent(client, supplies("D01,教材,10,9", "D01,手册,5,5", "D02,手册,1,1"), "supplies", round=a_round.pk)

    assert found.counts == {"new": 1, "changed": 1, "unchanged": 1, "absent": 1}
    changed = page(client, found, kind="changed")
    assert '<span class="dim">8</span> → <strong>9</strong>' in changed
    assert '<th scope="row">D01 textbook</th>' in changed
    settled(client, found)
    assert len(ledger_of()["supplies"]) == 4


def test_the_same_file_twice_changes_nothing(signed_in: SignIn, a_round: Round) -> None:
    client, file = signed_in("office"), supplies("D01,教材,10,8", "D02,教材,4,4")
    brought(client, file, "supplies", a_round)
    before = ledger_of()

    again = sent(client, file, "supplies", round=a_round.pk)

    assert again.counts == {"new": 0, "changed": 0, "unchanged": 2, "absent": 0}
    assert "同一个文件已经确认过" in page(client, again)
    assert settled(client, again).state == "ready"
    assert ledger_of() == before


def test_what_a_complete_file_lacks_ends_without_a_day_and_comes_back(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, supplies("D01,教材,10,8", "D02,教材,4,4"), "supplies", a_round)
    before = ledger_of()

    found = sent(client, supplies("D01,教材,10,8"), "supplies", round=a_round.pk, complete="on")
    assert "不再有效" in page(client, found)
    assert client.get(reverse("import-confirm", args=[found.pk])).status_code == 302  # asks for no day
    settled(client, found)
    during = ledger_of()
    returned(client, found)

    assert [row[1] for row in during["supplies"]] == ["D01"]
    assert ledger_of() == before


def test_faults_only_the_ledger_knows_stand_at_their_cell(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, activities(*THREE), "activities", a_round)

    found = sent(client, quotas("A3,D01,2", "A1,D01,1", "A3,D91,1"), "quotas", round=a_round.pk)

    assert found.state == "faulty"
    told = {(fault["row"], fault["column"], fault["code"]) for fault in found.faults}
    assert (3, "活动编号", "quota_not_class") in told or (4, "单位代码", "reference_dangling") in told
    assert "quotas.csv" not in page(client, found).split("</h1>")[1].split("SHA-256")[0]
    marked = client.get(reverse("import-annotated", args=[found.pk]))
    assert marked.content.startswith(b"PK")


def test_rows_beyond_the_period_are_told(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")

    found = sent(client, activities("A9,,lecture,旧讲座,2009-04-21,2009-04-21,3.0"), "activities", round=a_round.pk)

    assert found.notes == [{"code": "outside", "count": 1}]
    assert "有 1 行的日期不在这一轮的考核期内" in page(client, found)


def test_one_entry_tells_of_it_without_a_value(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, activities(*THREE), "activities", a_round)
    found = brought(client, attendance("A1,P1,出勤,3.0"), "attendance", a_round)
    returned(client, found)

    entries = LogEntry.objects.filter(object=f"import {found.pk}").order_by("seq")
    assert [entry.action for entry in entries] == ["import:upload", "import:confirm", "import:take_back"]
    assert {entry.actor for entry in entries} == {"office"}
    told = b"".join(bytes(entry.payload) for entry in entries).decode()
    assert found.digest in told
    assert found.rows_digest in told
    assert '"round":"annual 2010"' in told
    assert "P1" not in told


# --- the round


def test_records_need_an_open_round_of_the_authority(signed_in: SignIn, a_round: Round) -> None:
    client, county = signed_in("office"), open_round("X01")
    for wrong in ("", "0", "x", "9" * 30, str(county.pk)):
        assert post(client, supplies("D01,教材,1,1"), "supplies", round=wrong).status_code == 422
    Round.objects.filter(pk=a_round.pk).update(state=State.CLOSED, closed_at=timezone.now())
    assert post(client, supplies("D01,教材,1,1"), "supplies", round=a_round.pk).status_code == 422
    assert post(client, supplies("X01-1,教材,1,1"), "supplies", "X01", round=county.pk).status_code == 302


def test_units_and_people_belong_to_no_round(signed_in: SignIn, a_round: Round) -> None:
    assert sent(signed_in("office"), units("D09,甲,department"), round=a_round.pk).round is None


def test_a_round_that_closed_meanwhile_takes_nothing(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = sent(client, supplies("D01,教材,1,1"), "supplies", round=a_round.pk)
    Round.objects.filter(pk=a_round.pk).update(state=State.CLOSED, closed_at=timezone.now())

    answer = client.post(reverse("import-confirm", args=[found.pk]), follow=True)
    run_all()

    assert "已经结束，不再接收记录" in answer.content.decode()
    found.refresh_from_db()
    assert found.state == "ready"
    assert not any(ledger_of().values())


def test_a_round_that_closes_while_it_is_written_takes_nothing(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = sent(client, supplies("D01,教材,1,1"), "supplies", round=a_round.pk)
    client.post(reverse("import-confirm", args=[found.pk]))
    Round.objects.filter(pk=a_round.pk).update(state=State.CLOSED, closed_at=timezone.now())

    run_all()

    found.refresh_from_db()
    assert (found.state, found.change) == ("ready", None)
    assert "没有写入：这一轮考核已经结束" in page(client, found)
    assert not any(ledger_of().values())


def test_two_rounds_keep_their_own_supplies(signed_in: SignIn, a_round: Round) -> None:
    client, half = signed_in("office"), open_round(kind="half_year")
    brought(client, supplies("D01,教材,10,8"), "supplies", a_round)

    found = brought(client, supplies("D01,教材,5,1"), "supplies", half)

    assert found.counts["new"] == 1
    assert sorted(row[0] for row in ledger_of()["supplies"]) == sorted([a_round.pk, half.pk])


# --- whose hands


def test_an_officer_brings_in_the_own_unit_alone(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("officer")

    foreign = sent(client, supplies("D01,教材,1,1", "D02,教材,1,1"), "supplies", authority=own(), round=a_round.pk)
    theirs = brought(client, supplies("D01,教材,1,1"), "supplies", a_round, authority=own())

    assert [(fault["row"], fault["code"], fault["found"]) for fault in foreign.faults] == [(3, "not_yours", "D02")]
    assert "“D02”不是本单位的记录" in page(client, foreign)
    assert (theirs.state, theirs.within.code, theirs.authority.code) == ("confirmed", "D01", "0001")
    assert [row[1] for row in ledger_of()["supplies"]] == ["D01"]


def test_an_officer_changes_nobody_elses_attendance(signed_in: SignIn, a_round: Round) -> None:
    office, officer = signed_in("office"), signed_in("officer")
    brought(office, activities(*THREE), "activities", a_round)
    brought(office, attendance("A2,P1,出勤,20.0", "A2,P3,出勤,20.0"), "attendance", a_round)

    foreign = sent(officer, attendance("A2,P3,旷课,"), "attendance", authority=own(), round=a_round.pk)
    complete = sent(
        officer, attendance("A2,P1,出勤,20.0"), "attendance", authority=own(), round=a_round.pk, complete="on"
    )

    assert [fault["code"] for fault in foreign.faults] == ["not_yours"]
    assert complete.counts == {"new": 0, "changed": 0, "unchanged": 1, "absent": 0}  # P3 is not theirs to end


@pytest.mark.parametrize("table", ["units", "people", "quotas", "judgements", "city"])
def test_an_officer_has_no_other_tables(signed_in: SignIn, a_round: Round, table: str) -> None:
    client = signed_in("officer")
    answer = post(client, supplies(), table, authority=own(), round=a_round.pk, name=f"{table}.csv")

    assert answer.status_code == 422
    assert f'value="{table}"' not in client.get(reverse("import-new")).content.decode()


def test_an_officer_cannot_speak_for_others(signed_in: SignIn, a_round: Round) -> None:
    client, top = signed_in("officer"), Unit.objects.get(code="0001").pk
    for key in (str(top), own("D02"), classes(), f"unit-{top}", "unit-x", "", "\0"):
        answer = post(client, supplies("D01,教材,1,1"), "supplies", authority=key, round=a_round.pk)
        assert answer.status_code == 422
    assert not Import.objects.exists()


def test_the_academy_brings_in_classes_alone(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("academy")
    brought(signed_in("office"), activities(*THREE), "activities", a_round)

    online = sent(client, attendance("A2,P1,出勤,20.0"), "attendance", authority=classes(), round=a_round.pk)
    lecture = sent(
        client, activities("A8,,集中训练,讲座,2010-04-21,2010-04-21,3.0"), "activities", authority=classes(), round=a_round.pk
    )  # fmt: skip
    taken = sent(
        client, activities("A2,,class,网络学习,2010-03-01,2010-06-28,20.0"), "activities", authority=classes(), round=a_round.pk
    )  # fmt: skip
    theirs = brought(client, attendance("A3,P1,出勤,30.0", "A3,P3,请假,"), "attendance", a_round, authority=classes())

    for found in (online, lecture, taken):
        assert {fault["code"] for fault in found.faults} == {"form_not_yours"}
    assert "不是调训班" in page(client, online)
    assert theirs.state == "confirmed"
    assert theirs.classes_only
    assert post(client, supplies("D01,教材,1,1"), "supplies", authority=classes(), round=a_round.pk).status_code == 422
    assert sent(client, quotas("A3,D01,2"), "quotas", authority=classes(), round=a_round.pk).state == "ready"


def test_who_may_look_and_who_may_do(signed_in: SignIn, a_round: Round) -> None:
    clients = {name: signed_in(name) for name in ("office", "officer", "leader", "academy", "auditor")}
    account("other", Role.OFFICER, Unit.objects.get(code="D02"))
    clients["other"] = signed_in("other")
    found = {
        "people": sent(clients["office"], people("P1,张三三,D01"), "people"),
        "supplies": sent(clients["office"], supplies("D01,教材,1,1"), "supplies", round=a_round.pk),
        "own": sent(clients["officer"], supplies("D01,教材,2,2"), "supplies", authority=own(), round=a_round.pk),
    }
    brought(clients["office"], activities(*THREE), "activities", a_round)
    file = attendance("A3,P1,出勤,30.0")
    found["classes"] = sent(clients["academy"], file, "attendance", authority=classes(), round=a_round.pk)

    def reached(page: str) -> dict[str, set[str]]:
        return {
            name: {what for what, one in found.items() if client.get(reverse(page, args=[one.pk])).status_code != 404}
            for name, client in clients.items()
        }

    every = set(found)
    assert reached("import") == {
        "office": every, "officer": {"own"}, "leader": {"own"}, "academy": {"classes"}, "auditor": every, "other": set(),
    }  # fmt: skip
    assert reached("import-confirm") == {
        "office": every, "officer": {"own"}, "leader": set(), "academy": {"classes"}, "auditor": set(), "other": set(),
    }  # fmt: skip
    listed = {
        name: client.get(reverse("imports")).content.decode().count('<th scope="row">')
        for name, client in clients.items()
    }
    assert listed == {"office": 5, "officer": 1, "leader": 1, "academy": 1, "auditor": 5, "other": 0}


def test_an_officer_whose_post_ended_reaches_the_import_no_more(signed_in: SignIn, a_round: Round) -> None:
    from kaohe.web.accounts.models import Membership

    client = signed_in("officer")
    found = sent(client, supplies("D01,教材,2,2"), "supplies", authority=own(), round=a_round.pk)
    Membership.objects.filter(user__username="officer").update(unit=Unit.objects.get(code="D02"))

    assert client.post(reverse("import-confirm", args=[found.pk])).status_code == 404


# --- taking back


def test_taken_back_the_ledger_is_as_it_was(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, supplies("D01,教材,10,8", "D02,教材,4,4"), "supplies", a_round)
    before = ledger_of()
    found = brought(client, supplies("D01,教材,10,9", "D02,手册,1,1"), "supplies", a_round)

    found = returned(client, found)

    assert found.state == "taken_back"
    assert ledger_of() == before


def test_what_rests_on_it_is_named_and_goes_first(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    first = brought(client, activities(*THREE), "activities", a_round)
    second = brought(client, attendance("A1,P1,出勤,3.0"), "attendance", a_round)

    refused = client.post(reverse("import-take-back", args=[first.pk]))
    assert refused.status_code == 409
    assert '<th scope="row">A1 P1</th>' in refused.content.decode()
    assert "后来的出勤或名额以它为根据" in refused.content.decode()

    assert returned(client, second).state == returned(client, first).state == "taken_back"
    assert not any(ledger_of().values())


def test_people_and_units_with_records_stay(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    newcomer = sent(client, people("P7,吴十,D01"), "people")
    client.post(reverse("import-confirm", args=[newcomer.pk]))
    found = brought(
        client, csv("竞赛编号,类别,层级,人员编号,日期", "K1,writing,city,P7,2010-06-09"), "contests", a_round
    )

    refused = client.post(reverse("import-take-back", args=[newcomer.pk]))
    returned(client, found)
    client.post(reverse("import-take-back", args=[newcomer.pk]))

    assert refused.status_code == 409
    assert "已有 1 条台账记录记在它名下" in refused.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.state == "taken_back"


def test_a_unit_of_a_round_stays(signed_in: SignIn, city: City) -> None:
    client = signed_in("office")
    found = sent(client, units("D09,新局,department"))
    client.post(reverse("import-confirm", args=[found.pk]))
    open_round()

    refused = client.post(reverse("import-take-back", args=[found.pk]))

    assert refused.status_code == 409
    assert "考核轮次" in refused.content.decode()


# --- pages


def test_pages_ask_the_same_number_of_queries_and_hold_sixty_rows(signed_in: SignIn, a_round: Round) -> None:
    from tests.web.intake.test_access import queries

    client = signed_in("office")
    lines = [f"B{n:03},D01,lecture,讲座{n},2010-04-21,2010-04-21,3.0" for n in range(130)]
    few = sent(client, activities(*lines[:1]), "activities", round=a_round.pk)
    many = sent(client, activities(*lines), "activities", round=a_round.pk)

    def count(found: Import) -> int:
        return queries(lambda: client.get(reverse("import", args=[found.pk])))

    assert count(few) == count(many)
    last = page(client, many, page=3)
    assert last.count('<th scope="row">B') == 10
    assert "第 121 至 130 条，共 130 条" in last
    for wild in (
        {"page": "9" * 40},
        {"page": "x\0"},
        {"kind": "\0"},
        {"table": "people"},
        {"kind": "absent", "page": -1},
    ):
        assert client.get(reverse("import", args=[many.pk]), wild).status_code == 200
    assert rows.ROWS_A_PAGE == 60


def test_the_list_names_the_round_and_the_form_offers_the_open_ones(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    half = open_round(kind="half_year")
    Round.objects.filter(pk=half.pk).update(state=State.CLOSED, closed_at=timezone.now())
    sent(client, supplies("D01,教材,1,1"), "supplies", round=a_round.pk)

    listed = client.get(reverse("imports")).content.decode()
    form = client.get(reverse("import-new"), {"table": "supplies", "round": a_round.pk}).content.decode()

    assert round_title(a_round) in listed
    assert f'<option value="{a_round.pk}" selected>' in form
    assert round_title(half) not in form
    assert '<option value="supplies" selected>' in form


def test_nobody_without_a_round_can_bring_in_records(signed_in: SignIn) -> None:
    client = signed_in("officer")
    answer = post(client, supplies("D01,教材,1,1"), "supplies", authority=own(), round="1")

    assert answer.status_code == 422
    assert "没有正在填报的考核轮次" in answer.content.decode()
    assert token_of(client)


@pytest.mark.parametrize(
    "table", ["activities", "attendance", "quotas", "contests", "supplies", "appraisals", "bulletins", "judgements"]
)
def test_the_templates_come_in_as_files(signed_in: SignIn, a_round: Round, table: str) -> None:
    client = signed_in("office")
    content = client.get(reverse("import-template", args=[table])).content

    found = sent(client, content, table, name=f"{table}.xlsx", round=a_round.pk)

    assert found.state in ("ready", "faulty")
    assert {fault["code"] for fault in found.faults} <= {"table_empty"}


def test_the_work_is_that_of_whoever_confirmed(signed_in: SignIn, a_round: Round) -> None:
    brought(signed_in("office"), supplies("D01,教材,1,1"), "supplies", a_round)

    kinds = Job.objects.order_by("pk").values_list("kind", "owner__username", "state")
    assert ("intake.settle", "office", "done") in list(kinds)
    assert ("training.measure", None, "done") in list(kinds)
