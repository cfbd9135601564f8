"""What the security administrator does to accounts, and what no one may do."""

import json
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kaohe.web.accounts import procedure
from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.procedure import Post, Refused
from kaohe.web.accounts.roles import ROLES_OF_DUTY, Duty, Role
from kaohe.web.journal.models import LogEntry
from tests.web.accounts.hands import signed_in_by_hand, with_password
from tests.web.city import City, account, city_with_accounts
from tests.web.conftest import SignIn

NEW = {"username": "Gz-007", "name": "于晓岚", "phone": "024-0000 0000", "role": "officer", "since": "2010-05-18"}


@pytest.fixture
def security(signed_in: SignIn) -> Client:
    """The security administrator."""
    return signed_in("security")


def _entry(action: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(bytes(LogEntry.objects.get(action=action).payload))
    return found


def test_an_account_is_opened_with_its_first_role(security: Client, city: City) -> None:
    answer = security.post("/accounts/new/", NEW | {"unit": city.units["D02"].pk})

    user = User.objects.get(username="gz-007")
    held = user.memberships.get()
    assert answer.headers["Location"] == f"/accounts/{user.pk}/"
    assert (user.duty, user.has_usable_password(), held.role, held.unit.code, held.since) == (
        "", False, "officer", "D02", date(2010, 5, 18),
    )  # fmt: skip
    assert _entry("membership:begin")["unit"] == city.units["D02"].pk
    assert "于晓岚" not in str(_entry("account:create"))


@pytest.mark.parametrize("words", ["D02", "市审计局"])
def test_a_unit_is_meant_by_its_code_or_name(security: Client, words: str) -> None:
    security.post("/accounts/new/", NEW | {"unit_words": words})

    assert User.objects.get(username="gz-007").memberships.get().unit.code == "D02"


@pytest.mark.parametrize("words", ["审计", "ssjj", "shishenji", "d02", "d0\x002"])
def test_units_are_found_without_script_and_nothing_typed_is_lost(security: Client, words: str) -> None:
    page = security.post("/accounts/new/", NEW | {"unit_words": words, "find": "1"}).content.decode()

    assert "市审计局（D02）" in page
    assert "市财政局" not in page
    assert "于晓岚" in page
    assert 'class="err"' not in page
    assert not User.objects.filter(username="gz-007").exists()


def test_the_picker_answers_the_same_units_with_script(security: Client) -> None:
    page = security.get("/accounts/units/", {"unit_words": "ssjj"}).content.decode()

    assert page.startswith('<div id="unit-choices">')
    assert "市审计局（D02）" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "officer"}, "已经有人用"),
        ({"username": "OFFICER"}, "已经有人用"),
        ({"username": "王建国"}, "用户名用字母"),
        ({"username": "a b"}, "用户名用字母"),
        ({"username": ""}, "填写用户名"),
        ({"name": ""}, "填写姓名"),
        ({"role": "emperor"}, "不能担任"),
        ({"role": ""}, "选一个角色"),
        ({"unit": ""}, "从列表里选一个单位"),
        ({"unit": "999999"}, "从列表里选一个单位"),
        ({"unit": "1' OR 1"}, "从列表里选一个单位"),
        ({"since": "昨天"}, "2010-05-18"),
        ({"until": "2009-01-01"}, "最后一天不能早于开始日"),
        ({"person_code": "P1"}, "只有公务员账号"),
        ({"role": "civil_servant", "person_code": "P404"}, "没有编号为"),
        ({"role": "civil_servant", "person_code": "P1"}, "已经有账号"),
    ],
)
def test_what_will_not_do_is_explained_and_nothing_is_opened(
    security: Client, city: City, change: dict[str, str], said: str
) -> None:
    before = User.objects.count()

    page = security.post("/accounts/new/", NEW | {"unit": str(city.units["D01"].pk)} | change)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert (User.objects.count(), LogEntry.objects.count()) == (before, 0)


def test_the_account_of_a_civil_servant_is_that_person(security: Client, city: City) -> None:
    security.post("/accounts/new/", NEW | {"role": "civil_servant", "unit": city.units["D01"].pk, "person_code": "P2"})

    assert User.objects.get(username="gz-007").person == city.people["P2"]


