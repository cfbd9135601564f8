"""What becomes of a round: drafted, changed, removed, opened, closed. One transaction each, one entry in the journal.

A change of a round holds its authority first and then the round, so that two of them wait for each other in one order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kaohe.web.accounts.models import User
from kaohe.web.journal.acts import act_done
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.opening import hindrances, present_units
from kaohe.web.rounds.signals import round_closed, round_opened
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.procedure import freeze

FIELDS = ("standard", "kind", "year", "start", "end", "due")


class ChangedMeanwhile(Exception):
    """Raised where somebody else changed the draft after it was read."""


class NotADraft(Exception):
    """Raised where a round was opened already and can no longer be changed, removed or opened."""


class NotOpen(Exception):
    """Raised where a round that takes no records is to be closed."""


class NotReady(Exception):
    """Raised where something hinders the opening (`opening.hindrances`)."""


class AlreadyThere(Exception):
    """Raised where the authority has a round of that kind and year under that standard."""


class StandardGone(Exception):
    """Raised where the version of the standard was removed after it was chosen."""


@dataclass(frozen=True, slots=True)
class RoundWords:
    """What a draft is to be."""

    authority: Unit
    standard: StandardVersion
    kind: str
    year: int
    start: date
    end: date
    due: date
    units: Sequence[Unit]

    @property
    def plain(self) -> dict[str, Any]:
        """The columns of the round."""
        return {name: getattr(self, name) for name in FIELDS}


def create_round(words: RoundWords, actor: User, now: datetime) -> Round:
    """Make a draft, as `round:create`. Raises AlreadyThere, StandardGone."""
    with change(actor.username, now) as log:
        _hold(words.authority.pk)
        _hold_standard(words.standard.pk)
        _refuse_twice(words, 0)
        made = Round.objects.create(authority=words.authority, made_by=actor, made_at=now, **words.plain)
        _write_units(made, words.units)
        told = {name: _value(value) for name, value in words.plain.items()}
        codes = sorted(unit.code for unit in words.units)
        log.says("round:create", f"round {made.pk}", {"authority": words.authority.code, **told, "units": codes})
    return made


def change_round(pk: int, version: int, words: RoundWords, actor: User, now: datetime) -> bool:
    """Write what a draft is to be, as `round:change` with old and new; False where nothing differs.

    Raises NotADraft, ChangedMeanwhile, AlreadyThere, StandardGone; Round.DoesNotExist where it was removed.
    """
    with change(actor.username, now) as log:
        _hold(words.authority.pk)
        stored = _draft(pk, version)
        told = _differences(stored, words)
        if not told:
            return False
        _hold_standard(words.standard.pk)
        _refuse_twice(words, pk)
        Round.objects.filter(pk=pk).update(**words.plain, version=version + 1)
        _write_units(stored, words.units)
        log.says("round:change", f"round {pk}", told)
    return True


def remove_round(pk: int, version: int, actor: User, now: datetime) -> None:
    """Remove a draft, as `round:remove`. Raises what `change_round` does."""
    with change(actor.username, now) as log:
        draft = _draft(pk, version)
        log.says("round:remove", f"round {pk}", {"kind": draft.kind, "year": draft.year, "units": draft.units.count()})
        draft.delete()


def open_round(pk: int, version: int, actor: User, now: datetime) -> None:
    """Have a draft take records, as `round:open`: its standard is frozen, its units are written as they are now.

    A formal act, of which a checkpoint is signed. Raises NotReady, and what `change_round` does.
    """
    with change(actor.username, now) as log:
        draft = _draft(pk, version)
        if hindrances(draft):
            raise NotReady
        _write_units(draft, present_units(draft))
        freeze(draft.standard, now)
        draft.state, draft.opened_at, draft.version = State.REPORTING, now, version + 1
        draft.save(update_fields=("state", "opened_at", "version"))
        round_opened.send(Round, a_round=draft, now=now)
        told = {"standard": draft.standard.digest, "kind": draft.kind, "year": draft.year, "units": draft.units.count()}
        log.says("round:open", f"round {pk}", told)
        act_done(log, "round:open", f"round {pk}")


def close_round(pk: int, actor: User, now: datetime) -> None:
    """Have an open round take nothing any more, as `round:close`; a formal act too. Raises NotOpen."""
    with change(actor.username, now) as log:
        a_round = _held(pk)
        if a_round.state != State.REPORTING:
            raise NotOpen
        a_round.state, a_round.closed_at, a_round.version = State.CLOSED, now, a_round.version + 1
        a_round.save(update_fields=("state", "closed_at", "version"))
        round_closed.send(Round, a_round=a_round, now=now)
        log.says("round:close", f"round {pk}", {"units": a_round.units.count(), "ledger_at": a_round.ledger_at})
        act_done(log, "round:close", f"round {pk}")


def _hold(authority: int) -> None:
    """Hold an authority: two drafts of it are written one after the other, so that the second finds the first."""
    Unit.objects.select_for_update(of=("self",)).get(pk=authority)


def _hold_standard(pk: int) -> None:
    """Hold a version, so that it is not removed while a draft comes to rest on it."""
    held = StandardVersion.objects.select_for_update(of=("self",)).filter(pk=pk)
    if held.values_list("pk", flat=True).first() is None:
        raise StandardGone


def _held(pk: int) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("standard").get(pk=pk)


def _draft(pk: int, version: int) -> Round:
    draft = _held(pk)
    if draft.state != State.DRAFT:
        raise NotADraft
    if draft.version != version:
        raise ChangedMeanwhile
    return draft


def _refuse_twice(words: RoundWords, own: int) -> None:
    same = Round.objects.filter(
        authority=words.authority, standard=words.standard, kind=words.kind, year=words.year
    ).exclude(pk=own)
    if same.exists():
        raise AlreadyThere


def _write_units(a_round: Round, units: Sequence[Unit]) -> None:
    """Make these the units of a round, as they are called and grouped now."""
    a_round.units.all().delete()
    RoundUnit.objects.bulk_create(RoundUnit.of(a_round, unit) for unit in units)


def _differences(stored: Round, words: RoundWords) -> dict[str, Any]:
    old = {name: getattr(stored, name) for name in FIELDS}
    told: dict[str, Any] = {
        name: {"old": _value(old[name]), "new": _value(new)} for name, new in words.plain.items() if old[name] != new
    }
    before, after = dict(stored.units.values_list("unit", "code")), {unit.pk: unit.code for unit in words.units}
    if before.keys() != after.keys():
        removed, added = before.keys() - after.keys(), after.keys() - before.keys()
        told["units"] = {"removed": sorted(before[pk] for pk in removed), "added": sorted(after[pk] for pk in added)}
    return told


def _value(value: Any) -> Any:
    if isinstance(value, StandardVersion):
        return value.digest
    return value.isoformat() if isinstance(value, date) else value
