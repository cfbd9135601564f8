"""Records of the ledger as people send them, and the ledger as it stands."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from kaohe.web.accounts.models import User
from kaohe.web.intake.models import Import
from kaohe.web.jobs.worker import run_all
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training.models import LedgerChange
from kaohe.web.training.scope import head_of_ledger
from tests.web.intake.sending import csv, sent
from tests.web.training.loaded import MODELS, round_at

ACTIVITIES = "活动编号,组织单位代码,形式,名称,开始日期,结束日期,计划学时"
ATTENDANCE = "活动编号,人员编号,出勤,实到学时"
SUPPLIES = "单位代码,物品,应配数,实配数"
QUOTAS = "活动编号,单位代码,名额"
OF_EVERY_ROW = ("id", "authority", "since", "until", "origin")
THREE = (
    "A1,D01,lecture,公文讲座,2010-04-21,2010-04-21,3.0",
    "A2,,online,网络学习,2010-03-01,2010-06-28,20.0",
    "A3,,class,骨干班,2010-04-12,2010-04-16,30.0",
)
"""A lecture of D01, the city's online course, and a class."""


def activities(*lines: str) -> bytes:
    """Return a file of activities."""
    return csv(ACTIVITIES, *lines)


def attendance(*lines: str) -> bytes:
    """Return a file of attendance."""
    return csv(ATTENDANCE, *lines)


def supplies(*lines: str) -> bytes:
    """Return a file of textbooks and handbooks."""
    return csv(SUPPLIES, *lines)


def quotas(*lines: str) -> bytes:
    """Return a file of quotas."""
    return csv(QUOTAS, *lines)


def open_round(at: str = "0001", kind: str = "annual") -> Round:
    """Open a round of an authority of the tests' city."""
    return round_at(Unit.objects.get(code=at), User.objects.get(username="office"), kind)


def brought(client: Client, content: bytes, table: str, a_round: Round, **values: Any) -> Import:
    """Send a file for a round, have it read, confirm it, have it written, and return its import."""
    found = sent(client, content, table, round=a_round.pk, **values)
    assert found.state == "ready", found.faults
    return settled(client, found)


def settled(client: Client, found: Import, **values: Any) -> Import:
    """Confirm an import and have it written."""
    client.post(reverse("import-confirm", args=[found.pk]), values)
    run_all()
    found.refresh_from_db()
    return found


def returned(client: Client, found: Import) -> Import:
    """Take an import back, as far as it goes."""
    client.post(reverse("import-take-back", args=[found.pk]))
    run_all()
    found.refresh_from_db()
    return found


def ledger_of(at: str = "0001") -> dict[str, list[tuple[Any, ...]]]:
    """Return the records of an authority that hold, by table, without their numbers."""
    authority = Unit.objects.get(code=at).pk
    head = head_of_ledger(authority)
    held = {}
    for table, model in MODELS.items():
        names = [f.name for f in model._meta.concrete_fields if f.name not in OF_EVERY_ROW]
        rows = model.objects.filter(authority=authority, since__lte=head, until__gt=head)
        held[table] = sorted(rows.values_list(*names), key=str)
    return held


def written() -> int:
    """Return how many rows of the ledger's tables there are, in force or not."""
    return sum(model.objects.count() for model in MODELS.values())


def in_the_making() -> int:
    """Return how many changes of ledgers are not in force."""
    return LedgerChange.objects.filter(settled_at=None).count()


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Return files as the bytes of an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def folder_zipped(folder: Path, top: str = "") -> bytes:
    """Return a city folder as the bytes of an archive."""
    return zipped({f"{top}{path.name}": path.read_bytes() for path in sorted(folder.iterdir())})
