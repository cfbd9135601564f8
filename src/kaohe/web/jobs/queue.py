"""Putting work into the queue, and asking for its end."""

from datetime import datetime
from typing import Any

from kaohe.web.jobs.models import Job, State


def put(
    kind: str, owner: int | None, arguments: dict[str, Any], at: datetime, run_after: datetime | None = None
) -> Job:
    """Queue a job, in the transaction of its caller: it runs only if that commits. `owner` is an account's id."""
    return Job.objects.create(kind=kind, owner_id=owner, arguments=arguments, created_at=at, run_after=run_after or at)


def cancel(job: Job, at: datetime) -> None:
    """Ask for a job's end: one that waits ends at once, one that runs after its present step."""
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=State.QUEUED).update(state=State.CANCELLED, finished_at=at)
