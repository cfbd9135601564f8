"""What the outbox and the notices show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest

from kaohe.web.accounts.models import User
from kaohe.web.accounts.permissions import Action, can, reachable, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Person, Posting
from kaohe.web.pages.paging import Page, page_of, with_rows
from kaohe.web.post.faults import fault_text
from kaohe.web.post.models import Letter, LetterState, Message, Notice, State
from kaohe.web.post.procedure import may_be_called, texts_of
from kaohe.web.post.texts import filled

ROWS = 60
_HAS_ACCOUNT = Q(user__isnull=False) | Q(Exists(User.objects.filter(person=OuterRef("person"), is_active=True)))
STATES: dict[str, tuple[str, str, str]] = {
    State.DRAFT: ("todo", "未发出", "not sent yet"),
    State.QUEUED: ("part", "等待发出", "waiting"),
    State.SENT: ("ok", "已发出", "sent"),
    State.FAILED: ("miss", "发不出", "failed"),
    State.CALL: ("late", "待打电话", "to be called"),
    State.CALLED: ("ok", "已打电话", "called"),
    State.DROPPED: ("lock", "没有发", "not sent"),
}
COUNTED = (State.SENT, State.QUEUED, State.FAILED, State.CALL)
LETTER_STATES: dict[str, tuple[str, str, str]] = {
    "draft": ("todo", "草稿", "draft"),
    "failed": ("miss", "有发不出的", "some failed"),
    "waiting": ("part", "等待发出", "waiting"),
    "call": ("late", "待打电话", "calls to make"),
    "done": ("ok", "已办完", "done"),
    "dropped": ("lock", "没有发", "not sent"),
}


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter as the list shows it; counts are those of its recipients."""

    pk: int
    subject: str
    by: str
    mark: str
    word: str
    recipients: int
    sent: int
    waiting: int
    failed: int
    calls: int
    made_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as its letter's page lists it; `note`: what is in the way, with the server's words."""

    pk: int
    name: str
    address: str
    phone: str
    facts: str
    mark: str
    word: str
    note: str
    said: str
    attempts: int
    next_at: datetime | None
    settled_at: datetime | None
    by_mail: bool
    callable: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as its recipient sees it."""

    pk: int
    name: str
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter as its page shows it; `before`: when the same matter was last written about."""

    pk: int
    subject: str
    by: str
    draft: bool
    dropped: bool
    may_write: bool
    made_at: datetime
    settled_at: datetime | None
    counts: Mapping[str, int]
    mails: int
    calls: int
    notices: int
    languages: tuple[str, ...]
    before: datetime | None
    has_server: bool

    @property
    def waiting(self) -> int:
        """How many wait for the mail server."""
        return self.counts.get(State.QUEUED, 0)

    @property
    def failed(self) -> int:
        """How many were given up."""
        return self.counts.get(State.FAILED, 0)

    @property
    def sent(self) -> int:
        """How many the mail server took."""
        return self.counts.get(State.SENT, 0)

    @property
    def called(self) -> int:
        """How many were told by a call."""
        return self.counts.get(State.CALLED, 0)

    @property
    def to_call(self) -> int:
        """How many are still to be called."""
        return self.counts.get(State.CALL, 0)


def letters_page(standing: Standing, request: HttpRequest) -> Page[LetterRow]:
    """Return a page of the letters that somebody may see, newest first."""
    letters = visible(standing, Action.MESSAGE_VIEW, Letter).select_related("by").order_by("-pk")
    page = page_of(letters, request, ROWS)
    counts: dict[int, dict[str, int]] = {letter.pk: {} for letter in page.rows}
    messages = Message.objects.filter(letter__in=list(counts)).order_by().values_list("letter", "state")
    for pk, state, count in messages.annotate(count=Count("pk")) if counts else ():
        counts[pk][state] = count
    return with_rows(page, (_letter_row(letter, counts[letter.pk]) for letter in page.rows))


def _letter_row(letter: Letter, states: Mapping[str, int]) -> LetterRow:
    sent, waiting, failed, calls = (states.get(state, 0) for state in COUNTED)
    mark, zh, en = LETTER_STATES[_state_of(letter, waiting, failed, calls)]
    return LetterRow(
        letter.pk, subject_of(letter), letter.by.name, mark, say(zh, en), sum(states.values()), sent, waiting, failed, calls,
        letter.made_at, letter.settled_at,
    )  # fmt: skip


def _state_of(letter: Letter, waiting: int, failed: int, calls: int) -> str:
    if letter.state != LetterState.SENT:
        return str(letter.state)
    return "failed" if failed else "waiting" if waiting else "call" if calls else "done"


def subject_of(letter: Letter) -> str:
    """Return a letter's subject, in the language that is being spoken where it has one, without anybody's name."""
    subject = say(letter.subject_zh or letter.subject_en, letter.subject_en or letter.subject_zh)
    return filled(subject, "…")


def card_of(letter: Letter, standing: Standing) -> LetterCard:
    """Return a letter as its page shows it."""
    rows = letter.messages.order_by().values_list("state", "language").annotate(
        all=Count("pk"), mails=Count("pk", filter=~Q(address="")), told=Count("pk", filter=_HAS_ACCOUNT)
    )  # fmt: skip
    counts: dict[str, int] = {}
    languages, mails, notices = set[str](), 0, 0
    for state, language, count, with_address, told in rows:
        counts[state] = counts.get(state, 0) + count
        languages.add(language)
        mails, notices = mails + with_address, notices + told
    before = Letter.objects.filter(by=letter.by_id, about=letter.about, state=LetterState.SENT).exclude(about="")
    return LetterCard(
        pk=letter.pk, subject=subject_of(letter), by=letter.by.name, draft=letter.state == LetterState.DRAFT,
        dropped=letter.state == LetterState.DROPPED, may_write=may_write(letter, standing), made_at=letter.made_at,
        settled_at=letter.settled_at, counts=counts, mails=mails, calls=sum(counts.values()) - mails, notices=notices,
        languages=tuple(sorted(languages, reverse=True)) or ("zh",), has_server=bool(settings.EMAIL_HOST),
        before=before.exclude(pk=letter.pk).order_by("-settled_at").values_list("settled_at", flat=True).first(),
    )  # fmt: skip


def may_write(letter: Letter, standing: Standing) -> bool:
    """Whether somebody may change and send a letter: whose it is, as long as the role lasts."""
    return letter.by_id == standing.user and can(standing, Action.MESSAGE_WRITE)


def within(letter: Letter, standing: Standing, today: date) -> set[int]:
    """Return those of a letter's recipients to whom somebody may write, and who have not left by today."""
    here = Posting.objects.filter(Q(departed=None) | Q(departed__gt=today), person=OuterRef("pk"))
    people = visible(standing, Action.MESSAGE_WRITE, Person).filter(Exists(here), messages__letter=letter)
    return set(people.values_list("pk", flat=True))


