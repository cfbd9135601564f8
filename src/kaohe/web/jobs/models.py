"""Work in the background: one small table, a lease, a cursor."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """A piece of work in steps. After each step its cursor is kept, so that it goes on there after a crash.

    lease, lease_until: which worker has it, and until when unless it says that it lives; arguments, cursor: JSON that
    its kind understands; done_steps, all_steps: how far it is; owner: whose it is, None for the system's own.
    """

    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="jobs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    arguments = models.JSONField(default=dict)
    cursor = models.JSONField(null=True)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(null=True)
    fault = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    run_after = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("state", "run_after"), name="job_next")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State.values)), name="job_state_known"),
            models.CheckConstraint(condition=~Q(state="running") | ~Q(lease=""), name="job_running_is_leased"),
        ]


class Daily(models.Model):
    """Work that is due every day: the last day for which it was queued."""

    kind = models.CharField(max_length=60, primary_key=True)
    last_day = models.DateField()
