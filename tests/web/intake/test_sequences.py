"""Any sequence of imports and take-backs: what goes back is exactly what was, and the tree and the postings stay sound."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kaohe.web.accounts.models import User
from kaohe.web.intake import procedure
from kaohe.web.intake.models import Import, State
from kaohe.web.intake.procedure import Sent
from kaohe.web.intake.resting import rests
from kaohe.web.intake.staging import read_import
from kaohe.web.intake.storing import keep, remove
from kaohe.web.intake.targets import target_of
from kaohe.web.organisation.models import Person, Unit
from tests.depth import deep
from tests.web.city import City
from tests.web.intake.sending import csv, dump

CODES = ["D01", "D02", "D03", "D04", "X01"]
UNIT = st.fixed_dictionaries({
    "单位代码": st.sampled_from(CODES), "单位名称": st.sampled_from(["甲局", "乙局", "丙局"]), "类别": st.sampled_from(["county", "department"]),
}, optional={
    "上级代码": st.sampled_from(["", *CODES]), "并入单位代码": st.sampled_from(["", *CODES]), "停用日期": st.sampled_from(["", "2010-06-30"]),
    "电话": st.sampled_from(["", "1", "2"]), "官方顺序": st.sampled_from(["", "3"]),
})  # fmt: skip
PERSON = st.fixed_dictionaries({
    "人员编号": st.sampled_from(["P1", "P2", "P3", "P5", "P6"]), "姓名": st.sampled_from(["张三", "单丽"]), "单位代码": st.sampled_from(CODES),
}, optional={
    "到岗日期": st.sampled_from(["", "2010-03-01", "2010-09-01"]), "离岗日期": st.sampled_from(["", "2010-08-01", "2010-10-01"]), "职务": st.sampled_from(["", "科长"]),
})  # fmt: skip
FILES = st.tuples(st.just("units"), st.lists(UNIT, min_size=1, max_size=4)) | st.tuples(
    st.just("people"), st.lists(PERSON, min_size=1, max_size=4)
)


class Imports(RuleBasedStateMachine):
    """Files in any order, in a city that is as new for each sequence."""

    def __init__(self) -> None:
        super().__init__()
        self._all = transaction.atomic()
        self._all._from_testcase = True  # as the transaction of a test case is: what is durable may stand in it
        self._all.__enter__()
        self._now = datetime(2010, 11, 1, tzinfo=UTC)
        self._user = User.objects.get(username="office")
        self._confirmed: list[tuple[int, dict[str, Any] | None]] = []
        self._stored: list[str] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._all.__exit__(None, None, None)
        for name in self._stored:
            remove(name)

    def _read(self, table: str, lines: list[dict[str, str]], *, complete: bool) -> Import:
        header = list(lines[0])
        content = csv(",".join(header), *(",".join(line.get(name, "") for name in header) for line in lines))
        stored = keep([content], "csv")
        self._stored.append(stored.name)
        self._now += timedelta(days=1)
        authority = Unit.objects.get(code="0001")
        made = procedure.receive(
            self._user, Sent(authority, table, "f.csv", complete, f"{len(self._stored):032x}"), stored, self._now
        )
        list(read_import(made.pk))
        made.refresh_from_db()
        return made

    @initialize()
    def begin(self) -> None:
        self._before = dump()

    @rule(file=FILES, complete=st.booleans())
    def bring(self, file: tuple[str, list[dict[str, str]]], complete: bool) -> None:
        before = dump()
        made = self._read(*file, complete=complete)
        assert dump() == before
        if made.state != State.READY:
            assert made.state == State.FAULTY
            return
        if procedure.confirm(made.pk, self._user, date(2010, 12, 31), self._now):
            self._confirmed.append((made.pk, before))
            again = self._read(*file, complete=complete)
            if "单位代码" in file[1][0] and made.table == "units":
                assert again.counts["new"] == again.counts["changed"] == 0

    @precondition(lambda self: self._confirmed)
    @rule()
    def take_the_last_back(self) -> None:
        pk, before = self._confirmed.pop()
        assert procedure.take_back(pk, self._user, self._now)
        if before is not None:
            assert dump() == before

    @precondition(lambda self: len(self._confirmed) > 1)
    @rule(data=st.data())
    def ask_for_an_earlier_one_back(self, data: st.DataObject) -> None:
        n = data.draw(st.integers(0, len(self._confirmed) - 2))
        pk, before = self._confirmed[n][0], dump()
        if not procedure.take_back(pk, self._user, self._now):
            assert rests(Import.objects.get(pk=pk))
            assert dump() == before
            return
        found = Import.objects.get(pk=pk)
        kinds = ["new", "changed", *(["absent"] if found.complete else [])]
        images = target_of(found.table).images(found.authority, ())
        for row in found.rows.filter(kind__in=kinds):
            assert images.get(row.key) == row.before
        self._confirmed = [(other, None) for other, _ in self._confirmed if other != pk]

    @invariant()
    def the_tree_is_sound(self) -> None:
        for unit in Unit.objects.select_related("parent"):
            assert unit.path == f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"

    @invariant()
    def everybody_belongs_to_the_unit_of_the_last_posting(self) -> None:
        for person in Person.objects.prefetch_related("postings"):
            postings = sorted(person.postings.all(), key=lambda posting: posting.pk)
            assert postings[-1].unit_id == person.unit_id
            assert sum(posting.departed is None for posting in postings) <= 1


def test_any_sequence_goes_back_exactly(city: City) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Imports,
        settings=settings(
            max_examples=deep(6, 15), stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
