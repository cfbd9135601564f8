"""The system's own daily work: a backup, and the old ones removed."""

from collections.abc import Generator
from typing import Any

from django.conf import settings
from django.utils import timezone

from kaohe.web.config import backup
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step, kind


@kind("backup", "每日备份", "Daily backup", daily=True)
def daily_backup(job: Job) -> Generator[Step, None, dict[str, Any]]:
    """Write a backup and keep the newest ones."""
    folder = settings.CONFIGURATION.backups
    made = backup.make(settings.CONFIGURATION, folder, timezone.now())
    yield Step(made.path.name, 1, 2)
    removed = backup.prune(folder, settings.CONFIGURATION.backup_keep, timezone.now())
    return {"file": made.path.name, "size": made.size, "removed": len(removed)}
