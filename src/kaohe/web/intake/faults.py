"""Faults and notes as an import keeps them: plain data."""

from typing import TYPE_CHECKING, Any

from kaohe.fault import Fault, Faults, Place
from kaohe.web.intake.models import Import

if TYPE_CHECKING:
    from kaohe.ledger.sources import Note


def told_as_data(faults: Faults) -> dict[str, Any]:
    """Return faults as an import keeps them; `counts` says how many there are, and how many of a file are not listed."""
    listed = [
        {"code": f.code, "file": f.place.file, "row": f.place.row, "column": f.place.column, "found": f.found, "values": dict(f.values)}
        for f in faults.listed
    ]  # fmt: skip
    counts = {"faults": len(faults), **({"more": dict(faults.more)} if faults.more else {})}
    return {"faults": _without_nul(listed), "more_faults": len(faults) - len(listed), "counts": counts}


def faults_of(found: Import) -> list[Fault]:
    """Return the faults of an import as values."""
    return [Fault(f["code"], Place(f["file"], f["row"], f["column"]), f["found"], f["values"]) for f in found.faults]


def note_as_data(note: "Note") -> dict[str, Any]:
    """Return a note of the reader's as an import keeps it."""
    noted: dict[str, Any] = _without_nul(
        {"code": note.code, "file": note.place.file, "row": note.place.row, "column": note.place.column}
    )
    return noted


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps no NUL in a text."""
    if isinstance(value, str):
        return value.replace("\0", "␀")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return {name: _without_nul(item) for name, item in value.items()} if isinstance(value, dict) else value
