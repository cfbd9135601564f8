"""What becomes of a draft's form that was sent: written, faulty, or met by somebody else's change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kaohe.web.accounts.models import User
from kaohe.web.journal.models import LogEntry
from kaohe.web.lang.choice import say
from kaohe.web.pages.parts import Difference, Outcome
from kaohe.web.rounds.forms import RoundForm, merged
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.procedure import (
    AlreadyThere,
    ChangedMeanwhile,
    NotADraft,
    RoundWords,
    StandardGone,
    change_round,
    create_round,
)
from kaohe.web.rounds.reading import RoundReading


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a form, the form as it is shown again, and after a conflict both texts and who came first."""

    outcome: Outcome
    form: RoundForm
    pk: int = 0
    differences: tuple[Difference, ...] = ()
    who: str = ""

    def shown(self) -> dict[str, Any]:
        """Return what the page shows."""
        return {"form": self.form, "differences": self.differences, "who": self.who}


def answer_to(form: RoundForm, actor: User, now: datetime) -> Answer:
    """Write a form that was sent, or say why not; nothing that was typed is lost.

    Raises NotADraft and Round.DoesNotExist where there is no draft any more.
    """
    stored = Round.objects.select_related("authority", "standard").get(pk=form.pk) if form.pk else None
    if stored and stored.state != State.DRAFT:
        raise NotADraft
    if stored and stored.version != form.version:
        return _conflict(form, stored)
    reading = RoundReading(form)
    words = reading.words
    if words is None:
        return _faulty(form, reading.errors)
    try:
        return Answer(Outcome.WRITTEN, form, _write(form, words, actor, now))
    except AlreadyThere:
        there = say(
            "按这个标准、这一年的这种考核已经有了。",
            "A round of this kind and year under this standard exists already.",
        )
        return _faulty(form, {"year": there})
    except StandardGone:
        gone = say("这个标准版本刚被移除，选另一个。", "This version of the standard was just removed; choose another.")
        return _faulty(form, {"standard": gone})
    except ChangedMeanwhile:
        return _conflict(form, Round.objects.select_related("authority", "standard").get(pk=form.pk))


def last_editor(pk: int) -> str:
    """Return who changed a round last, by name."""
    entries = LogEntry.objects.filter(object=f"round {pk}").exclude(action="round:export").order_by("-seq")
    actor = entries.values_list("actor", flat=True).first() or ""
    return User.objects.filter(username=actor).values_list("name", flat=True).first() or actor


def _write(form: RoundForm, words: RoundWords, actor: User, now: datetime) -> int:
    if not form.pk:
        return create_round(words, actor, now).pk
    change_round(form.pk, form.version, words, actor, now)
    return form.pk


def _faulty(form: RoundForm, errors: Mapping[str, str]) -> Answer:
    return Answer(Outcome.FAULTY, replace(form, errors=errors))


def _conflict(form: RoundForm, now: Round) -> Answer:
    """Show both; the same form sent twice finds its own text stored, and is done."""
    both, differences = merged(form, now)
    if all(difference.same for difference in differences):
        return Answer(Outcome.WRITTEN, both, form.pk)
    return Answer(Outcome.CONFLICT, both, form.pk, differences, last_editor(now.pk))