@pytest.mark.parametrize("field", ["duty", "is_active", "password", "demo", "is_superuser", "version"])
def test_no_other_field_is_taken(security: Client, city: City, field: str) -> None:
    security.post("/accounts/new/", NEW | {"unit": city.units["D01"].pk, field: "system"})

    user = User.objects.get(username="gz-007")
    assert (user.duty, user.is_active, user.has_usable_password(), user.demo, user.version) == (
        "",
        True,
        False,
        False,
        1,
    )


@pytest.mark.parametrize(("username", "role"), [
    ("security", "officer"), ("system", "inspector"), ("auditor", "reviewer"), ("auditor", "security"), ("officer", "auditor"),
])  # fmt: skip
def test_administrators_and_scorers_stay_apart_in_form_procedure_and_database(
    security: Client, city: City, username: str, role: str
) -> None:
    user, unit = User.objects.get(username=username), city.units["0001"]

    page = security.post(f"/accounts/{user.pk}/memberships/", {"role": role, "unit": unit.pk, "since": "2020-01-01"})

    assert "不能担任这个角色" in page.content.decode()
    with pytest.raises(Refused):
        procedure.begin_membership(user, Post(role, unit, date(2020, 1, 1)), actor="security", now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, duty=user.duty, role=role, unit=unit, since=date(2020, 1, 1))
    assert user.memberships.count() == 1


def test_a_role_begins_and_ends(security: Client, city: City) -> None:
    user = User.objects.get(username="officer")
    security.post(
        f"/accounts/{user.pk}/memberships/", {"role": "leader", "unit": city.units["D02"].pk, "since": "2020-01-01"}
    )
    held = user.memberships.get(role="leader")

    security.post(f"/accounts/{user.pk}/memberships/{held.pk}/end/", {"until": "2021-06-30"})

    held.refresh_from_db()
    assert held.until == date(2021, 6, 30)
    assert _entry("membership:end") == {"account": user.pk, "role": "leader", "until": "2021-06-30"}


def test_the_same_role_is_not_given_twice(security: Client, city: City) -> None:
    user = User.objects.get(username="officer")

    for _ in range(2):
        page = security.post(
            f"/accounts/{user.pk}/memberships/",
            {"role": "officer", "unit": city.units["D01"].pk, "since": "2020-01-01"},
        )

    assert "已经是这个角色" in page.content.decode()
    assert (user.memberships.count(), LogEntry.objects.count()) == (1, 0)


def test_a_role_of_another_account_is_not_ended_through_this_one(security: Client) -> None:
    officer, leader = (User.objects.get(username=name) for name in ("officer", "leader"))

    answer = security.post(
        f"/accounts/{officer.pk}/memberships/{leader.memberships.get().pk}/end/", {"until": "2021-01-01"}
    )

    assert answer.status_code == 404
    assert leader.memberships.get().until is None


def test_the_last_security_administrator_stays(security: Client, city: City) -> None:
    user = with_password("security")
    client = signed_in_by_hand("security")
    held = user.memberships.get()

    for _ in range(2):
        client.post(f"/accounts/{user.pk}/close/")
        page = client.post(f"/accounts/{user.pk}/memberships/{held.pk}/end/", {"until": "2030-01-01"}, follow=True)
        second = User.objects.filter(username="security2").first() or account(
            "security2", Role.SECURITY, city.units["0001"]
        )

    user.refresh_from_db()
    held.refresh_from_db()
    assert "最后一个能登录的安全管理员" in page.content.decode()
    assert (user.is_active, held.until, second.has_usable_password()) == (True, None, False)


def test_with_another_one_who_can_sign_in_it_may_go(security: Client, city: City) -> None:
    account("security2", Role.SECURITY, city.units["0001"])
    with_password("security2")
    user = User.objects.get(username="security")

    signed_in_by_hand("security2").post(f"/accounts/{user.pk}/close/")

    user.refresh_from_db()
    assert not user.is_active