def messages_page(letter: Letter, request: HttpRequest, total: int) -> Page[MessageRow]:
    """Return a page of a letter's messages: first those without an address, then what failed, then the rest."""
    rank = Case(When(address="", then=Value(0)), When(state=State.FAILED, then=Value(1)), default=Value(2))
    page = page_of(letter.messages.annotate(rank=rank).order_by("rank", "pk"), request, ROWS, total)
    rows = tuple(message_row(message) for message in page.rows)
    return Page(rows, page.number, page.first, page.last, page.total, page.previous, page.next)


def message_row(message: Message) -> MessageRow:
    """Return a message as a table shows it."""
    mark, zh, en = STATES[message.state]
    return MessageRow(
        message.pk, message.name, message.address, message.phone, message.facts, mark, say(zh, en),
        fault_text(message.fault), message.said, message.attempts, message.next_at, message.settled_at,
        bool(message.address), may_be_called(message),
    )  # fmt: skip


def seen_by(letter: Letter, pk: int | None) -> Seen | None:
    """Return a letter as one of its recipients sees it: the one that is named, or the first."""
    messages = letter.messages.order_by("pk")
    message = (messages.filter(pk=pk).first() if pk is not None else None) or messages.first()
    if message is None:
        return None
    if message.body:
        return Seen(message.pk, message.name, message.language, message.subject, message.body)
    subject, body = texts_of(letter).in_language(message.language)
    subject, body = filled(subject, message.name), filled(body, message.name, message.facts)
    return Seen(message.pk, message.name, message.language, subject, body)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its recipient's list shows it."""

    pk: int
    subject: str
    by: str
    at: datetime
    unread: bool


def notices_page(standing: Standing, request: HttpRequest) -> Page[NoticeRow]:
    """Return a page of one's own notices, the unread ones first."""
    notices = own_notices(standing).order_by(Case(When(read_at=None, then=Value(0)), default=Value(1)), "-pk")
    page = page_of(
        notices.values_list("pk", "message__subject", "message__letter__by__name", "made_at", "read_at"), request, ROWS
    )
    rows = tuple(NoticeRow(pk, subject, by, at, read is None) for pk, subject, by, at, read in page.rows)
    return Page(rows, page.number, page.first, page.last, page.total, page.previous, page.next)


def own_notices(standing: Standing) -> QuerySet[Notice]:
    """Return the notices that are somebody's own."""
    return visible(standing, Action.NOTICE_VIEW, Notice)


def own_notice(standing: Standing, pk: int) -> Notice:
    """Return one of one's own notices with its message; Http404 where it is not there."""
    found = reachable(standing, Action.NOTICE_VIEW, Notice, pk=pk)
    return Notice.objects.select_related("message__letter__by").get(pk=found.pk)
