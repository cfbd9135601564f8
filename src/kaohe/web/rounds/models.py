"""Rounds of assessment: an authority, a version of a standard, a period, and the units that are assessed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kaohe.web.organisation.models import Unit
from kaohe.web.standards.models import StandardVersion


class State(models.TextChoices):
    """Where a round is. A draft can still be changed; once it takes records, only its units' records change."""

    DRAFT = "draft"
    REPORTING = "reporting"
    CLOSED = "closed"


class Round(models.Model):
    """A round of an authority.

    kind: one of the standard's; start, end: the period, both days included; due: the day whose 24:00 ends the time for
    reports; ledger_at: the number of the ledger's last change when the round was closed (`training.models`), by which
    its records can be read as they were; version: against two editors at once.
    """

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="rounds")
    standard = models.ForeignKey(StandardVersion, models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    start = models.DateField()
    end = models.DateField()
    due = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ledger_at = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-year", "-end", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State.values)), name="round_state_known"),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="round_period_in_order"),
            models.CheckConstraint(condition=Q(state=State.CLOSED) ^ Q(closed_at=None), name="round_closed_has_day"),
            models.CheckConstraint(condition=Q(state=State.DRAFT) ^ Q(opened_at__isnull=False), name="round_open_has_day"),
            models.UniqueConstraint(fields=("authority", "standard", "kind", "year"), name="round_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class RoundUnit(models.Model):
    """A unit that a round assesses, as it was called and grouped when the round was opened."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    peer_group = models.CharField(max_length=60)
    official_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("official_order", "code")
        constraints = [
            models.UniqueConstraint(fields=("round", "unit"), name="round_unit_once"),
            models.UniqueConstraint(fields=("round", "code"), name="round_code_once"),
        ]

    @classmethod
    def of(cls, a_round: Round, unit: Unit) -> "RoundUnit":
        """Return a unit as a round assesses it, as it is called and grouped now; not written yet."""
        return cls(
            round=a_round, unit=unit, code=unit.code, name=unit.name, peer_group=unit.peer_group,
            official_order=unit.official_order,
        )  # fmt: skip
