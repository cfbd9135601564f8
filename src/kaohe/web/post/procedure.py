"""What is done with a letter: its text changed, sent, dropped, tried again, told by a call. Nothing here speaks to a server."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from kaohe.web.accounts.models import User
from kaohe.web.jobs import queue
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Person
from kaohe.web.post.drafting import usable
from kaohe.web.post.models import Letter, LetterState, Message, Notice, State
from kaohe.web.post.texts import Texts, filled

SEND = "post.send"
LONGEST_FILLED = 400
"""How long a subject may be with a name in it, as the column of the outbox has it."""


class ChangedMeanwhile(Exception):
    """Raised where a draft is no longer the version that was read."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What became of a letter's messages when it was sent; `calls` are those still to be made."""

    mails: int
    calls: int
    notices: int
    left_out: int


def texts_of(letter: Letter) -> Texts:
    """Return a letter's texts."""
    return Texts(letter.subject_zh, letter.body_zh, letter.subject_en, letter.body_en)


def rewrite(pk: int, version: int, texts: Texts) -> bool:
    """Keep the text of a draft; False where it is no draft any more, ChangedMeanwhile where it is another version.

    A draft is nobody's record yet: the journal tells its text, as a digest, when it is sent.
    """
    with transaction.atomic():
        letter = _held(pk)
        if letter.state != LetterState.DRAFT:
            return False
        _write(letter, version, texts)
    return True


def send(pk: int, version: int, texts: Texts, within: Collection[int], user: User, now: datetime) -> Gone | None:
    """Send a draft: mails are queued, the rest is to be called, and whoever has an account finds a notice.

    within: the people whom the sender may write to; others are left out. None where it is no draft any more;
    ChangedMeanwhile where it is another version.
    """
    with change(user.username, now) as log:
        letter = _held(pk)
        if letter.state != LetterState.DRAFT:
            return None
        _write(letter, version, texts)
        Letter.objects.filter(pk=pk).update(state=LetterState.SENT, settled_at=now)
        messages = list(letter.messages.select_for_update().order_by("pk"))
        for message in messages:
            _begin(message, texts, within, now)
        fields = ("subject", "body", "state", "fault", "next_at", "settled_at")
        Message.objects.bulk_update(messages, fields, batch_size=200)
        gone = _counted(messages, _notices(messages, now))
        if gone.mails:
            queue.put(SEND, None, {}, now)
        log.says("message:send", f"letter {pk}", asdict(gone) | {"text_sha256": texts.digest})
    return gone


def _write(letter: Letter, version: int, texts: Texts) -> None:
    if letter.version != version:
        raise ChangedMeanwhile
    if texts != texts_of(letter):
        Letter.objects.filter(pk=letter.pk).update(**asdict(texts), version=version + 1)


def _begin(message: Message, texts: Texts, within: Collection[int], now: datetime) -> None:
    """Have a message go its way: by mail, or by a call; who is not in the sender's charge is left out."""
    if message.person_id is not None and message.person_id not in within:
        message.state, message.fault, message.settled_at = State.DROPPED, "reach", now
        return
    subject, body = texts.in_language(message.language)
    message.subject = filled(subject, message.name)[:LONGEST_FILLED]
    message.body = filled(body, message.name, message.facts)
    if message.address:
        message.state, message.next_at = State.QUEUED, now
    elif message.state == State.DRAFT:
        message.state = State.CALL


def _notices(messages: Iterable[Message], now: datetime) -> int:
    """Make a notice for every active account of the recipients; return how many recipients have one."""
    kept = [message for message in messages if message.state != State.DROPPED]
    people = [message.person_id for message in kept if message.person_id is not None]
    accounts = User.objects.filter(person__in=people, is_active=True).values_list("person", "pk")
    of_person: dict[int, set[int]] = {}
    for person, account in accounts:
        of_person.setdefault(person, set()).add(account)
    found = [
        (one, of_person.get(one.person_id or 0, set()) | ({one.user_id} if one.user_id else set())) for one in kept
    ]
    Notice.objects.bulk_create(
        Notice(user_id=account, message=one, made_at=now) for one, its in found for account in sorted(its)
    )
    return sum(bool(its) for _, its in found)


def _counted(messages: Iterable[Message], notices: int) -> Gone:
    states = [message.state for message in messages]
    return Gone(states.count(State.QUEUED), states.count(State.CALL), notices, states.count(State.DROPPED))


def drop(pk: int, user: User, now: datetime) -> int:
    """Do not send a draft, or what of a letter still waits; return how many messages that were."""
    with change(user.username, now) as log:
        letter = _held(pk)
        draft = letter.state == LetterState.DRAFT
        waiting = letter.messages.filter(state=State.DRAFT if draft else State.QUEUED)
        count = waiting.update(state=State.DROPPED, next_at=None, settled_at=now)
        if draft:
            Letter.objects.filter(pk=pk).update(state=LetterState.DROPPED, settled_at=now)
        if draft or count:
            log.says("message:drop", f"letter {pk}", {"count": count})
    return count


def again(pk: int, user: User, now: datetime) -> int:
    """Try again now what failed or waits; return how many messages that are.

    What failed goes to the address that the register has today. A message that is just being sent is left to itself.
    """
    with change(user.username, now) as log:
        letter = _held(pk)
        failed = list(letter.messages.filter(state=State.FAILED).order_by("pk"))
        emails = dict(Person.objects.filter(pk__in=[one.person_id for one in failed]).values_list("pk", "email"))
        for message in failed:
            message.address = usable(emails.get(message.person_id or 0, message.address)) or message.address
            message.state, message.next_at, message.settled_at = State.QUEUED, now, None
            message.attempts, message.put_off, message.fault, message.said = 0, 0, "", ""
        fields = ("address", "state", "next_at", "settled_at", "attempts", "put_off", "fault", "said")
        Message.objects.bulk_update(failed, fields, batch_size=200)
        in_hand = Q(fault="", next_at__gt=now)  # as `sending` claims it; what was never tried is due already
        waiting = letter.messages.filter(state=State.QUEUED).exclude(in_hand).update(next_at=now)
        count = len(failed) + waiting
        if count:
            queue.put(SEND, None, {}, now)
            log.says("message:retry", f"letter {pk}", {"count": count})
    return count


def may_be_called(message: Message) -> bool:
    """Whether a recipient can be told by a call: without an address, given up, or waiting because mail does not go.

    A message that is due or just being sent is left to itself.
    """
    if message.state == State.QUEUED:
        return bool(message.fault) or not settings.EMAIL_HOST
    return message.state in (State.CALL, State.FAILED) or (message.state == State.DRAFT and not message.address)


def called(pk: int, message: int, user: User, now: datetime) -> bool:
    """Note that a recipient was told by a call, and needs no mail any more; False where there was no need of a call."""
    with change(user.username, now) as log:
        letter = _held(pk)
        found = letter.messages.select_for_update().filter(pk=message).first()
        if letter.state == LetterState.DROPPED or found is None or not may_be_called(found):
            return False
        Message.objects.filter(pk=message).update(state=State.CALLED, next_at=None, settled_at=now)
        log.says("message:call", f"letter {pk}", {"count": 1})
    return True


def open_notice(notice: Notice, now: datetime) -> None:
    """Note that a notice was opened."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def _held(pk: int) -> Letter:
    return Letter.objects.select_for_update().get(pk=pk)
