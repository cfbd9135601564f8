"""The tests' city with the groups of the standard, as files have to name them."""

import pytest

from kaohe.web.organisation.models import Unit


def with_groups_of_the_standard() -> None:
    """Name the groups of the city's units as the standard does."""
    Unit.objects.filter(peer_group="departments").update(peer_group="department")
    Unit.objects.filter(peer_group="counties").update(peer_group="county")


@pytest.fixture(autouse=True)
def groups(request: pytest.FixtureRequest) -> None:
    """Have the groups of the standard wherever there is a city."""
    if "city" in request.fixturenames or "signed_in" in request.fixturenames:
        request.getfixturevalue("city")
        with_groups_of_the_standard()
