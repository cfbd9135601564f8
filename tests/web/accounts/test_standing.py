"""What somebody is on a day is what the memberships of that day say."""

from datetime import date, timedelta

import pytest

from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import standing_of
from tests.web.city import City

DAY = date(2010, 5, 18)


@pytest.mark.parametrize(
    ("since", "until"), [(-1, -1), (-1, 0), (-1, 1), (-1, None), (0, 0), (0, 1), (0, None), (1, 1), (1, None)]
)
def test_a_role_is_held_from_its_first_day_to_its_last(city: City, since: int, until: int | None) -> None:
    user = User.objects.create_user("somebody", name="某人")
    last = None if until is None else DAY + timedelta(until)
    unit = city.units["D01"]
    Membership.objects.create(user=user, role=Role.LEADER, unit=unit, since=DAY + timedelta(since), until=last)

    (*posts,) = standing_of(user, DAY).posts

    held = Membership.objects.filter(Membership.on(DAY), user=user)
    assert [(post.role, post.unit) for post in posts] == list(held.values_list("role", "unit"))
    assert [(p.path, p.unit_name, p.is_authority) for p in posts] == [(unit.path, unit.name, False)] * len(posts)


def test_a_closed_account_is_nobody(city: City) -> None:
    User.objects.filter(username="office").update(is_active=False)

    assert standing_of(User.objects.get(username="office"), DAY).posts == ()


def test_the_second_factor_is_known_without_another_query(city: City) -> None:
    assert standing_of(User.objects.get(username="office"), DAY).has_second_factor
    assert not standing_of(User.objects.get(username="leader"), DAY).has_second_factor
