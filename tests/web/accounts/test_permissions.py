"""The three questions have one answer: may, visible and holders agree for any tree, any roles, any day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.permissions import GRANTS, Action, can, holders, may, visible
from kaohe.web.accounts.procedure import duty_of
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import standing_of
from kaohe.web.intake.models import Import
from kaohe.web.jobs.models import Job
from kaohe.web.organisation.models import Person, Unit
from tests.depth import deep
from tests.web.city import person, unit

TODAY = date(2010, 7, 1)
MODELS = (Unit, Person, User, Job, Membership, Import)


@st.composite
def trees(draw: st.DrawFn) -> list[int | None]:
    """Draw a forest: for each unit the number of the one above, or None."""
    size = draw(st.integers(1, 7))
    return [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size)]


POSTS = st.lists(
    st.tuples(
        st.sampled_from(list(Role)), st.integers(0, 6), st.integers(-3, 1),
        st.none() | st.integers(-2, 2), st.booleans(), st.none() | st.integers(0, 3),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


def _city(tree: list[int | None]) -> tuple[list[Unit], list[Person]]:
    units: list[Unit] = []
    for number, above in enumerate(tree):
        top = above is None or number % 3 == 1
        units.append(unit(f"U{number}", None if above is None else units[above], is_authority=top))
    return units, [person(f"P{number}", units[number % len(units)]) for number in range(4)]


def _people(
    posts: list[tuple[Role, int, int, int | None, bool, int | None]], units: list[Unit], people: list[Person]
) -> None:
    for number, (role, at, since, until, active, own) in enumerate(posts):
        duty = duty_of(role)
        user = User.objects.create_user(
            f"u{number}", name="某人", duty=duty, is_active=active, person=None if own is None else people[own]
        )
        begins = TODAY + timedelta(days=since)
        ends = None if until is None else max(begins, TODAY + timedelta(days=until))
        Membership.objects.create(
            user=user, duty=duty, role=role, unit=units[at % len(units)], since=begins, until=ends
        )
        if number % 2 and duty == "":
            other = Role.CIVIL_SERVANT if role != Role.CIVIL_SERVANT else Role.OFFICER
            Membership.objects.create(user=user, duty=duty, role=other, unit=units[0], since=TODAY)
        Job.objects.create(
            kind="x", owner=user, arguments={}, created_at="2010-01-01T00:00Z", run_after="2010-01-01T00:00Z"
        )
    Job.objects.create(
        kind="x", owner=None, arguments={}, created_at="2010-01-01T00:00Z", run_after="2010-01-01T00:00Z"
    )


class ThreeQuestions(TestCase):
    """May somebody; what may somebody; who may."""

    @settings(max_examples=deep(8, 25))
    @given(tree=trees(), posts=POSTS)
    def test_they_agree(
        self, tree: list[int | None], posts: list[tuple[Role, int, int, int | None, bool, int | None]]
    ) -> None:
        """Ask all three of every account, action and object."""
        units, people = _city(tree)
        _people(posts, units, people)
        standings = {user.pk: standing_of(user, TODAY) for user in User.objects.all()}
        for action in Action:
            for model in MODELS:
                seen = {
                    pk: set(visible(now, action, model).values_list("pk", flat=True)) for pk, now in standings.items()
                }
                for thing in model._default_manager.all():
                    held = set(holders(action, thing, TODAY).values_list("pk", flat=True))
                    assert held == {pk for pk, things in seen.items() if thing.pk in things}, (action, thing)
                    first = next(iter(standings))
                    assert may(standings[first], action, thing) == (first in held)
                for pk, things in seen.items():
                    assert not things or can(standings[pk], action)

    def test_a_subtree_is_not_a_neighbour_with_a_longer_number(self) -> None:
        """`/1/` is not above `/10/`."""
        units = [unit(f"U{number}", None, is_authority=True) for number in range(12)]
        user = User.objects.create_user("office", name="某人")
        Membership.objects.create(user=user, role=Role.OFFICE, unit=units[0], since=TODAY)
        assert list(visible(standing_of(user, TODAY), Action.UNIT_VIEW, Unit)) == [units[0]]


def test_every_action_is_granted_to_somebody_and_named_in_order() -> None:
    assert set(GRANTS) == set(Action)
    assert [action.value for action in Action] == sorted(action.value for action in Action)
