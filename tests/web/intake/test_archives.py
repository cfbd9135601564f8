"""A zipped folder is unpacked by its tables alone: no path, no bomb, no stranger gets further than the archive."""

import zipfile
from pathlib import Path

import pytest

from kaohe.fault import BadInput
from kaohe.web.intake import unpacking
from kaohe.web.intake.unpacking import unpack
from tests.web.intake.ledgers import zipped

UNITS = "code,name,peer_group\nU1,甲局,department\n"


def unpacked(folder: Path, content: bytes) -> tuple[list[str], unpacking.Unpacked]:
    """Unpack an archive; return the names of the files, and what was ignored."""
    archive, target = folder / "sent.zip", folder / "target"
    archive.write_bytes(content)
    target.mkdir()
    told = unpack(archive, target, "城市.zip")
    return sorted(path.name for path in target.iterdir()), told


def refusal(folder: Path, content: bytes) -> tuple[str, str, str | None]:
    """Unpack an archive that is refused; return the code of the fault, its file and what was found."""
    with pytest.raises(BadInput) as refused:
        unpacked(folder, content)
    fault = refused.value.faults.listed[0]
    return fault.code, fault.place.file, fault.found


def test_tables_at_the_top_come_out_under_their_names(tmp_path: Path) -> None:
    names, told = unpacked(tmp_path, zipped({"units.csv": UNITS, "PEOPLE.XLSX": b"x", "attendance.parquet": b"y"}))

    assert names == ["attendance.parquet", "people.xlsx", "units.csv"]
    assert (tmp_path / "target" / "units.csv").read_text("utf-8") == UNITS
    assert told.count == 0


def test_one_folder_around_them_is_fine_and_what_is_no_table_is_told(tmp_path: Path) -> None:
    files = {
        "本溪2010/units.csv": UNITS, "本溪2010/说明.docx": b"", "README.md": "", "__MACOSX/本溪2010/._units.csv": b"\0",
        "本溪2010/results/people.csv": "", "本溪2010/~$people.xlsx": b"", "本溪2010/.DS_Store": b"",
    }  # fmt: skip

    names, told = unpacked(tmp_path, zipped(files))

    assert names == ["units.csv"]
    assert told.count == 6
    assert told.ignored[0] == "本溪2010/说明.docx"
    assert len(told.ignored) == unpacking.NAMED


@pytest.mark.parametrize(
    "name",
    ["../units.csv", "../../target/../units.csv", "/units.csv", "..\\units.csv", "./../units.csv", "a/b/units.csv"],
)
def test_a_path_that_leads_elsewhere_is_left_alone(tmp_path: Path, name: str) -> None:
    names, told = unpacked(tmp_path, zipped({name: "evil", "people.csv": "x"}))

    assert names == ["people.csv"]
    assert told.count == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sent.zip", "target"]


def test_a_link_is_no_table(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("people.csv")
    link.external_attr = 0o120777 << 16
    archive = tmp_path / "made.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(link, "/etc/passwd")
        made.writestr("units.csv", UNITS)

    assert unpacked(tmp_path, archive.read_bytes())[0] == ["units.csv"]


def test_names_in_gb_18030_are_read(tmp_path: Path) -> None:
    raw = zipped({"zzzz/units.csv": UNITS, "zzzz/note.txt": ""}).replace(b"zzzz", "本溪".encode("gb18030"))

    names, told = unpacked(tmp_path, raw)

    assert names == ["units.csv"]
    assert told.ignored == ("本溪/note.txt",)


def test_what_unfolds_too_far_is_refused_while_it_unfolds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_UNFOLDED", 3 << 20)
    bomb = zipped({"units.csv": b"0" * (1 << 20), "attendance.csv": b"0" * (8 << 20)})

    assert len(bomb) < 20_000
    assert refusal(tmp_path, bomb)[0] == "archive_bomb"
    assert (tmp_path / "target" / "attendance.csv").stat().st_size <= 4 << 20


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    many = zipped({f"{n}.txt": b"" for n in range(unpacking.MOST_MEMBERS + 1)})

    assert refusal(tmp_path, many) == ("archive_too_many", "城市.zip", "1001")


def test_one_table_twice_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, zipped({"units.csv": UNITS, "Units.CSV": UNITS})) == (
        "archive_twice",
        "城市.zip",
        "units.csv",
    )


def test_a_password_is_refused(tmp_path: Path) -> None:
    raw = bytearray(zipped({"units.csv": UNITS}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1

    assert refusal(tmp_path, bytes(raw))[0] == "archive_encrypted"


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", zipped({"units.csv": UNITS * 50})[:-30], b""])
def test_a_damaged_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content)[0] == "archive_broken"


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    raw = bytearray(zipped({"units.csv": UNITS * 50}))
    raw[45] ^= 0xFF

    assert refusal(tmp_path, bytes(raw))[0] == "archive_broken"


@pytest.mark.parametrize("files", [{}, {"notes.txt": ""}, {"a/units.csv": UNITS, "b/people.csv": ""}])
def test_an_archive_without_a_table_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    assert refusal(tmp_path, zipped(files))[0] == "archive_empty"
