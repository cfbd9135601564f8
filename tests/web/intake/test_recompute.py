"""After one changed record only the unit that it touches is measured again."""

from django.utils import timezone

from kaohe.web.jobs.models import Job
from kaohe.web.training.figures import figures_of
from kaohe.web.training.models import UnitFigures
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.intake.ledgers import THREE, activities, attendance, brought, open_round, returned


def measured() -> dict[str, object]:
    return dict(UnitFigures.objects.values_list("unit", "measured_at"))


def test_one_changed_record_has_one_unit_measured(signed_in: SignIn, city: City) -> None:
    office, a_round = signed_in("office"), open_round()
    brought(office, activities(*THREE), "activities", a_round)
    brought(office, attendance("A1,P1,出勤,", "A1,P3,出勤,"), "attendance", a_round)
    before, begun = measured(), timezone.now()
    assert len(before) == 3

    one = brought(office, attendance("A1,P1,请假,"), "attendance", a_round)

    after = measured()
    assert {unit for unit in after if after[unit] != before[unit]} == {"D01"}
    done = Job.objects.filter(kind="training.measure", created_at__gt=begun)
    assert [job.outcome for job in done] == [1]
    assert figures_of(a_round)["D01"].measures["participation_rate"] == (0, 2)

    returned(office, one)

    assert {unit for unit in after if measured()[unit] != after[unit]} == {"D01"}
    assert figures_of(a_round)["D01"].measures["participation_rate"] == (1, 2)
