"""The doctor finds what is wrong, and says what mends it."""

import dataclasses
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kaohe.web.accounts.models import User
from kaohe.web.config import certificates, doctor
from kaohe.web.config.configuration import Configuration
from kaohe.web.config.deployment import make_secret
from kaohe.web.config.doctor import examine
from kaohe.web.config.finding import Finding
from kaohe.web.jobs.models import Job
from kaohe.web.journal import checkpoints
from kaohe.web.organisation.models import Unit
from tests.web.city import City
from tests.web.config.places import FIRST, SERVER, Deployment

NOW = datetime(2010, 6, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def sound(city: City, tmp_path: Path) -> Configuration:
    """A deployment that nothing is wrong with but what every new one lacks."""
    home = tmp_path / "home"
    make_secret(home)
    security = User.objects.get(username="security")
    security.set_password("correct horse battery staple")
    security.save()
    certificate, key = certificates.make(home / "keys", "考核", ["10.0.0.5"], NOW)
    (home / "backups").mkdir()
    backup = home / "backups" / "kaohe-20100601-020000.zip"
    backup.touch()
    os.utime(backup, (NOW.timestamp(), NOW.timestamp()))
    return dataclasses.replace(
        settings.CONFIGURATION, home=home, demo=False, tls_cert=str(certificate), tls_key=str(key)
    )  # fmt: skip


def worst(configuration: Configuration, now: datetime = NOW) -> list[Finding]:
    return [finding for finding in examine(configuration, now) if finding.level == "bad" and not _of_tests(finding)]


def _of_tests(finding: Finding) -> bool:
    """Whether it speaks of the settings of the tests themselves, which are not those of a deployment."""
    return bool(re.match(r"security\.W|staticfiles\.", finding.en))


def said(configuration: Configuration, now: datetime = NOW) -> str:
    return "\n".join(f"{finding.level} {finding.en}" for finding in examine(configuration, now))


def test_a_sound_deployment_has_nothing_to_mend(sound: Configuration) -> None:
    assert worst(sound) == []
    assert "good the session key is there" in said(sound)
    assert "good the certificate lasts until 2011-" in said(sound)
    assert "good background work goes well" in said(sound)
    assert ("the database answers (PostgreSQL" if SERVER else "the database is sound (SQLite") in said(sound)


def test_every_finding_is_in_both_languages_and_says_what_mends_it(sound: Configuration) -> None:
    for finding in examine(dataclasses.replace(sound, secret_key="", tls_cert="", tls_key=""), NOW):
        assert finding.zh
        assert finding.en
        assert not re.search("[\u4e00-\u9fff]{4}", finding.en.replace(sound.title, "")), finding.en
        if finding.level != "good" and not _of_tests(finding):
            assert finding.mend_zh
            assert finding.mend_en


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tls_key": ""}, "setting tls_cert: a certificate without its key"),
        ({"tls_cert": __file__}, "setting tls_cert: test_doctor.py and server.key cannot be used"),
        ({"tls_cert": "lost.crt"}, "setting tls_cert: there is no such file"),
        ({"hosts": ("*",)}, "setting hosts: the hosts hold a wildcard"),
        ({"standard": "benxi-2011"}, "setting standard: there is no standard benxi-2011"),
    ],
)
def test_settings_with_which_nothing_would_be_served_are_found(
    sound: Configuration, changes: dict[str, object], said: str
) -> None:
    (found,) = worst(dataclasses.replace(sound, **changes))  # type: ignore[arg-type]

    assert said in found.en
    assert found.mend_en == "mend it first, or `kaohe serve` will not start"


def test_a_missing_session_key_is_found(sound: Configuration) -> None:
    assert [f.en for f in worst(dataclasses.replace(sound, secret_key="x"))] == [
        "the session key is missing or too short"
    ]


