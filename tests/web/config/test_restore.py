"""A backup taken while people write comes back into an empty place: same rows, same files, the journal verifies."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.config.conftest import NewDeployment
from tests.web.config.places import SERVER, Deployment

WRITER = """
import threading
from datetime import datetime, UTC
from django.db.models import F
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
unit = Unit.objects.get()
while not over.is_set():
    now = datetime.now(UTC)
    with change("system", now) as log:
        Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1)
        log.says("unit:edit", f"unit {unit.pk}", {"by": sys.argv[1]})
    print("written", flush=True)
"""
EDITS = "SELECT COUNT(*) FROM journal_logentry WHERE action = 'unit:edit'"


def backup_of(place: Deployment, folder: Path) -> Path:
    done = place.run("backup", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("kaohe-*.zip")
    return path


def change_zip(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write a zip anew after its members were changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def change_manifest(path: Path, **changes: object) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()

    change_zip(path, change)


@pytest.fixture
def place(founded: Deployment) -> Deployment:
    """A deployment with files and a setting of its own."""
    (founded.home / "files" / "2010").mkdir(parents=True)
    (founded.home / "files" / "2010" / "印章.pdf").write_bytes(b"%PDF" * 700_000)
    (founded.home / "files" / "empty").touch()
    return founded


def test_everything_comes_back(place: Deployment, nowhere: NewDeployment, tmp_path: Path) -> None:
    path, empty = backup_of(place, tmp_path / "out"), nowhere()

    done = empty.run("restore", str(path))

    assert done.returncode == 0, done.stderr + done.stdout
    assert "Verified" in done.stdout
    before, after = place.content(), empty.content()
    assert set(after) == set(before)
    assert {table for table in before if after[table] != before[table]} <= {"django_cache", "django_session"}
    for name in ("files/2010/印章.pdf", "files/empty"):
        assert (empty.home / name).read_bytes() == (place.home / name).read_bytes()
    assert 'title = "行政机关' in (empty.home / "kaohe.toml").read_text("utf-8")


def test_numbers_go_on_after_a_restoration(place: Deployment, nowhere: NewDeployment, tmp_path: Path) -> None:
    path, empty = backup_of(place, tmp_path / "out"), nowhere()
    assert empty.run("restore", str(path)).returncode == 0

    writer = empty.start(WRITER, "again")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "written\n"
    writer.communicate()

    made = empty.python(
        "from datetime import datetime, UTC\nfrom kaohe.web.organisation import founding\n"
        "print(founding.found('9001', '另一处', datetime.now(UTC)).pk)"
    )
    assert int(made) > 1


def test_people_go_on_writing_while_it_is_backed_up(
    place: Deployment, nowhere: NewDeployment, tmp_path: Path
) -> None:  # fmt: skip
    writers = [place.start(WRITER, name) for name in ("one", "two")]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()

    path, empty = backup_of(place, tmp_path / "out"), nowhere()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0

    done = empty.run("restore", str(path))
    assert done.returncode == 0, done.stderr + done.stdout
    ((edits,),), ((version,),) = empty.query(EDITS), empty.query("SELECT version FROM organisation_unit")
    assert edits > 1
    assert version == edits + int(place.query("SELECT version FROM organisation_unit")[0][0]) - int(
        place.query(EDITS)[0][0]
    )  # type: ignore[call-overload]
    statement = "SELECT leaf FROM journal_logentry ORDER BY seq"
    kept, all_of_it = empty.query(statement), place.query(statement)
    assert [bytes(leaf) for (leaf,) in kept] == [bytes(leaf) for (leaf,) in all_of_it][: len(kept)]  # type: ignore[call-overload]
    assert len(kept) < len(all_of_it)


def test_what_was_acknowledged_survives_the_end_of_its_process(place: Deployment) -> None:
    (begun,) = place.query(EDITS)[0]
    writer = place.start(WRITER, "one")
    assert writer.stdout is not None
    for _ in range(20):
        writer.stdout.readline()

    writer.kill()
    acknowledged = 20 + writer.communicate()[0].count("written")

    (edits,) = place.query(EDITS)[0]
    assert edits - begun in (acknowledged, acknowledged + 1)  # type: ignore[operator]
    assert place.run("journal", "verify").returncode == 0


def test_a_backup_holds_no_key(place: Deployment, tmp_path: Path) -> None:
    with (place.home / "kaohe.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'secret_key = "{"geheim-" * 10}"\n')

    path = backup_of(place, tmp_path / "out")

    secrets = [
        line
        for file in (place.home / "keys").iterdir()
        if file.suffix != ".crt"
        for line in file.read_text("utf-8").splitlines()
        if len(line) > 30
    ]
    assert len(secrets) >= 4
    with zipfile.ZipFile(path) as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert [secret for secret in [*secrets, "geheim-", "/?host="] if secret.encode() in content] == []
    assert path.stat().st_mode & 0o077 == 0


def test_sessions_stay_behind(place: Deployment, tmp_path: Path) -> None:
    place.query(
        "INSERT INTO django_session VALUES ('a-session-of-somebody', 'its-secret-content', '2030-01-01 00:00:00')"
    )

    path = backup_of(place, tmp_path / "out")

    with zipfile.ZipFile(path) as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert b"a-session-of-somebody" not in content
    assert b"its-secret-content" not in content


def test_a_place_that_is_not_empty_is_refused_and_stays_as_it_is(
    place: Deployment, founded_once: Deployment, made: list[Deployment], nowhere: NewDeployment, tmp_path: Path
) -> None:
    path, other = backup_of(place, tmp_path / "out"), founded_once.copied(tmp_path / "other")
    made.append(other)
    before = other.content()
    filled = nowhere()
    (filled.home / "files").mkdir(parents=True)
    (filled.home / "files" / "mine.txt").write_text("mine", "utf-8")

    refused, also = other.run("restore", str(path)), filled.run("restore", str(path))

    assert (refused.returncode, also.returncode) == (2, 2)
    assert "the database is not empty" in refused.stderr
    assert "there are files here" in also.stderr
    assert other.content() == before
    assert filled.tables() == [] if SERVER else not (filled.home / "kaohe.sqlite3").exists()
    assert [p.name for p in filled.home.rglob("*")] == ["files", "mine.txt"]


def test_another_kind_of_database_and_a_newer_version_are_refused(
    place: Deployment, nowhere: NewDeployment, tmp_path: Path
) -> None:
    path, empty = backup_of(place, tmp_path / "out"), nowhere()
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    foreign, newer = shutil.copy(path, tmp_path / "foreign.zip"), shutil.copy(path, tmp_path / "newer.zip")
    change_manifest(foreign, database="oracle")
    change_manifest(newer, migrations=[*manifest["migrations"], "journal.0099_from_the_future"])

    refused, also = empty.run("restore", str(foreign)), empty.run("restore", str(newer), language="zh")

    assert (refused.returncode, also.returncode) == (2, 2)
    assert "it is a backup of oracle" in refused.stderr
    assert "备份来自更新的版本（journal.0099_from_the_future）" in also.stderr
    assert not empty.home.exists()


def test_what_contradicts_itself_leaves_nothing(place: Deployment, nowhere: NewDeployment, tmp_path: Path) -> None:
    path, empty = backup_of(place, tmp_path / "out"), nowhere()
    rows = json.loads(zipfile.ZipFile(path).read("manifest.json"))["rows"]
    change_manifest(path, rows=rows | {"organisation_unit": 7})

    refused = empty.run("restore", str(path))

    assert refused.returncode == 2
    assert "organisation_unit: 1 instead of 7" in refused.stderr
    assert not empty.home.exists()
    assert not SERVER or empty.tables() == []


def test_an_older_state_of_the_tables_is_brought_up_to_date(
    place: Deployment, nowhere: NewDeployment, tmp_path: Path
) -> None:
    place.python(
        "from django.core.management import call_command\ncall_command('migrate', 'intake', '0001', verbosity=0)"
    )
    path, empty = backup_of(place, tmp_path / "out"), nowhere()

    done = empty.run("restore", str(path))

    assert done.returncode == 0, done.stderr + done.stdout
    assert empty.python("from kaohe.web.config import deployment\nprint(deployment.pending())") == "[]\n"
    assert len(empty.content()["organisation_unit"]) == 1


def test_migrating_backs_up_first_and_serving_waits_for_it(place: Deployment) -> None:
    place.python(
        "from django.core.management import call_command\ncall_command('migrate', 'intake', '0001', verbosity=0)"
    )

    refused, done = place.run("serve", "--port", "0"), place.run("migrate")

    assert refused.returncode == 2
    assert re.search(r"the database lacks \d steps; run `kaohe migrate` first", refused.stderr)
    assert done.returncode == 0, done.stderr
    (path,) = (place.home / "backups").glob("kaohe-*.zip")
    assert (
        "intake.0002_tokens_and_attempts" not in json.loads(zipfile.ZipFile(path).read("manifest.json"))["migrations"]
    )
    assert place.run("migrate").stdout == "The database is up to date (0 steps).\n"
    assert len(list((place.home / "backups").iterdir())) == 1


def test_a_database_of_a_newer_version_is_not_served_and_not_migrated(place: Deployment) -> None:
    place.query("INSERT INTO django_migrations (app, name, applied) VALUES ('journal', '0099_future', '2030-01-01')")

    served, migrated = place.run("serve", "--port", "0"), place.run("migrate")

    assert (served.returncode, migrated.returncode) == (2, 2)
    assert "the database is of a newer version (journal.0099_future)" in served.stderr
    assert "of a newer version" in migrated.stderr
