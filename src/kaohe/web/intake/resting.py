"""What keeps an import from being taken back: of units and people, and of the ledger; and the same in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kaohe.web.intake import organised
from kaohe.web.intake.bounds import ledger_tables
from kaohe.web.intake.models import Import
from kaohe.web.intake.naming import names_of, parts_of
from kaohe.web.intake.said import saying_of
from kaohe.web.intake.target import Target
from kaohe.web.intake.targets import TARGETS, target_of
from kaohe.web.intake.titles import title_of
from kaohe.web.lang.choice import say
from kaohe.web.training.resting import Resting as LedgerResting
from kaohe.web.training.resting import resting_on as resting_in_ledger
from kaohe.web.training.rows import Image

SHOWN = 60


@dataclass(frozen=True, slots=True)
class RestingLine:
    """A row that keeps an import from being taken back, and why."""

    table: str
    key: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RestingShown:
    """What keeps an import from being taken back: the first of them, and how many there are.

    tabled: there are several tables, or records without names, so that each line says its table instead.
    """

    lines: tuple[RestingLine, ...]
    total: int
    tabled: bool

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.total - len(self.lines)


def rests(found: Import) -> bool:
    """Whether anything keeps a confirmed import from being taken back."""
    return bool(_in_ledger(found)) or bool(organised.resting_on(found, organised.parts_of(found)))


def _in_ledger(found: Import) -> LedgerResting:
    if found.change is None or not ledger_tables(found):
        return LedgerResting(0, ())
    return resting_in_ledger(found.change, found.authority)


def resting_shown(found: Import) -> RestingShown:
    """Return what keeps a confirmed import from being taken back, in words."""
    ledger, parts = _in_ledger(found), organised.parts_of(found)
    resting = organised.resting_on(found, parts)
    lines = list(_organised_lines(found, resting))
    lines += _ledger_lines(found, ledger)
    total = len(resting.changed) + len(resting.held) + ledger.count
    return RestingShown(tuple(lines[:SHOWN]), total, tabled=found.table not in TARGETS)


def _organised_lines(found: Import, resting: organised.Resting) -> list[RestingLine]:
    lines = []
    for table in dict.fromkeys(table for table, _ in (*resting.changed, *resting.held)):
        target = target_of(table)
        changed = [row for each, row in resting.changed if each == table]
        held = [one for each, one in resting.held if each == table]
        images = target.images(found.authority, {*(row.key for row in changed), *(one.key for one in held)})
        for row in changed:
            why = _why_changed(target, row.after, images.get(row.key))
            lines.append(RestingLine(title_of(table), row.key, _name(row.after), why))
        for one in held:
            name, why = _name(images.get(one.key)), _why_held(one.what, one.count)
            lines.append(RestingLine(title_of(table), one.key, name, why))
    return lines


def _ledger_lines(found: Import, resting: LedgerResting) -> Iterator[RestingLine]:
    names = names_of(found, (one.image for one in resting.first))
    for one in resting.first:
        stands = (names.said(one.table, part, one.image) for part in parts_of(found, one.table))
        name = str(one.image.get(saying_of(one.table).name, "")) or say("，", ", ").join(filter(None, stands))
        yield RestingLine(title_of(one.table), one.key, name, say(*one.why))


def _name(image: Mapping[str, Any] | None) -> str:
    return str((image or {}).get("name", ""))


def _why_changed(target: Target, after: Image | None, now: Image | None) -> str:
    if now is None:
        return say("之后已删除", "removed since")
    names = [name for name in target.fields if (after or {}).get(name) != now.get(name)]
    if not names:
        return say("之后的经过有变", "its past was changed since")
    said = [
        f"{say(*target.fields[name])} {target.shown(name, (after or {}).get(name)) or '—'} → {target.shown(name, now.get(name)) or '—'}"
        for name in names
    ]
    return say("之后改过：", "changed since: ") + say("；", "; ").join(said)


def _why_held(what: tuple[str, str], count: int) -> str:
    return say(
        f"已有 {count:,} 条{what[0]}记在它名下" if what[0] != "账号" else f"已有 {count:,} 个账号",
        f"{count:,} {what[1]} rest on it",
    )