@pytest.mark.parametrize("name", ["keys/secret-key", "keys", "kaohe.sqlite3", "kaohe.toml"])
def test_what_others_can_read_is_named(sound: Configuration, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAOHE_CONFIG")
    path = sound.home / name
    if not path.exists():
        path.touch()
    path.chmod(0o755)
    listed = name if name != "keys" else None

    found = [f.en for f in worst(sound)]

    assert found == ([f"others can read: {listed}"] if listed else [])
    path.chmod(0o700)
    sound.home.chmod(0o755)
    assert [f.en for f in worst(sound)] == ["others can read: home"]


def test_a_certificate_that_ends_or_has_ended_is_found(sound: Configuration) -> None:
    assert "warn the certificate ends on" in said(sound, NOW + timedelta(days=380))
    assert "bad the certificate ended on" in said(sound, NOW + timedelta(days=400))


def test_a_certificate_that_cannot_be_read_is_found(sound: Configuration) -> None:
    Path(sound.tls_cert).write_text("nothing", "utf-8")

    assert any("server.crt and server.key cannot be used" in finding.en for finding in worst(sound))


def test_plain_http_is_told(sound: Configuration) -> None:
    assert "warn no certificate" in said(dataclasses.replace(sound, tls_cert="", tls_key=""))


def test_backups_that_lack_or_are_old_are_told(sound: Configuration) -> None:
    assert "warn the newest backup is 3 days old" in said(sound, NOW + timedelta(days=3))
    assert "warn the newest backup, kaohe-20100601-020000.zip, is of a day to come" in said(
        sound, NOW - timedelta(days=3)
    )
    (sound.home / "backups" / "kaohe-20100601-020000.zip").unlink()
    assert "warn there is no backup yet" in said(sound)


def test_a_migration_that_is_pending_is_found(sound: Configuration) -> None:
    (last,) = MigrationLoader(connection).graph.leaf_nodes("intake")
    MigrationRecorder(connection).record_unapplied(*last)

    assert any("the database lacks" in finding.en for finding in worst(sound))


def test_tables_of_a_newer_version_are_found(sound: Configuration) -> None:
    MigrationRecorder(connection).record_applied("journal", "0099_future")

    assert [f.en for f in worst(sound)] == ["the database is of a newer version (journal.0099_future)"]


def test_where_no_security_administrator_can_sign_in_it_is_found(sound: Configuration) -> None:
    security = User.objects.get(username="security")
    security.set_unusable_password()
    security.save()

    assert [f.en for f in worst(sound)] == ["no security administrator can sign in"]


def test_accounts_of_a_demonstration_are_found(sound: Configuration) -> None:
    User.objects.filter(username="office").update(demo=True)

    assert [f.en for f in worst(sound)] == ["accounts of the demonstration in a real system"]


def job(state: str, **values: object) -> Job:
    return Job.objects.create(kind="backup", state=state, created_at=NOW, run_after=NOW - timedelta(hours=1), **values)


def test_work_that_failed_or_waits_is_found(sound: Configuration) -> None:
    job("failed", finished_at=NOW - timedelta(days=1))
    job("queued")
    job("running", lease="x", lease_until=NOW - timedelta(hours=1))

    assert [f.en for f in worst(sound)] == ["jobs that have waited for over 10 minutes: 2"]
    assert "warn jobs that failed in the last 7 days: 1" in said(sound)


def test_a_journal_key_that_was_lost_is_found(sound: Configuration) -> None:
    checkpoints.make("asked", NOW)
    key = settings.CONFIGURATION.keys / "journal-key"
    assert "good the latest checkpoint: 2010-06-01" in said(sound)
    kept = key.read_bytes()
    key.unlink()

    try:
        assert [f.en for f in worst(sound)] == ["the key that signs checkpoints is missing"]
    finally:
        key.write_bytes(kept)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "the key that signs checkpoints is damaged"),
        (b"kaohe/10.0.0.9\n" + b"A" * 43 + b"=\n", "the key that signs checkpoints is another system's"),
    ],
)
def test_a_journal_key_that_is_not_the_right_one_is_found(sound: Configuration, content: bytes, said: str) -> None:
    checkpoints.make("asked", NOW)
    key = settings.CONFIGURATION.keys / "journal-key"
    kept = key.read_bytes()
    key.write_bytes(content)

    try:
        assert [f.en for f in worst(sound)] == [said]
    finally:
        key.write_bytes(kept)


def test_every_face_is_told_and_what_it_lacks_of_names(sound: Configuration) -> None:
    Unit.objects.filter(code="D01").update(name="龘\U000323af局")

    told = said(sound)

    for role in ("小标宋", "仿宋", "楷体", "黑体", "宋体"):
        assert re.search(rf"(good|warn) {role}: \S", told)
    assert re.search(r"warn \S+ lacks: .*\U000323af", told)


def test_a_disk_that_is_nearly_full_is_found(sound: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe.web.config.doctor.LEAST_FREE", 1 << 60)

    assert re.fullmatch(r"only [\d.]+ GB of the disk are free", worst(sound)[0].en)


def test_a_database_that_does_not_keep_its_settings_is_found(
    sound: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    if SERVER:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
    else:  # inside a test's transaction SQLite lets nobody change it: ask for another value instead
        monkeypatch.setitem(doctor.PRAGMAS, "synchronous", "3")

    assert re.search("synchronous_commit off" if SERVER else "synchronous=2", " ".join(f.en for f in worst(sound)))


def test_the_command_answers_in_both_languages_by_its_exit_status(founded: Deployment) -> None:
    founded.query("UPDATE accounts_user SET password = 'argon2$x'")

    fine, zh = founded.run("doctor"), founded.run("doctor", language="zh")
    (founded.home / "keys" / "secret-key").chmod(0o644)
    bad = founded.run("doctor")

    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert "✓ the session key is there" in fine.stdout
    assert "! there is no backup yet  ->  run `kaohe backup`" in fine.stdout
    assert "✓ 会话密钥在" in zh.stdout
    assert "（代用）　→　把单位的字体放进一个文件夹" in zh.stdout
    assert bad.returncode == 1
    assert "✗ others can read: keys/secret-key" in bad.stdout


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    founded = Deployment(tmp_path / "on-sqlite")
    assert founded.run("init", *FIRST).returncode == 0
    founded.query("PRAGMA wal_checkpoint(TRUNCATE)")
    file = founded.home / "kaohe.sqlite3"
    content = bytearray(file.read_bytes())
    ((page,),) = founded.query("SELECT rootpage FROM sqlite_master WHERE name = 'accounts_user'")
    assert isinstance(page, int)
    content[(page - 1) * 4096 : (page - 1) * 4096 + 200] = b"\xff" * 200
    file.write_bytes(bytes(content))

    done = founded.run("doctor")

    assert done.returncode == 1
    assert "✗ the database file is damaged" in done.stdout
