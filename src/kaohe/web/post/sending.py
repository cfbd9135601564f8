"""The way of queued messages to the mail server: none is lost, and one that cannot be delivered holds no other.

Before a message is handed over, a note says that this is being done; after it, a note says how it went. A process that
falls in between leaves a message that is handed over once more, under the same Message-ID: servers that know it drop
the second. Nothing waits for the server inside a transaction.
"""

import smtplib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, DateTimeField, F, Min, QuerySet, Value, When
from django.utils import timezone

from kaohe.web.jobs import queue
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.models import State as JobState
from kaohe.web.jobs.registry import Step
from kaohe.web.post.mail import mail_id_of, mail_of
from kaohe.web.post.models import Message, State
from kaohe.web.post.procedure import SEND
from kaohe.web.post.smtp import TROUBLE, Server, server_line, words_of

Clock = Callable[[], datetime]

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long all messages wait for a server that is down; then every hour, for as long as it takes."""
PUT_OFFS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440, 1440))
"""How long one message waits that the server puts off; after the last it is given up."""
IN_HAND = timedelta(minutes=10)
"""How long a message that was handed over may be without an answer; longer than a server may take."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was in the way of one message; `final` where it is not worth trying again; `cut`: the connection is over."""

    fault: str
    said: str
    final: bool = False
    cut: bool = False


def send_due(clock: Clock = timezone.now) -> Generator[Step, None, dict[str, int]]:
    """Hand over every message that is due, one step each; return how many went, were given up, and wait."""
    if not settings.EMAIL_HOST:
        return {"sent": 0, "failed": 0, "waiting": _waiting()}
    due = list(_due(clock()).values_list("pk", flat=True))
    server, sent, failed = Server(), 0, 0
    try:
        for n, pk in enumerate(due):
            unreachable = _unreachable(server)
            if unreachable:
                _hold(due[n:], unreachable, clock())
                break
            state = _hand_over(server, pk, clock)
            sent += state == State.SENT
            failed += state == State.FAILED
            yield Step(None, n + 1, len(due))
    finally:
        server.leave()
    _wake(clock())
    return {"sent": sent, "failed": failed, "waiting": _waiting()}


def _due(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(state=State.QUEUED, next_at__lte=now).order_by("next_at", "pk")


def _waiting() -> int:
    return Message.objects.filter(state=State.QUEUED).count()


def _unreachable(server: Server) -> Trouble | None:
    """Open the connection where there is none; return what is in the way."""
    try:
        server.open()
    except smtplib.SMTPAuthenticationError as error:
        return _left(server, Trouble("login", words_of(error)))
    except TROUBLE as error:
        return _left(server, Trouble("down", words_of(error)))
    return None


def _left(server: Server, trouble: Trouble) -> Trouble:
    server.leave()
    return trouble


def _hand_over(server: Server, pk: int, clock: Clock) -> str:
    """Hand over one message and note how it went; return its state, empty where somebody else has it."""
    message = _claimed(pk, clock())
    if message is None:
        return ""
    trouble = _tried(server, message)
    if trouble is None:
        went = {"state": State.SENT, "next_at": None, "settled_at": clock(), "fault": "", "said": ""}
        Message.objects.filter(pk=pk).update(**went)  # whatever was decided meanwhile: it is gone
        return State.SENT
    if trouble.cut:
        server.leave()
    how = _after(trouble, message, clock())
    Message.objects.filter(pk=pk, state=State.QUEUED).update(fault=trouble.fault, said=trouble.said, **how)
    return str(how.get("state", State.QUEUED))


def _after(trouble: Trouble, message: Message, now: datetime) -> dict[str, Any]:
    """Return what becomes of a message that the server did not take: given up, or tried again later."""
    if trouble.fault == "sender":
        return {"next_at": now + WAITS[min(message.attempts, len(WAITS)) - 1]}
    if trouble.final or message.put_off >= len(PUT_OFFS):
        return {"state": State.FAILED, "next_at": None, "settled_at": now}
    return {"next_at": now + PUT_OFFS[message.put_off], "put_off": message.put_off + 1}


def _claimed(pk: int, now: datetime) -> Message | None:
    """Note that a message is being handed over; None where it is not due any more, or somebody else was first."""
    message = Message.objects.select_related("letter__by__person").filter(pk=pk).first()
    if message is None:
        return None
    seen, message.attempts = message.attempts, message.attempts + 1
    message.mail_id = message.mail_id or mail_id_of(message)
    taken = Message.objects.filter(pk=pk, state=State.QUEUED, attempts=seen, next_at__lte=now).update(
        attempts=message.attempts, mail_id=message.mail_id, next_at=now + IN_HAND, fault="", said=""
    )
    return message if taken else None


def _tried(server: Server, message: Message) -> Trouble | None:
    """Hand a message to the server; None where the server took it."""
    try:
        mail = mail_of(message)
    except ValueError as error:
        return Trouble("broken", type(error).__name__, final=True)
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said)
    except smtplib.SMTPSenderRefused as error:
        return Trouble("sender", words_of(error), cut=True)
    except smtplib.SMTPDataError as error:
        return _answered(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Trouble("cut_off", words_of(error), cut=True)
    except ValueError as error:
        return Trouble("broken", type(error).__name__, final=True, cut=True)
    return None


def _answered(code: int, said: bytes | str) -> Trouble:
    """Return what an answer means: 5xx is for good, anything else for now; 421 ends the connection."""
    final = 500 <= code < 600
    return Trouble("refused" if final else "put_off", server_line(code, said), final=final, cut=code == 421)


def _hold(due: Sequence[int], trouble: Trouble, now: datetime) -> None:
    """Have all that is due wait for the server, the longer the more often it was tried."""
    waits = [When(attempts=n, then=Value(now + wait)) for n, wait in enumerate(WAITS)]
    at = Case(*waits, default=Value(now + WAITS[-1]), output_field=DateTimeField())
    for start in range(0, len(due), 500):
        held = Message.objects.filter(pk__in=due[start : start + 500], state=State.QUEUED, next_at__lte=now)
        held.update(next_at=at, attempts=F("attempts") + 1, fault=trouble.fault, said=trouble.said)


def _wake(now: datetime) -> None:
    """Have the work go on when the next message is due, unless that is queued already."""
    first = Message.objects.filter(state=State.QUEUED).aggregate(at=Min("next_at"))["at"]
    if first is not None:
        at = max(first, now)
        if not Job.objects.filter(kind=SEND, state=JobState.QUEUED, run_after__lte=at).exists():
            queue.put(SEND, None, {}, now, run_after=at)
