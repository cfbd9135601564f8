"""A city folder put straight into the web's tables: what tests of what the ledger says begin with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kaohe.ledger.engines import metrics_of
from kaohe.ledger.metrics import UnitMetrics
from kaohe.ledger.reading import Ledger, open_ledger
from kaohe.ledger.records import typed_rows
from kaohe.standard.files import read_standard
from kaohe.terms import round_of, terms_of, window_of
from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.standards.models import StandardVersion
from kaohe.web.training.closing import keep_stays
from kaohe.web.training.figures import begin_figures
from kaohe.web.training.models import (
    Activity,
    Appraisal,
    Attendance,
    Bulletin,
    ContestEntry,
    Judgement,
    LedgerChange,
    Quota,
    Supply,
)
from kaohe.web.training.scope import analyse
from tests.web.city import unit

NOW = datetime(2010, 11, 20, 8, tzinfo=UTC)
FILE = read_standard("benxi-2010")
MODELS: dict[str, Any] = {
    "activities": Activity, "attendance": Attendance, "quotas": Quota, "contests": ContestEntry, "supplies": Supply,
    "appraisals": Appraisal, "bulletins": Bulletin, "judgements": Judgement,
}  # fmt: skip
EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Loaded:
    """The round, and what the engine measures in the folder that it was loaded from."""

    round: Round
    expected: dict[str, UnitMetrics]


def version_of(authority: Unit) -> StandardVersion:
    """The 2010 standard, held by an authority."""
    standard = FILE.standard
    values = {
        "title_zh": standard.title.zh, "title_en": standard.title.en, "file_name": FILE.name, "content": FILE.content,
        "digest": FILE.digest, "added_at": NOW,
    }  # fmt: skip
    return StandardVersion.objects.get_or_create(
        authority=authority, name=standard.id, version=standard.version, defaults=values
    )[0]


def round_at(authority: Unit, user: User, kind: str = "annual", year: int = 2010) -> Round:
    """An open round of an authority over all units directly below it."""
    period = round_of(FILE.standard, kind, year)
    made = Round.objects.create(
        authority=authority, standard=version_of(authority), kind=kind, year=year, start=period.start, end=period.end,
        due=FILE.standard.rounds[kind].due_on(year), state=State.REPORTING, made_by=user, made_at=NOW, opened_at=NOW,
    )  # fmt: skip
    below = Unit.objects.filter(authority=authority).exclude(peer_group="")
    RoundUnit.objects.bulk_create(
        RoundUnit(round=made, unit=one, code=one.code, name=one.name, peer_group=one.peer_group, official_order=one.official_order)
        for one in below
    )  # fmt: skip
    begin_figures(made)
    return made


def load(folder: Path, authority: Unit, user: User, kind: str = "annual", year: int = 2010) -> Loaded:
    """Put a folder's units and people below an authority, open a round, and put the records into the ledger."""
    with open_ledger(folder, terms_of(FILE.standard)) as ledger:
        _organise(ledger, authority)
        made = round_at(authority, user, kind, year)
        change = change_of(authority)
        for table, model in MODELS.items():
            model.objects.bulk_create(
                (_record(model, table, values, made, change.number) for _, values in typed_rows(ledger, table)),
                batch_size=5_000,
            )
        analyse()
        window = window_of(FILE.standard, round_of(FILE.standard, kind, year))
        return Loaded(made, metrics_of(ledger, window))


def change_of(authority: Unit) -> LedgerChange:
    """A settled change of the ledger, for records that a test writes itself."""
    number = LedgerChange.objects.filter(authority=authority).count() + 1
    return LedgerChange.objects.create(authority=authority, number=number, begun_at=NOW, settled_at=NOW)


def _organise(ledger: Ledger, authority: Unit) -> None:
    units = {}
    for n, values in typed_rows(ledger, "units"):
        units[values["code"]] = unit(
            str(values["code"]), authority, name=values["name"], peer_group=values["peer_group"], official_order=n
        )
    people, stays = list[Person](), list[Posting]()
    for _, values in typed_rows(ledger, "people"):
        at = units[values["unit"]]
        one = Person(code=values["id"], name=values["name"], authority=authority, unit=at)
        people.append(one)
        stays.append(Posting(person=one, unit=at, joined=values["joined"], departed=values["departed"]))
    # the keys of the search, which would take longer than all else, are left empty
    Person.objects.bulk_create(people)
    Posting.objects.bulk_create(stays)


def _record(model: Any, table: str, values: dict[str, Any], made: Round, number: int) -> Any:
    if table == "activities":
        values["code"] = values.pop("id")
    if table in ("supplies", "judgements"):
        values["round"] = made
    return model(authority=made.authority, since=number, **values)


def close(a_round: Round, ledger_at: int = 0) -> None:
    """Close a round at a state of the ledger, as `rounds.procedure.close_round` has it closed."""
    Round.objects.filter(pk=a_round.pk).update(state=State.CLOSED, closed_at=NOW, ledger_at=ledger_at)
    keep_stays(a_round)
    a_round.refresh_from_db()


def move(code: str, to: Unit, on: date) -> None:
    """Have a person move to another unit on a day."""
    one = Person.objects.get(code=code, authority=to.authority)
    one.postings.filter(departed=None).update(departed=on)
    Posting.objects.create(person=one, unit=to, joined=on)
    Person.objects.filter(pk=one.pk).update(unit=to)
