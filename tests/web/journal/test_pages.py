"""The auditor's pages of the journal and the security log."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import standing_of
from kaohe.web.jobs.worker import run_all
from kaohe.web.journal import checkpoints
from kaohe.web.journal.append import change
from kaohe.web.journal.events import event_list
from kaohe.web.journal.filters import EntryFilter, EventFilter
from kaohe.web.journal.models import Checkpoint, LogEntry, PersonalValue, SecurityEvent
from kaohe.web.journal.queries import entry_list
from kaohe.web.journal.security import note
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.journal.entries import write

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ADDRESSES = (
    "/journal/", "/journal/0/", "/journal/0/proof.json", "/journal/key.txt", "/journal/checkpoints/",
    "/journal/checkpoints/{pk}.txt", "/journal/security/",
)  # fmt: skip
POSTED = ("/journal/export/", "/journal/verify/", "/journal/checkpoints/sign/", "/journal/security/export/")


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_the_auditor_finds_the_journal(signed_in: SignIn, city: City, role: Role) -> None:
    write(2)
    pk = checkpoints.make("daily", AT).pk
    client = signed_in(role.value)

    assert {client.get(address.format(pk=pk)).status_code for address in ADDRESSES} == {404}
    assert {client.post(address).status_code for address in (*POSTED, "/journal/checkpoints/")} == {404}
    assert LogEntry.objects.count() == 2


def test_the_auditor_finds_every_page(auditor: Client) -> None:
    write(2)
    pk = checkpoints.make("daily", AT).pk

    assert {auditor.get(address.format(pk=pk)).status_code for address in ADDRESSES} == {200}


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/journal/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "address", ["/journal/7/", "/journal/7/proof.json", "/journal/checkpoints/7.txt", "/journal/99999999999999999999/"]
)
def test_what_is_not_there_is_answered_like_what_is_not_yours(auditor: Client, address: str) -> None:
    assert auditor.get(address).status_code == 404


def test_an_entry_names_who_what_and_what_changed(auditor: Client, city: City) -> None:
    with change("office", AT) as log:
        log.says("unit:edit", f"unit {city.units['D01'].pk}", {"before": {"name": "甲局"}, "after": {"name": "乙局"}})

    page = auditor.get("/journal/").content.decode()

    for words in ("office先生", "市公训办", "修改单位", "市财政局", "名称 甲局 → 乙局", "11-20 12:00"):
        assert words in page


def test_every_page_is_there_in_english(auditor: Client, city: City) -> None:
    write(1)
    auditor.cookies["kaohe-language"] = "en"

    page = auditor.get("/journal/").content.decode()

    assert "edited unit" in page
    assert "修改单位" not in page


def test_a_list_takes_the_same_queries_for_3_and_for_200_entries(
    auditor: Client, city: City, django_assert_num_queries: object
) -> None:
    write(3, city)
    auditor.get("/journal/")  # the session's first request is written down
    standing = standing_of(User.objects.get(username="auditor"), AT.date())
    with django_assert_num_queries(6):  # type: ignore[operator]
        entry_list(standing, EntryFilter(), AT)
    with CaptureQueriesContext(connection) as whole:
        auditor.get("/journal/")
    write(200, city)

    with django_assert_num_queries(6):  # type: ignore[operator]
        entry_list(standing, EntryFilter(), AT)
    with django_assert_num_queries(len(whole)):  # type: ignore[operator]
        auditor.get("/journal/")


def test_pages_follow_each_other_by_number(auditor: Client) -> None:
    write(120)

    first = auditor.get("/journal/").context["page"]
    second = auditor.get("/journal/" + first.older).context["page"]
    write(7)
    third = auditor.get("/journal/" + second.older).context["page"]
    back = auditor.get("/journal/" + third.newer).context["page"]

    assert [row.seq for row in first.rows] == list(range(119, 69, -1))
    assert [row.seq for row in second.rows] == list(range(69, 19, -1))
    assert [row.seq for row in third.rows] == list(range(19, -1, -1))
    assert third.older == ""
    assert [row.seq for row in back.rows] == list(range(69, 19, -1))


def test_areas_are_tabs_with_their_counts_that_keep_the_other_filters(auditor: Client) -> None:
    write(3)
    with change("office", AT) as log:
        log.says("account:close", "account 1", {})

    page = auditor.get("/journal/?area=account&from=2026-01-01")
    tabs = {tab.label: (tab.count, tab.current, tab.url) for tab in page.context["extent"].tabs}

    assert tabs["单位"] == (3, False, "?area=unit&from=2026-01-01")
    assert tabs["账号"] == (1, True, "?area=account&from=2026-01-01")
    assert [row.seq for row in page.context["page"].rows] == [3]


@pytest.mark.parametrize(
    ("words", "found"),
    [("市财政", [0]), ("D02", [1]), ("office", [1, 0]), ("office先生", [1, 0]), ("1", [1]), ("1,000", []), ("没有", []),
     ("' OR 1=1 --", []), ("%", []), ("张三", [2])],
)  # fmt: skip
def test_a_search_finds_by_person_unit_code_user_name_and_number(
    auditor: Client, city: City, words: str, found: list[int]
) -> None:
    for code in ("D01", "D02"):
        with change("office", AT) as log:
            log.says("unit:edit", f"unit {city.units[code].pk}", {})
    with change("system", AT) as log:
        log.says("person:edit", f"person {city.people['P1'].pk}", {})

    page = auditor.get("/journal/", {"q": words}).context["page"]

    assert [row.seq for row in page.rows] == found


def test_days_are_those_of_the_deployment_s_time_zone(auditor: Client) -> None:
    for at in (datetime(2026, 11, 19, 15, 59, tzinfo=UTC), datetime(2026, 11, 19, 16, 0, tzinfo=UTC)):
        with change("office", at) as log:
            log.says("unit:edit", "unit 1", {})

    page = auditor.get("/journal/", {"from": "2026-11-20", "to": "2026-11-20"}).context["page"]

    assert [row.seq for row in page.rows] == [1]


@pytest.mark.parametrize(
    "query",
    [
        "from=20.11.2026",
        "to=2026-13-01",
        "before=x",
        "after=-1",
        "before=" + "9" * 40,
        "area=%00",
        "q=%00",
        "from=0001-01-01",
    ],
)
def test_an_address_that_nobody_wrote_does_no_harm(auditor: Client, query: str) -> None:
    assert auditor.get(f"/journal/?{query}").status_code == 200


def test_markup_in_an_entry_stays_text(auditor: Client) -> None:
    with change("office", AT) as log:
        log.says("unit:edit", "unit <b>x</b>", {"name": "<script>alert(1)</script>"})

    for address in ("/journal/", "/journal/0/"):
        page = auditor.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x" not in page


def test_a_sealed_value_is_read_while_it_is_kept_and_its_digest_afterwards(auditor: Client) -> None:
    with change("office", AT) as log:
        digest = log.sealed("欧阳修")
        log.says("person:create", "person 1", {"name": digest})

    before = auditor.get("/journal/0/").content.decode()
    PersonalValue.objects.all().delete()
    after = auditor.get("/journal/0/").content.decode()

    assert "欧阳修" in before
    assert "欧阳修" not in after
    assert digest in after


def test_a_kept_checkpoint_agrees_until_the_log_is_another(auditor: Client) -> None:
    write(5)
    kept = checkpoints.make("daily", AT).note
    write(5)

    def compared(text: str) -> str:
        return auditor.post("/journal/checkpoints/", {"text": text}).context["comparison"].title

    typed = "\n".join(kept.split("\n")[:3])
    assert compared(kept) == "一致，签名有效"
    assert compared(kept.replace("\n", "\r\n")) == "一致，签名有效"
    assert compared(typed) == "一致，但没有签名"
    lines = kept.split("\n")
    assert compared("\n".join([lines[0], "4", *lines[2:]])) == "不一致：前 4 条与你保存时不同"
    assert compared("\n".join([lines[0], "11", *lines[2:]])) == "不一致：日志变短了"
    assert compared("\n".join([lines[0], "9" * 19, *lines[2:]])) == "不一致：日志变短了"
    assert compared("\n".join(["other/log", *lines[1:]])) == "是另一份日志的检查点"
    signature = kept.rstrip("\n").rpartition(" ")[2]
    assert compared(kept.replace(signature, signature[:-8] + "AAAAAAA=")) == "根一致，但签名无效"
    assert compared("hello") == compared("") == compared("\x00") == "读不出检查点"


def test_a_checkpoint_is_uploaded_as_a_file(auditor: Client) -> None:
    write(1)
    file = io.BytesIO(checkpoints.make("daily", AT).note.encode())
    file.name = "checkpoint.txt"

    answer = auditor.post("/journal/checkpoints/", {"text": "", "file": file})

    assert answer.context["comparison"].title == "一致，签名有效"


def test_the_auditor_has_a_checkpoint_signed_once_however_often_the_button_is_pressed(auditor: Client) -> None:
    write(1)

    for _ in range(2):
        assert auditor.post("/journal/checkpoints/sign/").status_code == 302

    assert list(Checkpoint.objects.values_list("size", "reason")) == [(1, "asked")]


def test_a_check_is_queued_once_and_its_result_shown(auditor: Client) -> None:
    write(3)
    checkpoints.make("daily", AT)
    for _ in range(2):
        auditor.post("/journal/verify/")

    assert auditor.get("/journal/").context["check"].waiting
    assert run_all() == 1
    page = auditor.get("/journal/").content.decode()
    assert "3 条连续，无缺号" in page
    assert "1 个检查点前后一致" in page


def test_get_never_exports(auditor: Client) -> None:
    assert {auditor.get(address).status_code for address in POSTED} == {405}


def test_an_export_is_an_entry_and_holds_it(auditor: Client) -> None:
    write(3)

    lines = body(auditor.post("/journal/export/")).splitlines()

    assert len(lines) == 1 + 4
    last = json.loads(lines[-1])
    assert (last["actor"], last["action"], last["object"]) == ("auditor", "journal:export", "journal")
    assert json.loads(last["payload"]) == {"entries": 4, "format": "jsonl"}


def test_a_table_holds_what_is_filtered_and_runs_nothing(auditor: Client) -> None:
    with change("office", AT) as log:
        log.says("unit:edit", "=1+1", {"x": 1})
        log.says("account:close", "@SUM(A1)", {})

    answer = auditor.post("/journal/export/", {"format": "csv", "area": "unit"})
    rows = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))

    assert len(rows) == 2
    assert rows[1][8] == rows[1][9] == "'=1+1"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    payload = json.loads(bytes(LogEntry.objects.get(seq=2).payload))
    assert payload == {"filters": {"area": "unit"}, "format": "csv"}


def test_the_words_of_a_search_are_sealed_in_the_entry_of_an_export(auditor: Client) -> None:
    body(auditor.post("/journal/export/", {"format": "csv", "q": "欧阳修"}))

    payload = json.loads(bytes(LogEntry.objects.get().payload))

    assert PersonalValue.objects.get(digest=payload["filters"]["q"]).value == "欧阳修"


def test_the_security_log_is_filtered_by_kind_user_address_and_day(auditor: Client) -> None:
    SecurityEvent.objects.all().delete()
    note("sign-in", "10.0.0.1", username="office", at=AT)
    note("sign-in:failed", "10.0.0.2", username="office", detail="reason=password", at=AT + timedelta(days=1))
    note("denied", "10.0.0.3", username="leader", at=AT + timedelta(days=2))

    def found(**asked: str) -> list[str]:
        return [row.kind for row in auditor.get("/journal/security/", asked).context["page"].rows]

    assert found() == ["denied", "sign-in:failed", "sign-in"]
    assert found(kind="denied") == ["denied"]
    assert found(username="Office") == ["sign-in:failed", "sign-in"]
    assert found(address="10.0.0.2") == ["sign-in:failed"]
    assert found(**{"from": "2026-11-21", "to": "2026-11-21"}) == ["sign-in:failed"]
    assert found(address="nonsense") == ["denied", "sign-in:failed", "sign-in"]


def test_the_security_log_takes_the_same_queries_for_3_and_for_200_events(
    auditor: Client, django_assert_num_queries: object
) -> None:
    standing = standing_of(User.objects.get(username="auditor"), AT.date())
    for number in (3, 200):
        for _ in range(number):
            note("sign-in", "10.0.0.1", username="office", at=AT)
        with django_assert_num_queries(1):  # type: ignore[operator]
            event_list(standing, EventFilter())
    page = auditor.get("/journal/security/").context["page"]

    older = auditor.get("/journal/security/" + page.older).context["page"]
    assert len(page.rows) == len(older.rows) == 50
    assert older.rows[0].pk < page.rows[-1].pk


def test_a_table_of_the_security_log_is_an_entry(auditor: Client) -> None:
    note("sign-in:failed", "10.0.0.2", username="=cmd", at=timezone.now())

    rows = list(
        csv.reader(
            io.StringIO(body(auditor.post("/journal/security/export/", {"kind": "sign-in:failed"})).decode("utf-8-sig"))
        )
    )

    assert rows[1][1:4] == ["登录失败", "sign-in:failed", "'=cmd"]
    assert LogEntry.objects.get().action == "security_log:export"
