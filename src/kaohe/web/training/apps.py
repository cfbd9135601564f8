"""What the training ledger does when a round is opened or closed, and when somebody belongs elsewhere."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training ledger; once all apps are there, it listens to the rounds and to the organisation."""

    name = "kaohe.web.training"

    def ready(self) -> None:
        """Listen to the rounds and to the organisation."""
        from kaohe.web.organisation.moves import postings_changed
        from kaohe.web.rounds.signals import round_closed, round_opened

        round_opened.connect(_begin, dispatch_uid="training begins figures")
        round_closed.connect(_settle, dispatch_uid="training settles figures")
        postings_changed.connect(_moved, dispatch_uid="training hears of moves")


def _begin(a_round: Any, now: datetime, **_: Any) -> None:
    """Have the figures of a round measured from now on, first in the background."""
    from kaohe.web.jobs import queue
    from kaohe.web.training.figures import begin_figures

    begin_figures(a_round)
    queue.put("training.measure", None, {"round": a_round.pk}, now)


def _settle(a_round: Any, now: datetime, **_: Any) -> None:
    """Keep the state of the ledger and of the people at which a round closes, and measure what is stale once more."""
    from kaohe.web.training.closing import keep_stays
    from kaohe.web.training.figures import measure_stale
    from kaohe.web.training.models import UnitFigures
    from kaohe.web.training.scope import head_of_ledger

    # who changes the ledger just now holds the figures of the touched units, and is waited for
    list(UnitFigures.objects.select_for_update().filter(round=a_round).order_by("pk").values_list("pk"))
    a_round.ledger_at = head_of_ledger(a_round.authority_id)
    a_round.save(update_fields=("ledger_at",))
    keep_stays(a_round)
    measure_stale(a_round, now)


def _moved(authority: int, units: Any, **_: Any) -> None:
    """Have the figures of units measured again in which somebody's stay is another now."""
    from kaohe.web.training.figures import touched

    touched(authority, units)
