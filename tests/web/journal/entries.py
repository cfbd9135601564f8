"""Entries to test with."""

from datetime import UTC, datetime

from kaohe.web.journal.append import change
from tests.web.city import City

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def write(count: int, city: City | None = None, actor: str = "office") -> None:
    """Write entries, one a change, about units and people of the city where one is given."""
    things = ["unit 1"]
    if city is not None:
        things = [f"unit {unit.pk}" for unit in city.units.values()]
        things += [f"person {person.pk}" for person in city.people.values()]
        things = [things[0], things[-1], *things[1:-1]]
    for number in range(count):
        with change(actor, AT) as log:
            log.says("unit:edit", things[number % len(things)], {"name": f"{number}号"})