def test_of_two_security_administrators_who_close_each_other_at_once_one_stays(committed: None) -> None:
    city = city_with_accounts()
    account("security2", Role.SECURITY, city.units["0001"])
    both = [with_password(name) for name in ("security", "security2")]
    for _ in range(4):
        start, refused = Barrier(2), []

        def close(number: int, start: Barrier = start, refused: list[int] = refused) -> None:
            start.wait()
            try:
                procedure.close_account(both[number], actor=both[1 - number].username, now=timezone.now())
            except Refused:
                refused.append(number)
            connection.close()

        threads = [Thread(target=close, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(refused) == 1
        assert User.objects.filter(username__startswith="security", is_active=True).count() == 1
        User.objects.update(is_active=True)


def test_a_role_that_is_over_stays_over(security: Client, city: City) -> None:
    user = User.objects.get(username="officer")
    user.memberships.update(until=date(2021, 6, 30))
    held = user.memberships.get()

    page = security.post(f"/accounts/{user.pk}/memberships/{held.pk}/end/", {"until": "2099-12-31"}, follow=True)

    held.refresh_from_db()
    assert (held.until, LogEntry.objects.count()) == (date(2021, 6, 30), 0)
    assert "2021-06-30 已经结束" in page.content.decode()


def test_closing_twice_is_one_entry_and_reopening_lets_in_again(security: Client) -> None:
    user = User.objects.get(username="officer")

    for _ in range(2):
        security.post(f"/accounts/{user.pk}/close/")
    for _ in range(2):
        security.post(f"/accounts/{user.pk}/reopen/")

    user.refresh_from_db()
    assert user.is_active
    assert list(LogEntry.objects.order_by("seq").values_list("action", flat=True)) == [
        "account:close",
        "account:reopen",
    ]


def test_a_lost_second_factor_is_reset_by_somebody_else_only(security: Client, city: City) -> None:
    office, own = (User.objects.get(username=name) for name in ("office", "security"))
    theirs = signed_in_by_hand("office")

    for user in (office, own):
        security.post(f"/accounts/{user.pk}/second-factor/")

    assert not Authenticator.objects.filter(user=office).exists()
    assert Authenticator.objects.filter(user=own).exists()
    assert theirs.get("/account/").status_code == 302
    assert LogEntry.objects.filter(action="second_factor:reset").count() == 1


def test_of_two_who_correct_a_name_the_second_sees_both_texts(security: Client) -> None:
    user = User.objects.get(username="officer")
    url, typed = f"/accounts/{user.pk}/edit/", {"version": "1", "phone": ""}
    security.post(url, typed | {"name": "王建国"})

    second = security.post(url, typed | {"name": "王建囯"})

    page = second.content.decode()
    user.refresh_from_db()
    assert second.status_code == 409
    assert "王建国" in page
    assert "王建囯" in page
    assert user.name == "王建国"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=offic", {"office", "officer"}),
        ("?role=leader", {"leader"}),
        ("?state=closed", {"academy"}),
        ("?state=owing", {"inspector"}),
        ("?q=%25", set()),
        ("?q=nobody", set()),
        ("?q=audit%00or", {"auditor"}),
        ("?page=99999&role=auditor", {"auditor"}),
        ("?role=%00&page=x&state=zzz&q=system", {"system"}),
    ],
)
def test_the_list_is_searched_and_filtered(security: Client, query: str, expected: set[str]) -> None:
    User.objects.filter(username="academy").update(is_active=False)
    Authenticator.objects.filter(user__username="inspector").delete()

    page = security.get(f"/accounts/{query}").context["page"]

    assert {row.username for row in page.rows} == expected


def test_the_list_has_sixty_to_a_page(security: Client, city: City) -> None:
    for number in range(61):
        account(f"z{number}", Role.OFFICER, city.units["D02"])

    page = security.get("/accounts/?q=z").context["page"]

    assert (len(page.rows), page.total, page.next) == (60, 61, "q=z&page=2")


class EveryRoleSet(TestCase):
    """No set of roles, however it came about, mixes an administrator with another role."""

    @given(wanted=st.lists(st.sampled_from(list(Role)), min_size=1, max_size=6), duty=st.sampled_from(list(Duty)))
    def test_what_the_database_holds_is_of_one_duty(self, wanted: list[Role], duty: Duty) -> None:
        """Give an account every wanted role past the forms; what remains belongs to its duty."""
        unit = city_with_accounts().units["D01"]
        user = User.objects.create_user("somebody", name="某人", duty=duty)
        for number, role in enumerate(wanted):
            for claimed in (duty, procedure.duty_of(role)):
                try:
                    with transaction.atomic():
                        since = date(2010, 1, 1) + timedelta(days=number)
                        Membership.objects.create(user=user, duty=claimed, role=role, unit=unit, since=since)
                except IntegrityError:
                    pass
        held = set(user.memberships.values_list("role", flat=True))
        assert held <= ROLES_OF_DUTY[duty]
        assert held == set(wanted) & ROLES_OF_DUTY[duty]

    def test_a_duty_never_changes(self) -> None:
        """An administrator's account does not become another's."""
        city_with_accounts()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(username="security").update(duty="")
