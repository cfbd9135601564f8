"""The outbox, and the notices in the system: every message is both, whether or not there is an address for it."""

from secrets import token_hex

from django.conf import settings
from django.db import models
from django.db.models import Q

from kaohe.web.organisation.models import Person


def new_token() -> str:
    """Return what nobody can guess."""
    return token_hex(16)


class LetterState(models.TextChoices):
    """Where a letter is: looked at by its sender, gone on its way, or not to be sent."""

    DRAFT = "draft"
    SENT = "sent"
    DROPPED = "dropped"


class Letter(models.Model):
    """What somebody writes to several at once: one text, in the languages of those who get it.

    The texts hold marks for what differs (`texts.py`). about: what it is about, such as `round 3 unit 5 A1`, of which
    one draft at a time can be open; token: makes the Message-IDs; version: against two windows at once.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="letters")
    about = models.CharField(max_length=100, blank=True)
    subject_zh = models.CharField(max_length=150, blank=True)
    body_zh = models.TextField(blank=True)
    subject_en = models.CharField(max_length=150, blank=True)
    body_en = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=LetterState.choices, default=LetterState.DRAFT)
    token = models.CharField(max_length=32, default=new_token, editable=False)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(LetterState.values)), name="letter_state_known"),
            models.CheckConstraint(condition=Q(state="draft") ^ Q(settled_at__isnull=False), name="letter_settled_has_day"),
            models.UniqueConstraint(fields=("by", "about"), condition=Q(state="draft") & ~Q(about=""), name="one_draft_about"),
        ]  # fmt: skip


class State(models.TextChoices):
    """Where a message is: a draft, waiting for the mail server, gone, given up, to be told by a call, told, or not sent."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CALL = "call"
    CALLED = "called"
    DROPPED = "dropped"


class Message(models.Model):
    """A letter to one recipient, an account or a person or both.

    address: where it goes by mail, empty where there is none: then somebody must call `phone`; language: in which it
    is read; facts: what is said to this one alone; subject, body: as it went, empty while it is a draft.
    attempts: how often it was tried; put_off: how often the server put this one off; next_at: when it is tried again;
    fault, said: what was in the way (`faults.py`), and the server's words; mail_id: its Message-ID, the same each time.
    """

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="messages")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=2, choices=(("zh", "中文"), ("en", "English")), default="zh")
    facts = models.TextField(blank=True)
    subject = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    attempts = models.PositiveIntegerField(default=0)
    put_off = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=12, blank=True)
    said = models.CharField(max_length=300, blank=True)
    mail_id = models.CharField(max_length=320, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=("next_at",), condition=Q(state="queued"), name="message_next")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State.values)), name="message_state_known"),
            models.CheckConstraint(condition=Q(state="queued") ^ Q(next_at=None), name="message_waits_until"),
            models.CheckConstraint(condition=~Q(state__in=("queued", "sent")) | ~Q(address=""), name="message_has_address"),
            models.UniqueConstraint(fields=("letter", "person"), name="letter_to_person_once"),
        ]  # fmt: skip


class Notice(models.Model):
    """A message as its recipient finds it in the system; `read_at` once it was opened."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    message = models.ForeignKey(Message, models.CASCADE, related_name="notices")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("user",), condition=Q(read_at=None), name="notice_unread")]
        constraints = [models.UniqueConstraint(fields=("user", "message"), name="notice_once")]
