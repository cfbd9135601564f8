"""The journal: entries in their order, its head, checkpoints; personal values apart; and the security log."""

from django.conf import settings
from django.db import models


class LogEntry(models.Model):
    """One entry, as it was written: never changed and never removed (triggers refuse). See `docs/journal-format.md`.

    seq: from 0 without a gap; payload: the canonical JSON that was hashed; leaf: its RFC 6962 hash; area: the action
    up to its colon, by which the page filters, not hashed and held to the action by `verification`.
    """

    seq = models.BigIntegerField(primary_key=True)
    time = models.CharField(max_length=27, db_index=True)
    actor = models.CharField(max_length=100, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    object = models.CharField(max_length=200, db_index=True)
    payload = models.BinaryField()
    leaf = models.BinaryField(max_length=32)
    area = models.CharField(max_length=60)

    class Meta:
        ordering = ("-seq",)
        indexes = [models.Index(fields=("area", "-seq"), name="log_entry_area")]


class LogHead(models.Model):
    """How far the log goes: one row, locked while an entry is written, so that numbers have no gaps.

    areas: how many entries each area has, so that the page need not count them.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes(8))
    areas = models.JSONField(default=dict)


class LogTile(models.Model):
    """The root over entries 256·n to 256·n + 255: a proof then reads a few thousand hashes, not a million."""

    n = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """The log's head at a moment, in the C2SP text form, signed. Never changed and never removed.

    root: in base64, as the note has it; reason: an action word, `daily` or `asked`.
    """

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    time = models.DateTimeField()
    reason = models.CharField(max_length=60)
    note = models.TextField()

    class Meta:
        ordering = ("-size", "-id")
        indexes = [models.Index(fields=("-size", "-id"), name="checkpoint_size")]


class PersonalValue(models.Model):
    """A personal value that an entry holds only as a salted digest; removing the row erases it, the log stays whole."""

    digest = models.CharField(max_length=64, primary_key=True)
    salt = models.BinaryField()
    value = models.TextField()


class SecurityEvent(models.Model):
    """A sign-in, a failure, a denial: kept beside the journal, at least 180 days."""

    time = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40, db_index=True)
    username = models.CharField(max_length=60, blank=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="security_events")
    address = models.GenericIPAddressField(null=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-time", "-id")
