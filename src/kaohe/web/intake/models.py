"""A file that came in, each of its rows against what was there before, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kaohe.web.organisation.models import Unit


class State(models.TextChoices):
    """Where an import is."""

    READING = "reading"
    FAULTY = "faulty"
    READY = "ready"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"


class Import(models.Model):
    """One file for one table of one authority.

    stored: where the upload waits (below the folder of files, under a random name); digest: its SHA-256; complete:
    the file is declared to hold everything, so that what it lacks ends; counts: rows by kind; faults: the first
    hundred, as data; more_faults: how many besides; rows_digest: SHA-256 over the rows that were applied.
    """

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="imports")
    table = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.READING)
    file_name = models.CharField(max_length=255)
    stored = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    complete = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    more_faults = models.PositiveIntegerField(default=0)
    rows_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=Q(state__in=list(State.values)), name="import_state_known")]


class ImportRow(models.Model):
    """A row of a file against the table: before and after, as data; None where there is none.

    n: the row in the file, 0 for what the file lacks; kind: new, changed, unchanged, absent.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
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
