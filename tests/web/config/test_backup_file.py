"""A file that is brought as a backup is looked over before anything of it is believed."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from kaohe.web.config.backup import newest, prune
from kaohe.web.config.backup_reading import faults, manifest_of

NOW = datetime(2010, 6, 1, 8, 0, tzinfo=UTC)

Members = dict[str, bytes]


def written(path: Path, members: Members, **said: object) -> Path:
    manifest = {
        "format": "kaohe-backup/1", "database": "sqlite", "migrations": ["journal.0001_initial"], "rows": {"a": 1},
        "sha256": {name: sha256(content).hexdigest() for name, content in members.items()},
    } | said  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return path


def whole() -> Members:
    return {
        "database/kaohe.sqlite3": b"SQLite " * 4000,
        "files/a/印章.pdf": b"%PDF" * 4000,
        "kaohe.toml": b'title = "x"\n',
    }


def codes(path: Path) -> set[str]:
    return {fault.code for fault in faults(path)}


def test_a_whole_backup_has_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "b.zip", whole())

    assert codes(path) == set()
    with zipfile.ZipFile(path) as archive:
        assert manifest_of(archive).migrations == {("journal", "0001_initial")}


@pytest.mark.parametrize(
    "name",
    ["../kaohe.toml", "files/../keys/secret-key", "/etc/passwd", "files/..\\x", "C:/x", "keys/secret-key",
     "files/a:b", "files//x", "files/", "files", "database/a;b.copy", "database/../x.copy", "static/x", "files/./x"],
)  # fmt: skip
def test_a_member_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "b.zip", whole() | {name: b"x"})

    assert "backup_path" in codes(path)


def test_a_member_that_is_missing_surplus_or_there_twice_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "b.zip", whole())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("files/surplus", b"x")
    lacking = written(tmp_path / "c.zip", whole(), sha256={"files/lost": "0" * 64} | digests(whole()))
    twice = written(tmp_path / "d.zip", whole())
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("kaohe.toml", whole()["kaohe.toml"])

    assert {fault.place.path for fault in faults(path)} == {"files/surplus"}
    assert {fault.place.path for fault in faults(lacking)} == {"files/lost"}
    assert {fault.place.path for fault in faults(twice)} == {"kaohe.toml"}


def digests(members: Members) -> dict[str, str]:
    return {name: sha256(content).hexdigest() for name, content in members.items()}


def test_a_member_whose_content_was_changed_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "b.zip", whole() | {"kaohe.toml": b"title = 'y'\n"}, sha256=digests(whole()))

    assert [(fault.code, fault.place.path) for fault in faults(path)] == [("backup_differs", "kaohe.toml")]


def test_a_byte_flipped_anywhere_is_found(tmp_path: Path) -> None:
    path = written(tmp_path / "b.zip", whole())
    content = path.read_bytes()
    flipped = tmp_path / "f.zip"
    with zipfile.ZipFile(path) as archive:
        starts = [
            (info.header_offset + 30 + len(info.filename.encode()), info.compress_size) for info in archive.infolist()
        ]

    for start, size in starts:
        for position in range(start, start + size, 7):
            flipped.write_bytes(content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :])
            assert codes(flipped) & {"backup_broken", "backup_differs"}, position


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_cut_short_is_broken(tmp_path: Path, share: float) -> None:
    path = written(tmp_path / "b.zip", whole())
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert codes(path) == {"backup_broken"}


@pytest.mark.parametrize(
    "break_it",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"not a zip"),
        lambda path: zipfile.ZipFile(path, "w").close(),
        lambda path: written(path, whole(), format="another/1"),
        lambda path: written(path, whole(), sha256=["x"]),
        lambda path: written(path, whole(), rows={"a": "many"}),
        lambda path: written(path, whole(), migrations=None),
    ],
)
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, break_it: Callable[[Path], object]) -> None:
    path = written(tmp_path / "b.zip", whole())
    break_it(path)

    assert codes(path) == {"backup_broken"}


def test_the_newest_backups_are_kept(tmp_path: Path) -> None:
    names = [f"kaohe-201005{day:02}-010203.zip" for day in range(1, 6)]
    for name in [*names, "notes.zip", "kaohe.toml"]:
        (tmp_path / name).touch()

    removed = prune(tmp_path, 2, NOW)

    assert [path.name for path in removed] == names[:3]
    assert {path.name for path in tmp_path.iterdir()} == {*names[3:], "notes.zip", "kaohe.toml"}
    assert newest(tmp_path, NOW) == tmp_path / names[4]
    assert prune(tmp_path, 0, NOW) == []


def test_backups_of_a_clock_that_was_ahead_are_not_kept_before_those_of_today(tmp_path: Path) -> None:
    names = ["kaohe-20990101-020000.zip", "kaohe-20990102-020000.zip", "kaohe-20100517-020000.zip"]
    for name in names:
        (tmp_path / name).touch()

    removed = prune(tmp_path, 2, NOW)

    assert [path.name for path in removed] == names[:1]
    assert newest(tmp_path, NOW) == tmp_path / names[2]
