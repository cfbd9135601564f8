"""Versions are kept once, never changed, removed only while nobody used them, frozen for ever by their first use."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from kaohe.standard.files import parse_standard
from kaohe.web.accounts.models import User
from kaohe.web.journal.append import change
from kaohe.web.journal.models import LogEntry
from kaohe.web.standards import procedure
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.queries import standard_of
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.standards.files import CONTENT, SECOND, edited, send
from tests.web.training.loaded import round_at, version_of

NOW = datetime(2010, 5, 18, 4, tzinfo=UTC)


@pytest.fixture
def office(signed_in: SignIn) -> Client:
    return signed_in("office")


@pytest.fixture
def frozen(city: City) -> StandardVersion:
    version = version_of(city.units["0001"])
    procedure.freeze(version, NOW)
    return StandardVersion.objects.get(pk=version.pk)


def entries(action: str) -> list[dict[str, str]]:
    found = LogEntry.objects.filter(action=action).order_by("seq")
    return [json.loads(bytes(entry.payload)) for entry in found]


def test_a_file_is_kept_byte_for_byte_and_told_to_the_journal(office: Client, city: City) -> None:
    answer = send(office, city.units["0001"], CONTENT, "市标准.yaml")

    kept = StandardVersion.objects.get()
    digest = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
    assert answer.headers["Location"] == f"/standards/{kept.pk}/"
    assert (kept.name, kept.version, kept.digest, kept.file_name) == ("benxi-2010", "1", digest, "市标准.yaml")
    assert bytes(kept.content) == CONTENT
    assert entries("standard:add") == [{"authority": "0001", "digest": digest, "name": "benxi-2010", "version": "1"}]


def test_the_same_file_twice_is_one_version(office: Client, city: City) -> None:
    first, second = (send(office, city.units["0001"], CONTENT) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert "已有，内容相同" in office.get(second.headers["Location"]).content.decode()
    assert len(entries("standard:add")) == 1


@pytest.mark.parametrize("used", [False, True])
def test_other_bytes_under_a_version_that_is_there_are_refused(office: Client, city: City, used: bool) -> None:
    there = version_of(city.units["0001"])
    if used:
        procedure.freeze(there, NOW)

    answer = send(office, city.units["0001"], CONTENT + b"# a remark\n")

    assert answer.status_code == 409
    assert "另给一个版本号" in answer.content.decode()
    assert bytes(StandardVersion.objects.get().content) == CONTENT
    assert entries("standard:add") == []


def test_two_authorities_keep_the_same_version_apart(office: Client, city: City) -> None:
    for code in ("0001", "X01"):
        send(office, city.units[code], CONTENT)

    assert sorted(StandardVersion.objects.values_list("authority__code", flat=True)) == ["0001", "X01"]


def test_one_of_the_library_is_taken_with_one_button(office: Client, city: City) -> None:
    asked = {"authority": city.units["0001"].pk, "name": "benxi-2010"}

    addresses = {office.post("/standards/library/", asked).headers["Location"] for _ in range(2)}

    kept = StandardVersion.objects.get()
    assert addresses == {f"/standards/{kept.pk}/"}
    assert bytes(kept.content) == CONTENT


@pytest.mark.parametrize(
    "asked",
    [{}, {"authority": "9" * 40}, {"authority": "\x00", "name": "benxi-2010"}, {"name": "../../etc/passwd"}],
)
def test_nothing_is_taken_that_was_not_offered(office: Client, city: City, asked: dict[str, str]) -> None:
    told = {"authority": str(city.units["0001"].pk), "name": "nothing"} | asked

    assert office.post("/standards/library/", told).status_code == 302
    assert not StandardVersion.objects.exists()


def test_nothing_is_taken_for_a_foreign_authority(office: Client, city: City) -> None:
    office.post("/standards/library/", {"authority": city.units["9001"].pk, "name": "benxi-2010"})
    answer = send(office, city.units["9001"], CONTENT)

    assert answer.status_code == 422
    assert not StandardVersion.objects.exists()


def test_a_version_that_nobody_used_is_removed(office: Client, city: City) -> None:
    version = version_of(city.units["0001"])

    assert office.post(f"/standards/{version.pk}/remove/").headers["Location"] == "/standards/"
    assert not StandardVersion.objects.exists()
    assert [told["version"] for told in entries("standard:remove")] == ["1"]
    assert office.post(f"/standards/{version.pk}/remove/").status_code == 404


def test_a_version_on_which_a_round_rests_is_not_removed(office: Client, city: City) -> None:
    made = round_at(city.units["0001"], User.objects.get(username="office"))

    office.post(f"/standards/{made.standard_id}/remove/")

    assert StandardVersion.objects.filter(pk=made.standard_id).exists()
    assert "移除这个版本" not in office.get(f"/standards/{made.standard_id}/").content.decode()
    assert entries("standard:remove") == []


def test_a_frozen_version_is_not_removed(office: Client, frozen: StandardVersion) -> None:
    office.post(f"/standards/{frozen.pk}/remove/")

    assert StandardVersion.objects.filter(pk=frozen.pk).exists()


def test_the_first_use_decides_since_when_a_version_is_frozen(frozen: StandardVersion) -> None:
    procedure.freeze(frozen, NOW + timedelta(days=1))

    assert StandardVersion.objects.get().frozen_at == NOW


def test_a_freeze_is_part_of_the_change_that_opens_a_round(city: City) -> None:
    version = version_of(city.units["0001"])

    with pytest.raises(ZeroDivisionError), change("office", NOW):
        procedure.freeze(version, NOW)
        _ = 1 / 0

    assert StandardVersion.objects.get().frozen_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE standards_standardversion SET content = %s",
        "UPDATE standards_standardversion SET digest = %s",
        "UPDATE standards_standardversion SET name = %s",
        "UPDATE standards_standardversion SET version = %s",
        "UPDATE standards_standardversion SET authority_id = authority_id + length(%s)",
        "UPDATE standards_standardversion SET frozen_at = NULL WHERE name <> %s",
        "DELETE FROM standards_standardversion WHERE name <> %s",
    ],
)
def test_the_database_refuses_to_change_what_was_used(frozen: StandardVersion, statement: str) -> None:
    value: object = b"other" if "content" in statement else "other"

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [value])

    assert StandardVersion.objects.filter(pk=frozen.pk, digest=frozen.digest, frozen_at=NOW).exists()


def test_the_database_refuses_to_replace_or_empty_what_was_used(frozen: StandardVersion) -> None:
    statement = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE standards_standardversion CASCADE"
    if connection.vendor == "sqlite":
        columns = "authority_id, name, version, title_zh, title_en, file_name, content, digest, added_at"
        statement = f"INSERT OR REPLACE INTO standards_standardversion ({columns}) SELECT {columns} FROM standards_standardversion"

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_nobody_used_can_still_be_corrected(city: City) -> None:
    version_of(city.units["0001"])

    assert StandardVersion.objects.update(digest="sha256:0") == 1


@pytest.mark.usefixtures("committed")
def test_tables_with_a_frozen_standard_can_be_emptied_between_tests(transactional_db: None) -> None:
    from tests.web.city import unit

    version = version_of(unit("0001", None, is_authority=True, peer_group=""))
    procedure.freeze(version, NOW)

    assert StandardVersion.objects.get().frozen_at == NOW


def test_a_version_as_a_value_is_read_once(city: City) -> None:
    first, second = version_of(city.units["0001"]), version_of(city.units["X01"])

    assert standard_of(first) is standard_of(second)
    assert standard_of(first).content == CONTENT


def test_a_second_version_stands_beside_the_first(office: Client, city: City) -> None:
    for content in (CONTENT, SECOND):
        send(office, city.units["0001"], content)

    assert list(StandardVersion.objects.values_list("version", flat=True)) == ["2", "1"]


def test_a_file_that_somebody_kept_meanwhile_is_the_version_that_is_there(city: City) -> None:
    authority, user = city.units["0001"], User.objects.get(username="office")
    file = parse_standard(edited(("step: 0.01", "step: 0.5")), "standard.yaml")
    made, is_new = procedure.add(authority, file, user, NOW)

    with pytest.raises(procedure.VersionTaken) as taken:
        procedure.take(authority, "benxi-2010", user, NOW)

    assert is_new
    assert taken.value.there == made
    assert procedure.add(authority, file, user, NOW) == (made, False)
