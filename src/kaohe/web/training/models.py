"""The training ledger: the ten tables of `data-format.md` but units and people, as `metrics.sql` reads them.

A record is never changed: a changed one is a new row, and the old one ends. `since` and `until` are numbers of the
authority's own book of changes (`LedgerChange`): a row holds from `since` on and no longer from `until` on. So every
earlier state can be read again, taking a change back is exact, and what a change is still writing shows nowhere, for
its number comes into force with its last statement. Keys are the file's own, in their normal form.
"""

from django.db import models
from django.db.models import Q

from kaohe.web.organisation.models import Person, Unit
from kaohe.web.rounds.models import Round

STILL = 2_147_483_647
"""The `until` of a row that holds."""


class LedgerChange(models.Model):
    """A change of an authority's ledger: an import that was confirmed, or taken back.

    takes_back: the number of the change that this one undoes; settled_at: when it came into force, None while its rows
    are being written, by one change at a time; written: how much of it stands in the tables by now, kept with every
    portion, so that the writing goes on exactly there after a crash; above: table → the greatest id before its first
    row, by which its rows are found without an index that a million of them would have to fill.
    """

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    takes_back = models.PositiveIntegerField(null=True)
    begun_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    written = models.PositiveIntegerField(default=0)
    above = models.JSONField(default=dict)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("authority", "number"), name="ledger_change_number_once"),
            models.UniqueConstraint(fields=("authority",), condition=Q(settled_at=None), name="one_change_at_a_time"),
        ]


class Record(models.Model):
    """What every row of the ledger has beside the columns of its table.

    origin: of a row that came back when a change was taken back, the number of the change that had brought it first.
    """

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(default=STILL)
    origin = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


def _once(name: str, *key: str) -> models.UniqueConstraint:
    """A key holds once at a time, and the same index finds its rows at any time."""
    return models.UniqueConstraint(fields=("authority", *key, "until"), name=name)


def _past(name: str) -> list[models.Index]:
    """Find what a change ended, and what of it came back; rows that were never anything else cost nothing."""
    return [
        models.Index(fields=("authority", "until"), condition=Q(until__lt=STILL), name=f"{name}_ended"),
        models.Index(fields=("authority", "origin"), condition=Q(origin__isnull=False), name=f"{name}_returned"),
    ]


class Activity(Record):
    """A training activity; `code` is the id of `data-format.md`, `unit` empty where the city runs it."""

    code = models.CharField(max_length=60)
    unit = models.CharField(max_length=60, null=True)
    form = models.CharField(max_length=10)
    title = models.CharField(max_length=500)
    starts_on = models.DateField()
    ends_on = models.DateField()
    minutes = models.BigIntegerField()

    class Meta:
        constraints = [_once("activity_once", "code")]
        indexes = _past("activity")


class Attendance(Record):
    """Who was at an activity; no minutes: the planned time if present, else none."""

    person = models.CharField(max_length=60)
    activity = models.CharField(max_length=60)
    status = models.CharField(max_length=10)
    minutes = models.BigIntegerField(null=True)

    class Meta:
        constraints = [_once("attendance_once", "person", "activity")]
        indexes = _past("attendance")


class Quota(Record):
    """The seats that a unit has in a class."""

    activity = models.CharField(max_length=60)
    unit = models.CharField(max_length=60)
    seats = models.BigIntegerField()

    class Meta:
        constraints = [_once("quota_once", "unit", "activity")]
        indexes = _past("quota")


class ContestEntry(Record):
    """An entry of a person in a contest."""

    contest = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    level = models.CharField(max_length=10)
    person = models.CharField(max_length=60)
    held_on = models.DateField()
    place = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [_once("contest_entry_once", "person", "contest")]
        indexes = _past("contest_entry")


class Supply(Record):
    """Textbooks or handbooks of a unit, in one round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    unit = models.CharField(max_length=60)
    item = models.CharField(max_length=10)
    planned = models.BigIntegerField()
    received = models.BigIntegerField()

    class Meta:
        constraints = [_once("supply_once", "round", "unit", "item")]
        indexes = _past("supply")


class Appraisal(Record):
    """A test of a person; without a key, so that the same row may stand twice."""

    person = models.CharField(max_length=60)
    tested_on = models.DateField()
    result = models.CharField(max_length=500)

    class Meta:
        indexes = [
            models.Index(fields=("authority", "person", "until"), name="appraisal_of_person"),
            *_past("appraisal"),
        ]


class Bulletin(Record):
    """A bulletin that a unit sent; without a key, so that the same row may stand twice."""

    unit = models.CharField(max_length=60)
    sent_on = models.DateField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=500)

    class Meta:
        indexes = [
            models.Index(fields=("authority", "unit", "until"), name="bulletin_of_unit"),
            *_past("bulletin"),
        ]


class Judgement(Record):
    """What one person gave a unit for a criterion, at one stage of one round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    unit = models.CharField(max_length=60)
    criterion = models.CharField(max_length=60)
    stage = models.CharField(max_length=10)
    points = models.DecimalField(max_digits=12, decimal_places=2)
    judge = models.CharField(max_length=200)
    reason = models.TextField(null=True)
    evidence = models.TextField(null=True)

    class Meta:
        constraints = [_once("judgement_once", "round", "unit", "criterion", "stage")]
        indexes = _past("judgement")


class KeptStay(models.Model):
    """A posting as it was when a round was closed, so that later moves change nothing in it; `posting` is its id then."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    posting = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    joined = models.DateField(null=True)
    departed = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("round", "posting"), name="stay_kept_once")]


class UnitFigures(models.Model):
    """A unit's row of `metrics.sql` in a round, as it was last measured; `stale`: something it rests on has changed."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="figures")
    unit = models.CharField(max_length=60)
    row = models.JSONField(null=True)
    stale = models.BooleanField(default=True)
    measured_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("round", "unit"), name="figures_once")]
