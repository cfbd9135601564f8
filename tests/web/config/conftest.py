"""Deployments for the tests: one that is founded once, its copies, and empty places."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.config.places import FIRST, Deployment, drop_database, empty_place

NewDeployment = Callable[[], Deployment]


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    place = empty_place(tmp_path_factory.mktemp("founded") / "home")
    done = place.run("init", "--certificate", "--host", "10.0.0.5", "--host", "kaohe.local", *FIRST)
    assert done.returncode == 0, done.stderr
    yield place
    if place.database:
        drop_database(place.database)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[list[Deployment]]:
    """What a test has made; its databases are dropped in the end."""
    places: list[Deployment] = []
    yield places
    for place in places:
        if place.database:
            drop_database(place.database)


@pytest.fixture
def founded(founded_once: Deployment, made: list[Deployment], tmp_path: Path) -> Deployment:
    """A deployment with a certificate and its security administrator, for one test."""
    made.append(founded_once.copied(tmp_path / "home"))
    return made[-1]


@pytest.fixture
def nowhere(made: list[Deployment], tmp_path: Path) -> NewDeployment:
    """Make places where nothing is yet."""

    def make() -> Deployment:
        made.append(empty_place(tmp_path / f"empty-{len(made)}"))
        return made[-1]

    return make
