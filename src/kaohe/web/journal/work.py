"""A checkpoint is signed every day and after each formal act, and every day the whole journal is checked."""

from collections.abc import Generator
from itertools import islice
from typing import Any

from django.utils import timezone

from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step, kind
from kaohe.web.journal import checkpoints
from kaohe.web.journal.acts import ACT
from kaohe.web.journal.models import Checkpoint, LogEntry
from kaohe.web.journal.verification import Tally, differences

MOST_TOLD = 20


@kind("journal.checkpoint", "签发检查点", "Sign a checkpoint", daily=True)
def checkpoint(job: Job) -> Generator[Step, None, Any]:
    """Sign the log's head, where something was added."""
    made = checkpoints.make(checkpoints.DAILY, timezone.now())
    yield Step(None, 1, 1)
    return {"size": made.size, "root": made.root}


@kind(ACT, "为正式行为签发检查点", "Sign a checkpoint of a formal act")
def act(job: Job) -> Generator[Step, None, Any]:
    """Sign the log's head, which holds the entry of a formal act; once, also where the work is begun again."""
    action, thing = job.arguments["action"], job.arguments["object"]
    entry = LogEntry.objects.filter(action=action, object=thing).order_by("-seq")[0]
    signed = Checkpoint.objects.filter(reason=action, size__gt=entry.seq).order_by("size").first()
    made = signed or checkpoints.make(action, timezone.now())
    yield Step(None, 1, 1)
    return {"size": made.size, "root": made.root}


@kind("journal.verify", "核对日志", "Check the journal", daily=True)
def verify(job: Job) -> Generator[Step, None, Any]:
    """Check the whole journal; the outcome names the first differences."""
    tally = Tally()
    found = [
        {"code": one.code, "seq": one.seq if isinstance(one.seq, int) else None, "place": one.place}
        for one in islice(differences(tally), MOST_TOLD)
    ]
    yield Step(None, 1, 1)
    return {"entries": tally.entries, "checkpoints": tally.checkpoints, "sealed": tally.sealed, "differences": found}
