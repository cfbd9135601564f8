"""Records written one by one into an authority's ledger, each book under one settled change; and an export read back."""

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from kaohe.ledger.tables import TABLES
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training.export import export_folder
from kaohe.web.training.models import (
    Activity,
    Appraisal,
    Attendance,
    Bulletin,
    ContestEntry,
    Judgement,
    LedgerChange,
    Quota,
    Record,
    Supply,
)
from tests.web.training.loaded import change_of


@dataclass
class Book:
    """What is written into an authority's ledger under one change; minutes are given as hours."""

    authority: Unit
    change: LedgerChange = field(init=False)

    def __post_init__(self) -> None:
        self.change = change_of(self.authority)

    def _write(self, model: type[Record], **values: object) -> None:
        model.objects.create(authority=self.authority, since=self.change.number, **values)  # type: ignore[attr-defined]

    def ends(self, record: Record) -> None:
        """Have a record hold no longer."""
        type(record).objects.filter(pk=record.pk).update(until=self.change.number)  # type: ignore[attr-defined]

    def activity(self, code: str, form: str, ends_on: date, hours: float = 8, unit: str | None = None) -> None:
        self._write(
            Activity, code=code, form=form, title=f"{code} 班", starts_on=ends_on, ends_on=ends_on,
            minutes=round(hours * 60), unit=unit,
        )  # fmt: skip

    def attended(self, person: str, activity: str, hours: float | None = None, status: str = "present") -> None:
        minutes = None if hours is None else round(hours * 60)
        self._write(Attendance, person=person, activity=activity, status=status, minutes=minutes)

    def quota(self, activity: str, unit: str, seats: int) -> None:
        self._write(Quota, activity=activity, unit=unit, seats=seats)

    def contest(self, person: str, contest: str, held_on: date, level: str = "city") -> None:
        self._write(ContestEntry, contest=contest, kind="writing", level=level, person=person, held_on=held_on)

    def supply(self, a_round: Round, unit: str, planned: int, received: int, item: str = "textbook") -> None:
        self._write(Supply, round=a_round, unit=unit, item=item, planned=planned, received=received)

    def tested(self, person: str, on: date) -> None:
        self._write(Appraisal, person=person, tested_on=on, result="合格")

    def bulletin(self, unit: str, on: date) -> None:
        self._write(Bulletin, unit=unit, sent_on=on, kind="news", title="信息")

    def judged(self, a_round: Round, unit: str, criterion: str, stage: str, points: str) -> None:
        self._write(
            Judgement, round=a_round, unit=unit, criterion=criterion, stage=stage, points=Decimal(points), judge="吴玉兰",
            reason="依据材料",
        )  # fmt: skip


def exported(a_round: Round, folder: Path, units: list[str] | None = None) -> dict[str, list[list[str]]]:
    """The tables of an exported round, without their heads."""
    folder.mkdir()
    export_folder(a_round, units, folder)
    return {table.name: rows_of(folder / f"{table.name}.csv")[1:] for table in TABLES}


def rows_of(file: Path) -> list[list[str]]:
    """The rows of a file, its head with them."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))
