"""The web's own tables, seen through a scope, are the ten tables: `metrics.sql` measures what the engine measures."""

import random
from pathlib import Path

import pytest

from kaohe.ledger.synthesis import synthesise
from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Unit
from kaohe.web.training.figures import figures_of, measured_rows
from random_city import random_city, write_city
from tests.depth import deep
from tests.web.city import City
from tests.web.training.loaded import load


@pytest.mark.parametrize("seed", range(deep(4, 15)))
@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_web_measures_what_the_engine_measures(tmp_path: Path, city: City, seed: int, kind: str) -> None:
    write_city(random_city(random.Random(40_000 + seed)), tmp_path / "city")

    loaded = load(tmp_path / "city", city.units["9001"], User.objects.get(username="office"), kind)

    found = figures_of(loaded.round)
    assert {code: found[code] for code in loaded.expected} == loaded.expected


def test_a_whole_city_and_each_unit_of_it_alone(tmp_path: Path, city: City) -> None:
    synthesise(tmp_path / "city", criteria=(), seed=7)

    loaded = load(tmp_path / "city", city.units["9001"], User.objects.get(username="office"))

    whole = measured_rows(loaded.round)
    for code in sorted(whole)[:: deep(9, 1)]:
        assert measured_rows(loaded.round, [code]) == {code: whole[code]}
    found = figures_of(loaded.round)
    assert {code: found[code] for code in loaded.expected} == loaded.expected
    assert Unit.objects.filter(authority=city.units["9001"]).count() == len(found)
