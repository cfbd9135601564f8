"""Mail is sent in the background, as it falls due, and what waits is looked over every day."""

from collections.abc import Generator
from typing import Any

from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step, kind
from kaohe.web.post.procedure import SEND
from kaohe.web.post.sending import send_due


@kind(SEND, "发出邮件", "Send mail", daily=True)
def send(job: Job) -> Generator[Step, None, Any]:
    """Hand over the messages that are due."""
    return (yield from send_due())
