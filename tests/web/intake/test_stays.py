"""Postings for thousands at once are what `set_posting` makes of them one by one."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.web.organisation.models import Person, Posting
from kaohe.web.organisation.people import set_posting
from kaohe.web.organisation.stays import Stay, settled
from tests.web.city import City

DAYS = st.none() | st.integers(0, 20).map(lambda n: date(2010, 1, 1) + timedelta(days=n))
STEPS = st.lists(
    st.tuples(st.sampled_from(["D01", "D02", "X01"]), DAYS, DAYS, st.integers(0, 20)), min_size=1, max_size=5
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_history_becomes_the_same_in_memory_and_in_the_table(
    city: City, steps: list[tuple[str, date | None, date | None, int]]
) -> None:
    person = Person.objects.get(code="P1")
    Posting.objects.filter(person=person).delete()
    stays: list[Stay] = []

    for code, joined, departed, n in steps:
        if joined and departed and joined > departed:
            continue
        unit, on = city.units[code], date(2010, 1, 1) + timedelta(days=n)
        set_posting(person, unit, joined, departed, on)
        stays = settled(stays, unit.pk, joined, departed, on)

        written = Posting.objects.filter(person=person).order_by("pk").values_list("unit_id", "joined", "departed")
        assert [(stay.unit, stay.joined, stay.departed) for stay in stays] == list(written)
