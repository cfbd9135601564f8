"""A file that came in, each of its rows against what was there before, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kaohe.web.jobs.models import Job
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training.models import LedgerChange


class State(models.TextChoices):
    """Where an import is."""

    READING = "reading"
    FAULTY = "faulty"
    READY = "ready"
    SETTLING = "settling"
    CONFIRMED = "confirmed"
    RETURNING = "returning"
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"


OPEN = (State.READING, State.FAULTY, State.READY)
"""What has not been confirmed yet, and can be dropped."""

MOVING = (State.SETTLING, State.RETURNING)
"""What is on its way into the ledger or out of it."""
CITY = "city"
"""The table of an import that holds a whole city folder."""


class Import(models.Model):
    """One file for one table of one authority, or a whole city folder (`table` is then `city`).

    within: the unit whose records alone it may hold, the authority itself where it may hold everybody's; classes_only:
    it may hold records of classes alone; round: for which round the records of the ledger are, None for units and
    people; token: of the form that it was sent with, so that a form sent twice makes one import; stored: where the
    upload waits (below the folder of files, under a random name); digest: its SHA-256; complete: the file is declared to
    hold everything, so that what it lacks ends, on `ends_on`; change, return_change: of the ledger, that brought its
    records in and that took them back; attempt: how often its reading was begun, so that a reader that was overtaken
    writes no more; counts: rows by kind, of a city folder by `tables` too; notes: what was ignored, and what else is to
    be told; faults: the first hundred a file, as data; more_faults: how many besides; rows_digest: SHA-256 over the rows
    that were applied.
    """

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="imports")
    within = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    classes_only = models.BooleanField(default=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="imports")
    table = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    token = models.CharField(max_length=32, null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.READING)
    file_name = models.CharField(max_length=255)
    stored = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    complete = models.BooleanField(default=False)
    ends_on = models.DateField(null=True)
    change = models.ForeignKey(LedgerChange, models.PROTECT, null=True, related_name="+")
    return_change = models.ForeignKey(LedgerChange, models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    attempt = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    more_faults = models.PositiveIntegerField(default=0)
    rows_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State.values)), name="import_state_known"),
            models.UniqueConstraint(fields=("by", "token"), name="import_token_once"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """A row of a file against the table: before and after, as data; None where there is none.

    Rows of the ledger's own tables are not here but in the folder that the reader lays beside the file.

    table: of a city folder, which; empty where the import has one table only; n: the row in the file, 0 for what the
    file lacks; kind: new, changed, unchanged, absent; after: what the file wants until it is confirmed, then all that the
    table holds.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40, blank=True)
    n = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ("n", "id")
        indexes = [
            models.Index(fields=("of", "kind"), name="import_rows_by_kind"),
            models.Index(fields=("of", "key"), name="import_rows_by_key"),
        ]
