"""What the auditor may have done: a check of the whole journal, in the background."""

from datetime import datetime

from kaohe.web.jobs.models import Job, State
from kaohe.web.jobs.queue import put
from kaohe.web.journal.queries import VERIFY


def ask_for_check(owner: int, now: datetime) -> None:
    """Queue a check of the whole journal, unless one is waiting or under way."""
    if not Job.objects.filter(kind=VERIFY, state__in=(State.QUEUED, State.RUNNING)).exists():
        put(VERIFY, owner, {}, now)
