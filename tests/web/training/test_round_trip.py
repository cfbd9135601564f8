"""What the web exports is what it holds: `kaohe assess` finds in the folder the metrics and scores that the web shows."""

import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from kaohe.assessment.ranking import rank
from kaohe.assessment.scoring import Judgement as Given
from kaohe.assessment.scoring import Unit as Assessed
from kaohe.assessment.scoring import UnitResult, score
from kaohe.city import assess
from kaohe.ledger.synthesis import Criterion, synthesise
from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.training.export import export_folder
from kaohe.web.training.figures import figures_of, touched
from kaohe.web.training.models import Activity, Attendance, Judgement
from random_city import random_city, write_city
from tests.depth import PROVE, deep
from tests.web.city import City, person, unit
from tests.web.training.loaded import FILE, change_of, load, move, round_at

CRITERIA = [
    Criterion(c.id, c.title.zh, c.points, c.kind == "judged", tuple(check.title.zh for check in c.checklist))
    for c in FILE.standard.criteria
]


def results_of(a_round: Round) -> tuple[UnitResult, ...]:
    """The results of a round as the web has them: its own figures and judgements, under the engine's rules."""
    given: dict[str, list[Given]] = defaultdict(list)
    for row in Judgement.objects.filter(round=a_round):
        given[row.unit].append(
            Given(row.unit, row.criterion, row.stage, row.points, row.judge, row.reason, row.evidence)  # type: ignore[arg-type]
        )
    found, results = figures_of(a_round), []
    for one in RoundUnit.objects.filter(round=a_round):
        measured = found[one.code]
        assessed = Assessed(one.code, one.name, one.peer_group, measured.headcount, measured.measures)
        results.append(score(FILE.standard, assessed, given[one.code]))
    return rank(FILE.standard, results)


def assessed_from(a_round: Round, folder: Path) -> tuple[UnitResult, ...]:
    """The results of a round as `kaohe assess` has them from its export."""
    folder.mkdir()
    export_folder(a_round, None, folder)
    return assess(folder, kind=a_round.kind, year=a_round.year).units


def move_some(authority: Unit, rng: random.Random, count: int) -> None:
    """Have people move to another unit of an authority on a day around the period."""
    units = list(Unit.objects.filter(authority=authority).order_by("code"))
    people = list(Person.objects.filter(authority=authority, postings__departed=None).order_by("code"))
    for one in rng.sample(people, min(count, len(people))):
        joined = one.postings.get(departed=None).joined or date(2009, 11, 1)
        others = [each for each in units if each.pk != one.unit_id]
        move(one.code, rng.choice(others), joined + timedelta(rng.randrange(450)))
    touched(authority.pk, None)


def test_a_city_and_the_same_after_people_moved(tmp_path: Path, city: City) -> None:
    authority = city.units["9001"]
    if PROVE:
        synthesise(tmp_path / "city", criteria=CRITERIA, seed=11)
    else:
        write_city(random_city(random.Random(11)), tmp_path / "city")
    a_round = load(tmp_path / "city", authority, User.objects.get(username="office")).round

    before = results_of(a_round)
    assert assessed_from(a_round, tmp_path / "before") == before

    move_some(authority, random.Random(11), deep(4, 200))
    after = results_of(a_round)
    assert assessed_from(a_round, tmp_path / "after") == after
    assert after != before


@pytest.mark.parametrize("seed", range(deep(3, 20)))
@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_random_cities_with_people_who_moved(tmp_path: Path, city: City, seed: int, kind: str) -> None:
    rng, office = random.Random(50_000 + seed), User.objects.get(username="office")
    write_city(random_city(rng), tmp_path / "city")
    a_round = load(tmp_path / "city", city.units["9001"], office, kind).round
    move_some(city.units["9001"], rng, rng.randrange(4))

    results = results_of(a_round)

    assert assessed_from(a_round, tmp_path / "out") == results
    elsewhere = unit("8001", None, name="东河市公训办", is_authority=True, peer_group="")
    assert results_of(load(tmp_path / "out", elsewhere, office, kind).round) == results


def test_an_export_of_what_was_exported_is_the_same(tmp_path: Path, city: City) -> None:
    office, elsewhere = User.objects.get(username="office"), unit("8001", None, is_authority=True, peer_group="")
    write_city(random_city(random.Random(7), "plain"), tmp_path / "city")
    assessed_from(load(tmp_path / "city", city.units["9001"], office).round, tmp_path / "first")

    assessed_from(load(tmp_path / "first", elsewhere, office).round, tmp_path / "second")

    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes(), file.name


def test_a_person_whose_own_id_looks_like_a_former_stay_is_told_from_it(tmp_path: Path, city: City) -> None:
    top, march = city.units["0001"], date(2010, 3, 1)
    a_round = round_at(top, User.objects.get(username="office"))
    former = Posting.objects.get(person__code="P1")
    twin = person(f"P1~{former.pk}", city.units["D02"])
    move("P1", city.units["D02"], date(2010, 6, 1))
    held = {"authority": top, "since": change_of(top).number}
    Activity.objects.create(code="A", form="class", title="A", starts_on=march, ends_on=march, minutes=60, **held)
    Attendance.objects.create(person=twin.code, activity="A", status="present", **held)

    results = results_of(a_round)

    assert assessed_from(a_round, tmp_path / "out") == results
    trainees = {one.unit.code: one.unit.metrics["class_points"] for one in results}
    assert (trainees["D01"], trainees["D02"]) == ((0, 0), (5, 1))
