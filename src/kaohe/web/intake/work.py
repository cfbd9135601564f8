"""Work in the background: reading what came in, and taking away what nobody holds."""

from collections.abc import Generator

from django.conf import settings
from django.utils import timezone

from kaohe.web.config.scratch import sweep_scratch
from kaohe.web.intake.storing import remove_orphans
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step, kind


@kind("intake.read", "读取导入的文件", "Read an imported file")
def read(job: Job) -> Generator[Step, None, str]:
    """Read a file and compare it with the table, from the beginning wherever it was left."""
    from kaohe.web.intake.staging import read_import  # slow import: the engine, which only a reader needs

    return (yield from read_import(job.arguments["import"]))


@kind("intake.settle", "写入台账", "Write records into the ledger")
def settle(job: Job) -> Generator[Step, None, str]:
    """Bring a confirmed import into the ledger; it goes on where it was left."""
    from kaohe.web.intake.settling import settle  # slow import: the engine

    return (yield from settle(job))


@kind("intake.return", "从台账撤回", "Take records out of the ledger")
def give_back(job: Job) -> Generator[Step, None, str]:
    """Take an import out of the ledger again; it goes on where it was left."""
    from kaohe.web.intake.settling import give_back  # slow import: the engine

    return (yield from give_back(job))


@kind("intake.sweep", "清理无主的上传文件", "Remove uploads that belong to nothing", daily=True)
def sweep(job: Job) -> Generator[Step, None, int]:
    """Remove files of imports that were never made or were dropped, and what killed processes left of their work."""
    now = timezone.now()
    removed = remove_orphans(now) + sweep_scratch(settings.CONFIGURATION.home, now)
    yield Step(None, 1, 1)
    return removed
