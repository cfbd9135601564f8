"""The standards of an authority, version by version, each with the exact bytes of its file."""

from django.conf import settings
from django.db import models

from kaohe.web.organisation.models import Unit


class StandardVersion(models.Model):
    """A version of a standard as an authority holds it (`kaohe.standard` reads `content`).

    name, version: the file's own `id` and `version`; content: the file's bytes, which are never changed; digest:
    `sha256:` and their SHA-256, as results cite it; frozen_at: when the first round under it was opened, from when on
    the database refuses to change or remove it.
    """

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="standards")
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    digest = models.CharField(max_length=71)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "-added_at", "-id")
        constraints = [models.UniqueConstraint(fields=("authority", "name", "version"), name="standard_version_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
