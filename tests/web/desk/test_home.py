"""The home page says what a role can do now, with the numbers of now."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.web.accounts.models import Membership, OneTimeLink, User
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import standing_of
from kaohe.web.desk import queries
from kaohe.web.intake.models import Import
from kaohe.web.jobs.models import Job
from kaohe.web.journal.models import Checkpoint, LogHead, SecurityEvent
from tests.web.city import City, person, unit
from tests.web.conftest import SignIn
from tests.web.training.loaded import round_at

NOW = timezone.now()
TODAY = timezone.localdate(NOW)

SAYS = {
    Role.OFFICE: ("现有 5 个单位、4 人。", "Units: 5, people: 4."),
    Role.OFFICER: ("现有 2 人。", "People now: 2."),
    Role.LEADER: ("现有 2 人。", "People now: 2."),
    Role.INSPECTOR: ("你能看到 5 个单位。", "Units that you may see: 5."),
    Role.REVIEWER: ("你能看到 5 个单位。", "Units that you may see: 5."),
    Role.ACADEMY: ("你能看到 5 个单位。", "Units that you may see: 5."),
    Role.CIVIL_SERVANT: ("张三，编号 P1。", "张三, code P1."),
    Role.AUDITOR: ("日志共 0 条，检查点盖住前 0 条。", "Entries in the journal: 0, covered by the last checkpoint: 0."),
    Role.SYSTEM: ("最近备份：还没有。", "Last backup: none yet."),
    Role.SECURITY: ("在用账号 10 个。", "Active accounts: 10."),
}


def waiting_import(city: City, state: str, **values: object) -> Import:
    return Import.objects.create(
        authority=city.units["0001"], within=city.units["0001"], table="people", by=User.objects.get(username="office"), state=state,
        file_name="花名册.xlsx", stored="x", digest="0" * 64, size=1, created_at=NOW, **values,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_where_things_stand_in_both_languages(signed_in: SignIn, role: Role, language: str) -> None:
    User.objects.filter(username=role.value).update(language=language)

    page = signed_in(role.value).get("/").content.decode()

    assert SAYS[role][language == "en"] in page


@pytest.mark.parametrize("role", list(Role))
def test_the_page_is_shown_in_one_language_only(signed_in: SignIn, role: Role) -> None:
    User.objects.filter(username=role.value).update(language="en")

    page = signed_in(role.value).get("/").content.decode()

    assert 'lang="en"' in page
    assert not [word for word in ("首页", "要办的事", "单位</", "退出") if word in page]


def test_who_has_no_role_today_is_told_whom_to_ask(signed_in: SignIn, city: City) -> None:
    client = signed_in("officer")
    Membership.objects.filter(user__username="officer").update(until=TODAY - timedelta(days=1))

    page = client.get("/").content.decode()

    assert "今天没有角色" in page
    assert "officer" in page
    assert "市财政局" not in page


def test_an_office_without_units_begins_by_importing_them(signed_in: SignIn, city: City) -> None:
    lonely = unit("8001", None, name="空市公训办", is_authority=True, peer_group="")
    Membership.objects.filter(user__username="office").update(unit=lonely)

    page = signed_in("office").get("/").content.decode()

    assert "先有单位" in page
    assert "/imports/new/" in page


def test_imports_that_wait_are_things_to_do(signed_in: SignIn, city: City) -> None:
    ready = waiting_import(city, "ready", counts={"new": 3, "changed": 1234, "absent": 2})
    waiting_import(city, "faulty", faults=[{}] * 4, more_faults=5)

    page = signed_in("office").get("/").content.decode()

    assert "新增 3 行，改动 1,234 行，文件里没有的 2 行" in page
    assert "9 处错误" in page
    assert f"/imports/{ready.pk}/" in page


def test_an_office_hears_nothing_of_a_foreign_authority(signed_in: SignIn, city: City) -> None:
    Import.objects.create(
        authority=city.units["9001"], within=city.units["9001"], table="units", by=User.objects.get(username="office"), state="ready",
        file_name="清河.csv", stored="x", digest="0" * 64, size=1, created_at=NOW,
    )  # fmt: skip

    assert "清河" not in signed_in("office").get("/").content.decode()


def test_only_people_who_belong_to_a_unit_today_are_counted(city: City) -> None:
    gone = person("P8", city.units["D01"], "离岗的人")
    gone.postings.update(departed=TODAY)
    standing = standing_of(User.objects.get(username="office"), TODAY)

    assert queries.office(standing, TODAY).people == 4


def test_units_that_have_ended_are_not_counted(city: City) -> None:
    unit("D09", city.units["0001"], valid_to=TODAY - timedelta(days=1))
    standing = standing_of(User.objects.get(username="office"), TODAY)

    assert queries.office(standing, TODAY).units == 5


def test_a_unit_learns_what_its_record_lacks(signed_in: SignIn, city: City) -> None:
    city.units["D01"].officer = "苏丽华"
    city.units["D01"].save()

    page = signed_in("officer").get("/").content.decode()

    assert "补齐 责任处室、分管领导、电话" in page


def test_a_civil_servant_sees_their_own_postings_and_nobody_elses(signed_in: SignIn) -> None:
    page = signed_in("civil_servant").get("/").content.decode()

    assert "张三" in page
    assert "李四" not in page


def test_a_civil_servant_without_a_record_learns_whom_to_tell(signed_in: SignIn) -> None:
    User.objects.filter(username="civil_servant").update(person=None)

    assert "账号对应到花名册" in signed_in("civil_servant").get("/").content.decode()


def test_an_auditor_learns_that_no_checkpoint_was_made_for_days(signed_in: SignIn) -> None:
    LogHead.objects.update(size=40)
    Checkpoint.objects.create(size=30, root="r" * 44, time=NOW - timedelta(days=3), reason="daily", note="")
    for _ in range(20):
        SecurityEvent.objects.create(time=NOW, kind="sign-in:failed")

    page = signed_in("auditor").get("/").content.decode()

    assert "日志共 40 条，检查点盖住前 30 条。" in page
    assert "检查点没有按日做" in page
    assert "查看 20 次登录失败" in page


def test_a_checkpoint_that_covers_everything_is_never_overdue(signed_in: SignIn) -> None:
    LogHead.objects.update(size=30)
    Checkpoint.objects.create(size=30, root="r" * 44, time=NOW - timedelta(days=30), reason="daily", note="")

    assert "检查点没有按日做" not in signed_in("auditor").get("/").content.decode()


def test_a_backup_of_today_asks_for_nothing(signed_in: SignIn) -> None:
    Job.objects.create(kind="backup", state="done", created_at=NOW, run_after=NOW, finished_at=NOW)

    page = signed_in("system").get("/").content.decode()

    assert "做一次备份" not in page


def test_a_backup_that_failed_is_no_backup(signed_in: SignIn) -> None:
    Job.objects.create(kind="backup", state="failed", created_at=NOW, run_after=NOW, finished_at=NOW)

    page = signed_in("system").get("/").content.decode()

    assert "做一次备份" in page
    assert "查看 1 个失败的任务" in page


def test_security_sees_which_accounts_cannot_come_in(city: City) -> None:
    Authenticator.objects.all().delete()
    User.objects.filter(username="leader").update(is_active=False)
    Membership.objects.filter(user__username="academy").update(until=TODAY + timedelta(days=12))
    made = {"made_at": NOW, "user": User.objects.get(username="officer")}
    OneTimeLink.objects.create(digest="a", expires_at=NOW + timedelta(days=2), **made)
    OneTimeLink.objects.create(digest="b", expires_at=NOW - timedelta(days=2), **made)
    OneTimeLink.objects.create(digest="c", expires_at=NOW + timedelta(days=2), used_at=NOW, **made)

    told = queries.doors(NOW, TODAY)

    # nine of the ten accounts are open, none has a password; six roles must use codes and none does
    assert (told.accounts, told.without_password, told.without_factor) == (9, 9, 6)
    assert (told.links, told.ending, told.first_end) == (1, 1, TODAY + timedelta(days=12))


def test_what_security_counts_is_what_its_links_list(signed_in: SignIn, city: City) -> None:
    client = signed_in("security")
    Authenticator.objects.filter(user__username__in=("office", "auditor")).delete()
    User.objects.exclude(username__in=("leader", "officer", "security")).update(password="kept")

    page = client.get("/").content.decode()

    for state, title, count in (("new", "3 个账号没有密码", 3), ("owing", "2 个账号还没有动态码", 2)):
        task = page[page.index(title) :]
        assert re.search(r'href="([^"]*)"', task)[1] == f"/accounts/?state={state}"  # type: ignore[index]
        assert client.get(f"/accounts/?state={state}").context["page"].total == count


@pytest.mark.parametrize(
    ("role", "count"),
    [
        (Role.OFFICE, 17), (Role.OFFICER, 24), (Role.INSPECTOR, 7), (Role.CIVIL_SERVANT, 16), (Role.AUDITOR, 9),
        (Role.SYSTEM, 6), (Role.SECURITY, 8),
    ],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow(signed_in: SignIn, city: City, role: Role, count: int) -> None:
    round_at(city.units["0001"], User.objects.get(username="office"))
    client = signed_in(role.value)
    client.get("/")
    counts = []

    for more in (1, 2):
        for _ in range(more):
            n = Import.objects.count()
            waiting_import(city, "ready")
            person(f"Q{n}", city.units["D01"])
            unit(f"E{n}", city.units["0001"])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts == [count, count]
