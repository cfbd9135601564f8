"""What becomes of a form that was sent: written, faulty, or met by somebody else's change."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.journal.models import LogEntry
from kaohe.web.lang.choice import say
from kaohe.web.organisation.forms import UnitForm, merged
from kaohe.web.organisation.models import Unit
from kaohe.web.organisation.procedure import ChangedMeanwhile, edit_unit
from kaohe.web.organisation.reading import UnitReading
from kaohe.web.organisation.tree import Circle, CodeTaken
from kaohe.web.pages.parts import Difference, Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a form, the form as it is shown again, and after a conflict both texts and who came first."""

    outcome: Outcome
    form: UnitForm
    differences: tuple[Difference, ...] = ()
    who: str = ""

    def shown(self) -> dict[str, object]:
        """Return what the page shows."""
        return {"form": self.form, "differences": self.differences, "who": self.who}


def answer_to(form: UnitForm, actor: str, now: datetime) -> Answer:
    """Write a form that was sent, or say why not; nothing that was typed is lost."""
    reading = UnitReading(form, timezone.localdate(now))
    if form.version != form.unit.version:
        return _conflict(form)
    if reading.errors:
        return Answer(Outcome.FAULTY, replace(form, errors=reading.errors))
    try:
        edit_unit(form.unit, form.version, reading.words, actor, now)
    except ChangedMeanwhile:
        return _conflict(form)
    except Circle:
        words = say(
            "上级单位不能是本单位，也不能在本单位之下。", "The superior cannot be this unit, nor stand below it."
        )
        return Answer(Outcome.FAULTY, replace(form, errors={"parent": words}))
    except CodeTaken as taken:
        words = say(
            f"新的主管机关已有代码 {taken}，先改代码。",
            f"The new authority has the codes {taken} already; change them first.",
        )
        return Answer(Outcome.FAULTY, replace(form, errors={"parent": words}))
    return Answer(Outcome.WRITTEN, form)


def _conflict(form: UnitForm) -> Answer:
    """Show both texts; the same form sent twice finds its own text stored, and is done."""
    now = Unit.objects.select_related("parent", "successor").get(pk=form.unit.pk)
    both, differences = merged(form, now)
    if all(difference.same for difference in differences):
        return Answer(Outcome.WRITTEN, both)
    return Answer(Outcome.CONFLICT, both, differences, _last_editor(now))


def _last_editor(unit: Unit) -> str:
    entries = LogEntry.objects.filter(object=f"unit {unit.pk}").order_by("-seq")
    actor = entries.values_list("actor", flat=True).first() or ""
    return User.objects.filter(username=actor).values_list("name", flat=True).first() or actor
