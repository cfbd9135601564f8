"""A draft takes its period from the standard and its units from the organisation; two editors lose nothing."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds import editing
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.procedure import RoundWords, create_round
from kaohe.web.standards.procedure import remove
from tests.web.city import City, account, unit
from tests.web.conftest import SignIn
from tests.web.rounds.hands import draft_of, faults, fields, opened, said
from tests.web.training.loaded import version_of

NEW = "/rounds/new/"


@pytest.fixture
def office(signed_in: SignIn, city: City) -> Client:
    version_of(city.units["0001"])
    return signed_in("office")


def change_of(one: Round) -> str:
    return f"/rounds/{one.pk}/change/"


def fresh(one: Round) -> Round:
    return Round.objects.get(pk=one.pk)


def codes(one: Round) -> list[str]:
    return list(one.units.order_by("code").values_list("code", flat=True))


def test_the_form_begins_with_the_newest_standard_and_all_valid_units(office: Client, city: City) -> None:
    unit("D07", city.units["0001"], valid_to=date(2001, 1, 1))
    unit("D08", city.units["0001"], peer_group="elsewhere")

    sent = opened(office, NEW) | {"year": "2010", "propose": "1"}
    proposed = office.post(NEW, sent)

    ticked = {str(city.units[code].pk) for code in ("X01", "D01", "D02")}
    assert proposed.status_code == 200
    assert set(sent["unit"]) == ticked
    assert Round.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("annual", ("2010-01-01", "2010-12-31", "2010-11-30")),
        ("half_year", ("2010-01-01", "2010-06-30", "2010-07-31")),
    ],
)
def test_the_standard_proposes_period_and_due_day(office: Client, kind: str, period: tuple[str, str, str]) -> None:
    sent = opened(office, NEW) | {"kind": kind, "year": "2010", "propose": "1"}

    page = office.post(NEW, sent).content.decode()

    assert tuple(re.findall(r'id="(?:start|end|due)"[^>]* value="([^"]*)"', page)) == period


def test_a_draft_is_stored_as_it_was_proposed_and_changed(office: Client, city: City) -> None:
    sent = opened(office, NEW) | {
        "year": "2010", "start": "2010-02-01", "end": "2010-12-31", "due": "2010-12-15",
        "unit": [str(city.units["D02"].pk), str(city.units["D01"].pk)],
    }  # fmt: skip

    answer = office.post(NEW, sent)

    made = Round.objects.get()
    assert answer.headers["Location"] == f"/rounds/{made.pk}/"
    assert (made.kind, made.year, made.start, made.due) == ("annual", 2010, date(2010, 2, 1), date(2010, 12, 15))
    assert (made.state, codes(made)) == (State.DRAFT, ["D01", "D02"])
    entry = LogEntry.objects.get()
    assert (entry.action, entry.object, entry.actor) == ("round:create", f"round {made.pk}", "office")
    assert said(entry)["units"] == ["D01", "D02"]
    assert said(entry)["due"] == "2010-12-15"


def test_a_unit_that_ended_in_the_period_can_be_ticked_but_is_not_by_itself(office: Client, city: City) -> None:
    Unit.objects.filter(code="D02").update(valid_to=date(2010, 6, 30))

    page = office.post(NEW, opened(office, NEW) | {"year": "2010", "unit": [], "propose": "1"}).content.decode()

    box = re.search(rf'<input[^>]* value="{city.units["D02"].pk}"([^>]*)>.*?</label>', page)
    assert box is not None
    assert "checked" not in box[1]
    assert "2010-06-30 停用" in box[0]


def test_a_draft_is_changed_and_the_journal_says_old_and_new(office: Client, city: City) -> None:
    draft = draft_of(city.units["0001"])

    sent = opened(office, change_of(draft)) | {"due": "2010-12-01", "unit": [str(city.units["D01"].pk)]}
    answer = office.post(change_of(draft), sent)

    entry = LogEntry.objects.order_by("-seq")[0]
    assert answer.status_code == 302
    assert (fresh(draft).due, fresh(draft).version, codes(draft)) == (date(2010, 12, 1), 2, ["D01"])
    assert entry.action == "round:change"
    assert said(entry) == {
        "due": {"old": "2010-11-30", "new": "2010-12-01"},
        "units": {"removed": ["D02", "X01"], "added": []},
    }


def test_a_form_that_changes_nothing_writes_nothing(office: Client, city: City) -> None:
    draft = draft_of(city.units["0001"])

    answer = office.post(change_of(draft), opened(office, change_of(draft)))

    assert (answer.status_code, fresh(draft).version, LogEntry.objects.count()) == (302, 1, 1)


def test_the_second_of_two_editors_gets_both_texts(signed_in: SignIn, office: Client, city: City) -> None:
    draft, two = draft_of(city.units["0001"]), signed_in("office")
    first, second = opened(office, change_of(draft)), opened(two, change_of(draft))
    finance, audit, county = (str(city.units[code].pk) for code in ("D01", "D02", "X01"))
    office.post(change_of(draft), first | {"due": "2010-12-01", "unit": [finance, audit]})

    answer = two.post(change_of(draft), second | {"due": "2010-12-24", "end": "2010-11-30", "unit": [audit, county]})

    assert answer.status_code == 409
    assert compared(answer) == {
        "期间最后一天": ("2010-12-31", "2010-11-30"),
        "截止日": ("2010-12-01", "2010-12-24"),
        "考核单位": ("市财政局", "—"),
    }
    assert "office先生 刚改过" in answer.content.decode()
    assert (fresh(draft).due, fresh(draft).version) == (date(2010, 12, 1), 2)


def test_sent_once_more_both_changes_are_kept(signed_in: SignIn, office: Client, city: City) -> None:
    draft, two = draft_of(city.units["0001"]), signed_in("office")
    first, second = opened(office, change_of(draft)), opened(two, change_of(draft))
    office.post(change_of(draft), first | {"due": "2010-12-01", "unit": first["unit"][:2]})
    page = two.post(change_of(draft), second | {"end": "2010-11-30"}).content.decode()

    answer = two.post(change_of(draft), fields(page))

    now = fresh(draft)
    assert answer.status_code == 302
    assert (now.due, now.end, now.version, draft.units.count()) == (date(2010, 12, 1), date(2010, 11, 30), 3, 2)


def test_the_same_form_sent_twice_is_done_once(office: Client, city: City) -> None:
    draft = draft_of(city.units["0001"])
    sent = opened(office, change_of(draft)) | {"due": "2010-12-01"}

    answers = [office.post(change_of(draft), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (fresh(draft).version, LogEntry.objects.count()) == (2, 2)


def compared(answer: HttpResponse) -> dict[str, tuple[str, str]]:
    """The fields of the page with both texts: stored, typed."""
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', answer.content.decode())
    return {label: (stored, re.sub("<.*?>", "", typed)) for label, stored, typed in rows}


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"standard": "0"}, "standard", "选一个标准版本"),
        ({"standard": "9" * 30}, "standard", "选一个标准版本"),
        ({"kind": "daily"}, "kind", "选一种考核"),
        ({"year": ""}, "year", "1900 至 2199"),
        ({"year": "٢٠١٠"}, "year", "1900 至 2199"),
        ({"year": "9" * 400}, "year", "1900 至 2199"),
        ({"start": "昨天"}, "start", "2010-06-30 的样子"),
        ({"due": "2010-02-30"}, "due", "2010-06-30 的样子"),
        ({"end": "\0"}, "end", "2010-06-30 的样子"),
        ({"start": "2010-12-31", "end": "2010-01-01"}, "end", "不能早于第一天"),
        ({"start": "2011-01-01", "end": "2011-12-31"}, "end", "没有一天在 2010 年"),
        ({"due": "2009-11-30"}, "due", "不能早于期间第一天"),
    ],
)  # fmt: skip
def test_a_fault_is_named_beside_its_field_and_nothing_is_lost(
    office: Client, typed: dict[str, str], field: str, words: str
) -> None:
    sent = opened(office, NEW) | {
        "year": "2010", "start": "2010-01-01", "end": "2010-12-31", "due": "2010-11-29",
    }  # fmt: skip

    answer = office.post(NEW, sent | typed)

    assert answer.status_code == 422
    assert words in faults(answer)[field]
    assert "due" in typed or 'value="2010-11-29"' in answer.content.decode()
    assert Round.objects.count() == 0


def test_a_standard_that_was_removed_meanwhile_is_a_fault_of_the_form(
    office: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create_late(words: RoundWords, actor: User, now: datetime) -> Round:
        assert remove(words.standard, actor, now)
        return create_round(words, actor, now)

    monkeypatch.setattr(editing, "create_round", create_late)

    period = {"year": "2010", "start": "2010-01-01", "end": "2010-12-31", "due": "2010-12-24"}
    answer = office.post(NEW, opened(office, NEW) | period)

    assert answer.status_code == 422
    assert "刚被移除" in faults(answer)["standard"]
    assert 'value="2010-12-24"' in answer.content.decode()
    assert Round.objects.count() == 0


def test_the_same_round_is_not_drafted_twice(office: Client, city: City) -> None:
    draft_of(city.units["0001"])

    sent: dict[str, Any] = opened(office, NEW) | {"year": "2010", "start": "2010-01-01", "end": "2010-12-31", "due": "2010-11-30"}  # fmt: skip
    answer = office.post(NEW, sent)

    assert (answer.status_code, Round.objects.count()) == (422, 1)
    assert "已经有了" in faults(answer)["year"]


def test_units_of_somebody_else_are_neither_taken_nor_named(office: Client, city: City) -> None:
    draft, foreign = draft_of(city.units["0001"]), str(city.units["D91"].pk)
    sent = opened(office, change_of(draft))

    forged = sent | {"unit": [*sent["unit"], foreign], "was_units": f"{sent['was_units']} {foreign}"}
    stale = office.post(change_of(draft), forged | {"version": "7"})
    office.post(change_of(draft), forged)

    assert "清河财政局" not in stale.content.decode()
    assert codes(draft) == ["D01", "D02", "X01"]


def test_a_county_drafts_for_itself_alone(signed_in: SignIn, city: City) -> None:
    account("county", Role.OFFICE, city.units["X01"])
    version_of(city.units["X01"])
    sent = opened(signed_in("county"), NEW)

    answer = signed_in("county").post(NEW, sent | {"authority": str(city.units["0001"].pk)})

    made = Round.objects.get()
    assert answer.status_code == 302
    assert (made.authority, codes(made)) == (city.units["X01"], ["X01-1", "X01-2"])


def test_without_a_standard_the_form_says_so(signed_in: SignIn, city: City) -> None:
    page = signed_in("office").get(NEW).content.decode()

    assert "还没有标准" in page


def test_a_draft_is_removed(office: Client, city: City) -> None:
    draft = draft_of(city.units["0001"])
    address = f"/rounds/{draft.pk}/remove/"

    page = office.get(address).content.decode()
    overtaken = office.post(address, {"version": "7"})
    kept = Round.objects.filter(pk=draft.pk).exists()
    answer = office.post(address, {"version": "1"})

    assert "选好的 3 个单位" in page
    assert (overtaken.headers["Location"], kept) == (f"/rounds/{draft.pk}/", True)
    assert (answer.headers["Location"], Round.objects.count()) == ("/rounds/", 0)
    assert LogEntry.objects.order_by("-seq")[0].action == "round:remove"
