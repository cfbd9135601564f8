"""What is shown of jobs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.jobs.models import Job, State
from kaohe.web.jobs.registry import KINDS
from kaohe.web.lang.choice import say

STATES: dict[str, tuple[str, str, str]] = {
    State.QUEUED: ("todo", "等待", "waiting"),
    State.RUNNING: ("part", "进行中", "running"),
    State.DONE: ("ok", "完成", "done"),
    State.FAILED: ("miss", "失败", "failed"),
    State.CANCELLED: ("lock", "已取消", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as a page shows it; `share` is a whole per cent, None while its steps are unknown."""

    pk: int
    title: str
    state: str
    mark: str
    word: str
    owner: str
    done: int
    of: int
    share: int | None
    fault: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_asked: bool

    @property
    def open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in (State.QUEUED, State.RUNNING)


def jobs_of(standing: Standing) -> QuerySet[Job]:
    """Return the jobs that somebody may see, newest first."""
    return visible(standing, Action.JOB_VIEW, Job).select_related("owner")


def row_of(job: Job) -> JobRow:
    """Return a job as a page shows it; the first line of its fault only, which names no file of the server."""
    mark, zh, en = STATES[job.state]
    kind = KINDS.get(job.kind)
    done = job.all_steps if job.state == State.DONE else job.done_steps  # the last step is not told apart from the end
    share = min(100, 100 * done // job.all_steps) if job.all_steps else None
    return JobRow(
        job.pk, say(*kind.title) if kind else job.kind, job.state, mark, say(zh, en), job.owner.name if job.owner else "",
        done, job.all_steps, share, job.fault.partition("\n")[0], job.created_at, job.started_at, job.finished_at,
        job.cancel_asked,
    )  # fmt: skip
