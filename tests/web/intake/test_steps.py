"""The way of a file: sent, read, compared, confirmed; nothing reaches a table before."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from kaohe.web.intake.models import Import, ImportRow
from kaohe.web.jobs import queue
from kaohe.web.jobs.worker import run_all
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person, Unit
from tests.web.conftest import SignIn
from tests.web.intake.sending import AS_THEY_ARE, confirmed, csv, dump, people, post, sent, units, xlsx


def test_a_file_of_units_is_compared_and_nothing_is_written(signed_in: SignIn) -> None:
    client, before = signed_in("office"), dump()

    found = sent(client, units("D01,市财政局,department", "D02,市审计署,department", "D03,市民政局,department"))

    assert found.state == "ready"
    assert found.counts == {"new": 1, "changed": 1, "unchanged": 1, "absent": 1}
    assert dump() == before
    page = client.get(reverse("import", args=[found.pk]), {"kind": "changed"}).content.decode()
    assert "确认导入：新增 1，更改 1" in page
    assert '<span class="dim">市审计局</span> → <strong>市审计署</strong>' in page


def test_a_confirmed_file_of_units_stands_in_the_tree(signed_in: SignIn) -> None:
    client = signed_in("office")

    confirmed(client, units("D02,市审计署,department", "D03,市民政局,department"))

    new, renamed = Unit.objects.get(code="D03"), Unit.objects.get(code="D02")
    top = Unit.objects.get(code="0001")
    assert (new.name, new.parent, new.authority, new.path) == ("市民政局", top, top, f"{top.path}{new.pk}/")
    assert new.initials == "smzj"
    assert [name.name for name in renamed.former_names.all()] == ["市审计局"]
    assert renamed.version == 2


def test_a_file_of_people_is_compared_and_confirmed(signed_in: SignIn) -> None:
    client = signed_in("office")
    file = people("P1,张三,D02", "P2,李四四,D01", "P5,孙八,X01")

    found = confirmed(client, file, "people")

    assert found.counts == {"new": 1, "changed": 2, "unchanged": 0, "absent": 1}
    rows = Person.objects.filter(authority__code="0001").order_by("code")
    assert list(rows.values_list("code", "name", "unit__code", "initials")) == [
        ("P1", "张三", "D02", "zs"), ("P2", "李四四", "D01", "lss"), ("P3", "王五", "D02", "ww"), ("P5", "孙八", "X01", "sb"),
    ]  # fmt: skip
    today = timezone.localdate(found.settled_at)
    moved = Person.objects.get(code="P1").postings.values_list("unit__code", "joined", "departed")
    assert list(moved) == [("D01", None, today), ("D02", None, None)]


def test_a_person_who_moves_keeps_the_past_with_the_days_of_the_file(signed_in: SignIn) -> None:
    client = signed_in("office")

    confirmed(client, csv("人员编号,姓名,单位代码,到岗日期", "P1,张三,D02,2010-07-12"), "people")

    rows = Person.objects.get(code="P1").postings.values_list("unit__code", "joined", "departed")
    assert list(rows) == [("D01", None, date(2010, 7, 12)), ("D02", date(2010, 7, 12), None)]


def test_a_column_that_the_file_lacks_stays_and_an_empty_cell_empties(signed_in: SignIn) -> None:
    client = signed_in("office")
    Unit.objects.filter(code="D01").update(phone="024-1", officer="于专人")

    confirmed(client, csv("单位代码,单位名称,类别,电话", "D01,市财政局,department,"))

    unit = Unit.objects.get(code="D01")
    assert (unit.phone, unit.officer, unit.official_order) == ("", "于专人", 4)


def test_what_a_file_lacks_is_kept_unless_it_is_complete(signed_in: SignIn) -> None:
    client = signed_in("office")

    confirmed(client, units("D01,市财政局,department", "D03,市民政局,department"))
    kept = Unit.objects.get(code="D02").valid_to
    found = confirmed(client, units("D01,市财政局,department"), complete="on", ends_on="2010-12-31")

    assert kept is None
    assert found.counts["absent"] == 3
    ended = Unit.objects.filter(valid_to=date(2010, 12, 31)).order_by("code").values_list("code", flat=True)
    assert list(ended) == ["D02", "D03", "X01"]


def test_whom_a_complete_file_lacks_has_left(signed_in: SignIn) -> None:
    confirmed(signed_in("office"), people("P1,张三,D01", "P2,李四,D01"), "people", complete="on", ends_on="2010-12-31")

    assert Person.objects.get(code="P3").postings.get().departed == date(2010, 12, 31)
    assert Person.objects.get(code="P4").postings.get().departed is None  # of another authority


def test_a_complete_file_asks_for_the_day_of_the_end(signed_in: SignIn) -> None:
    client = signed_in("office")
    Unit.objects.filter(code="D02").update(valid_from=date(2010, 5, 1))
    found = sent(client, units("D01,市财政局,department"), complete="on")
    address = reverse("import-confirm", args=[found.pk])

    asked, early, wrong = (
        client.get(address),
        client.post(address, {"ends_on": "2010-04-30"}),
        client.post(address, {"ends_on": "x"}),
    )

    assert "2 个单位停用" in asked.content.decode()
    assert early.status_code == wrong.status_code == 422
    assert "2010-05-01" in early.content.decode()
    assert not Unit.objects.exclude(valid_to=None).exists()


def test_parents_and_successors_of_one_file_are_found_whatever_their_order(signed_in: SignIn) -> None:
    file = csv(
        "单位代码,单位名称,类别,上级代码,并入单位代码,停用日期",
        "D05,预算科,department,D04,,", "D04,市民政局,department,D01,,", "D02,市审计局,department,,D04,2010-06-30",
    )  # fmt: skip

    confirmed(signed_in("office"), file)

    units = {unit.code: unit for unit in Unit.objects.all()}
    assert units["D05"].path == f"{units['D01'].path}{units['D04'].pk}/{units['D05'].pk}/"
    assert units["D02"].successor == units["D04"]
    assert units["D05"].authority == units["0001"]


def test_two_units_can_change_places(signed_in: SignIn) -> None:
    client = signed_in("office")
    header = "单位代码,单位名称,类别,上级代码"
    confirmed(client, csv(header, "D02,市审计局,department,D01"))

    confirmed(client, csv(header, "D01,市财政局,department,D02", "D02,市审计局,department,"))

    d01, d02 = (Unit.objects.get(code=code) for code in ("D01", "D02"))
    assert d01.parent == d02
    assert d01.path == f"{d02.path}{d01.pk}/"


def test_a_county_that_moves_takes_its_units_along(signed_in: SignIn) -> None:
    confirmed(signed_in("office"), csv("单位代码,单位名称,类别,上级代码", "X01,本溪县,county,D01"))

    county, below = Unit.objects.get(code="X01"), Unit.objects.get(code="X01-1")
    assert below.path == f"{Unit.objects.get(code='D01').path}{county.pk}/{below.pk}/"
    assert below.authority == county


def test_the_same_file_twice_changes_nothing(signed_in: SignIn) -> None:
    client = signed_in("office")
    first = confirmed(client, units("D02,市审计署,department", "D03,市民政局,department"))
    before = dump()

    second = sent(client, units("D02,市审计署,department", "D03,市民政局,department"))
    page = client.get(reverse("import", args=[second.pk])).content.decode()
    client.post(reverse("import-confirm", args=[second.pk]))

    assert second.counts == {"new": 0, "changed": 0, "unchanged": 2, "absent": 2}
    assert "同一个文件已经确认过" in page
    assert reverse("import", args=[first.pk]) in page
    assert "没有要改的" in page
    assert dump() == before


def test_a_form_sent_twice_makes_one_import(signed_in: SignIn) -> None:
    client = signed_in("office")
    token = "0" * 32

    answers = [post(client, units(*AS_THEY_ARE), token=token).headers["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert Import.objects.count() == 1


def test_a_dropped_import_leaves_nothing(signed_in: SignIn, django_capture_on_commit_callbacks: object) -> None:
    from kaohe.web.intake.storing import path_of

    client, before = signed_in("office"), dump()
    found = sent(client, units("D03,市民政局,department"))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(reverse("import-drop", args=[found.pk]))

    found.refresh_from_db()
    assert found.state == "dropped"
    assert not path_of(found.stored).exists()
    assert not ImportRow.objects.exists()
    assert dump() == before
    assert "已放弃" in client.get(reverse("import", args=[found.pk])).content.decode()


def test_the_journal_tells_each_step_and_no_name(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = confirmed(client, people("P5,孙八,X01"), "people")
    client.post(reverse("import-take-back", args=[found.pk]))

    entries = LogEntry.objects.filter(object=f"import {found.pk}").order_by("seq")
    assert [entry.action for entry in entries] == ["import:upload", "import:confirm", "import:take_back"]
    told = b"".join(bytes(entry.payload) for entry in entries).decode()
    assert found.digest in told
    assert found.rows_digest in told
    assert "孙八" not in told
    assert "P5" not in told


def test_what_was_changed_meanwhile_is_compared_anew(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = sent(client, units("D02,市审计署,department", "D03,市民政局,department"))
    Unit.objects.filter(code="D02").update(phone="024-9")

    client.post(reverse("import-confirm", args=[found.pk]))
    run_all()

    found.refresh_from_db()
    assert found.state == "ready"
    assert Unit.objects.filter(code="D03").count() == 0
    assert "表中有 1 行在读取之后被改过" in client.get(reverse("import", args=[found.pk])).content.decode()
    client.post(reverse("import-confirm", args=[found.pk]))
    assert Unit.objects.get(code="D02").phone == "024-9"
    assert Unit.objects.get(code="D02").name == "市审计署"


def test_of_two_files_for_one_table_the_second_is_compared_anew(signed_in: SignIn) -> None:
    client = signed_in("office")
    first = sent(client, units("D02,市审计一局,department"))
    second = sent(client, units("D02,市审计二局,department"))

    for found in (first, second):
        client.post(reverse("import-confirm", args=[found.pk]))

    second.refresh_from_db()
    assert second.state == "reading"
    assert Unit.objects.get(code="D02").name == "市审计一局"


def test_csv_in_every_encoding_and_workbooks_read_the_same(signed_in: SignIn) -> None:
    client = signed_in("office")
    lines = ["单位代码,单位名称,类别", "D01,市财政局（驻本溪）,部门", "D07,市民政局,部门"]
    files = {
        "a.csv": csv(*lines), "b.csv": csv(*lines, encoding="utf-8-sig"), "c.csv": csv(*lines, encoding="gb18030"),
        "d.xlsx": xlsx(line.split(",") for line in lines),
    }  # fmt: skip

    found = [sent(client, content, name=name) for name, content in files.items()]

    assert [each.counts for each in found] == [{"new": 1, "changed": 1, "unchanged": 0, "absent": 2}] * 4
    assert len({tuple(each.rows.values_list("key", "kind", "after__name")) for each in found}) == 1


def test_the_templates_are_files_that_come_in(signed_in: SignIn) -> None:
    client = signed_in("office")

    for table in ("units", "people"):
        answer = client.get(reverse("import-template", args=[table]))
        found = sent(client, answer.content, table, name=f"{table}.xlsx")
        assert [fault["code"] for fault in found.faults] == ["table_empty"]
    assert client.get(reverse("import-template", args=["city"])).status_code == 404


def test_a_reading_that_was_cancelled_can_begin_again(signed_in: SignIn) -> None:
    client = signed_in("office")
    post(client, units("D09,新局,department"))
    found = Import.objects.get()
    waiting = client.get(reverse("import", args=[found.pk])).content.decode()
    assert found.job is not None
    queue.cancel(found.job, timezone.now())
    stopped = client.get(reverse("import-progress", args=[found.pk])).content.decode()

    client.post(reverse("import-read-again", args=[found.pk]))
    run_all()

    found.refresh_from_db()
    assert "排队等候读取" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "重新读取" in stopped
    assert "hx-get" not in stopped
    assert found.state == "ready"


def test_the_progress_has_the_page_loaded_anew_once_it_is_over(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = sent(client, units("D09,新局,department"))

    assert client.get(reverse("import-progress", args=[found.pk])).headers["HX-Refresh"] == "true"
