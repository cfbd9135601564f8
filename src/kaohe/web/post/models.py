"""The outbox, and the notices in the system: every message is both, whether or not there is an address for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kaohe.web.organisation.models import Person


class State(models.TextChoices):
    """Where a message is: looked at by its sender, waiting for the mail server, gone, given up, or to be told by a call."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CALL = "call"
    CALLED = "called"
    DROPPED = "dropped"


class Message(models.Model):
    """A message to one recipient, an account or a person or both.

    batch: what was written together; address: where it goes by mail, empty where there is none; attempts, next_at,
    error: of its sending; state `call`: nobody can be reached by mail, so that somebody must call `phone`.
    """

    batch = models.CharField(max_length=32, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="messages")
    to_name = models.CharField(max_length=200)
    address = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=Q(state__in=list(State.values)), name="message_state_known")]


class Notice(models.Model):
    """A message as its recipient finds it in the system; `read_at` once it was opened."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    message = models.OneToOneField(Message, models.CASCADE, related_name="notice")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
