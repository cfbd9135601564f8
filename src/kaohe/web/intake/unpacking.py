"""A zipped city folder, unpacked: only files of its tables, under names of ours, never more than is allowed.

Nothing of a member's path is used: a file is written under its table's name. What comes out is counted while it comes
out, whatever the archive says of its sizes.
"""

import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.tables import EXTENSIONS, TABLES
from kaohe.web.intake.uploads import LARGEST_UNFOLDED, MOST_MEMBERS

_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
"""What zipfile raises on a damaged archive, or one that is packed in a way it does not know."""
_NAMES = re.compile(rf"({'|'.join(table.name for table in TABLES)})\.({'|'.join(EXTENSIONS)})")
_UTF8, _ENCRYPTED = 0x800, 0x1
_ASIDE = ("__MACOSX", "results")
"""Folders that may stand beside the tables; nothing in them is one."""
NAMED = 5


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was left in an archive: the first names, and how many in all."""

    ignored: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _Member:
    info: zipfile.ZipInfo
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def target(self) -> str:
        """The name under which it is written; empty where it is no file of a table."""
        return self.name.lower() if _NAMES.fullmatch(self.name.lower()) and not _is_link(self.info) else ""


def unpack(archive: Path, folder: Path, name: str) -> Unpacked:
    """Unpack the tables of an archive into a folder; raise BadInput, its fault under `name`, where it is not to be read."""
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = opened.infolist()
            if len(infos) > MOST_MEMBERS:
                raise _refused("archive_too_many", name, str(len(infos)))
            members = [_Member(info, _parts(info)) for info in infos if not info.is_dir()]
            tables = _tables(members, name)
            left = LARGEST_UNFOLDED
            for member in tables:
                left -= _write(opened, member, folder / member.target, left, name)
    except _BROKEN as error:
        raise _refused("archive_broken", name) from error
    ignored = ["/".join(member.parts) for member in members if member not in tables]
    return Unpacked(tuple(ignored[:NAMED]), len(ignored))


def _tables(members: Iterable[_Member], name: str) -> list[_Member]:
    """Return the files of tables: those at the top, or else those in the one folder that holds any."""
    usable = [member for member in members if member.target and not _is_aside(member)]
    found = [member for member in usable if len(member.parts) == 1]
    folders = {member.parts[0] for member in usable if len(member.parts) == 2}
    if not found and len(folders) == 1:
        found = [member for member in usable if len(member.parts) == 2]
    twice = next((each for each, count in Counter(member.target for member in found).items() if count > 1), None)
    if twice is not None:
        raise _refused("archive_twice", name, twice)
    if not found:
        raise _refused("archive_empty", name)
    return found


def _write(opened: zipfile.ZipFile, member: _Member, target: Path, left: int, name: str) -> int:
    if member.info.flag_bits & _ENCRYPTED:
        raise _refused("archive_encrypted", name)
    size = 0
    with opened.open(member.info) as source, target.open("xb") as stream:
        while chunk := source.read(_CHUNK):
            size += stream.write(chunk)
            if size > left:
                raise _refused("archive_bomb", name)
    return size


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the steps of a member's path; many systems write names in UTF-8 or GB 18030 without saying so."""
    path = info.filename
    if not info.flag_bits & _UTF8:
        written = path.encode("cp437", "replace")
        try:
            path = written.decode("utf-8")
        except UnicodeError:
            path = written.decode("gb18030", "replace")
    return PurePosixPath(path.replace("\\", "/")).parts or ("",)


def _is_aside(member: _Member) -> bool:
    return any(part in _ASIDE or part.startswith((".", "~$", "/")) for part in member.parts)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _refused(code: str, name: str, found: str | None = None) -> BadInput:
    return BadInput(Faults.of([Fault(code, Place(name), found)]))
