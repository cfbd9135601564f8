"""The tree: paths, authorities and people follow every move; nothing comes to stand below itself."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.web.organisation.models import Person, Unit
from kaohe.web.organisation.tree import Circle, CodeTaken, place
from tests.web.city import City, person, unit


def path_by_parents(one: Unit) -> str:
    """The path as the parents say it, without the stored one."""
    ids: list[int] = []
    here: Unit | None = one
    while here:
        ids.insert(0, here.pk)
        here = here.parent
    return "/" + "".join(f"{pk}/" for pk in ids)


def authority_by_parents(one: Unit) -> Unit | None:
    above = one.parent
    while above and not above.is_authority:
        above = above.parent
    return above


moves = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=moves)
def test_paths_and_authorities_are_right_after_any_moves(db: None, moves: list[tuple[int, int]]) -> None:
    Person.objects.all().delete()
    Unit.objects.update(parent=None, authority=None, successor=None, path="")
    Unit.objects.all().delete()
    top = unit("T", None, is_authority=True)
    units = [unit("A", top, is_authority=True)]
    for n in range(7):
        units.append(unit(f"U{n}", units[n // 2]))
    people = [person(f"P{n}", one) for n, one in enumerate(units)]

    for moved, under in moves:
        one, parent = Unit.objects.get(pk=units[moved].pk), Unit.objects.get(pk=units[under].pk)
        if parent.path.startswith(one.path):
            with pytest.raises(Circle):
                place(one, parent)
        else:
            place(one, parent)

    for one in Unit.objects.select_related("parent"):
        assert one.path == path_by_parents(one)
        assert one.authority == authority_by_parents(one)
    for somebody in Person.objects.filter(pk__in=[one.pk for one in people]):
        at = somebody.unit
        assert somebody.authority == (at if at.is_authority else at.authority)


def test_a_refused_move_changes_nothing(city: City) -> None:
    before = list(Unit.objects.order_by("pk").values())

    with pytest.raises(Circle):
        place(Unit.objects.get(code="X01"), Unit.objects.get(code="X01-1"))

    assert list(Unit.objects.order_by("pk").values()) == before


def test_a_move_to_an_authority_that_has_the_code_is_refused(city: City) -> None:
    unit("D01", city.units["X01"])
    before = list(Unit.objects.order_by("pk").values())

    with pytest.raises(CodeTaken, match="D01"):
        place(Unit.objects.get(code="D01", authority=city.units["0001"]), city.units["X01"])

    assert list(Unit.objects.order_by("pk").values()) == before


def test_a_move_to_an_authority_that_has_a_person_with_the_code_is_refused(city: City) -> None:
    person("P1", city.units["X01-2"])

    with pytest.raises(CodeTaken, match="P1"):
        place(Unit.objects.get(code="D01"), city.units["X01"])
