"""Formal acts, such as the opening of a round: of each a checkpoint is signed."""

from kaohe.web.jobs.queue import put
from kaohe.web.journal.append import Change

ACT = "journal.act"


def act_done(log: Change, action: str, thing: str) -> None:
    """Have the log's head signed because of a formal act, as soon as the act's change has been committed.

    Queued in the act's own transaction: no act that is kept goes without its checkpoint, and none is signed that is not.
    action and thing: those of the act's entry.
    """
    put(ACT, None, {"action": action, "object": thing}, log.at)
