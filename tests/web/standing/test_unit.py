"""A unit's page: points of the ledger alone, who lacks what, names only to whom they are shown."""

import random
import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kaohe.assessment.scoring import Unit as ScoredUnit
from kaohe.assessment.scoring import score
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import standing_of
from kaohe.web.journal.append import change
from kaohe.web.pages.remembered import MEMORY
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.standards.checking import checked
from kaohe.web.standards.procedure import add
from kaohe.web.standing.facts import facts_of
from kaohe.web.standing.missing import DONE, lacking
from kaohe.web.standing.unit_page import Measured, UnitPage, unit_page
from kaohe.web.training.figures import figures_of, touched
from kaohe.web.training.models import (
    Activity,
    Appraisal,
    Attendance,
    Bulletin,
    ContestEntry,
    Judgement,
    Quota,
    Supply,
    UnitFigures,
)
from random_city import random_city, write_city
from tests.depth import deep
from tests.web.city import City, account, person
from tests.web.conftest import SignIn
from tests.web.standards.files import edited
from tests.web.training.loaded import FILE, NOW, change_of, close, load, move, round_at

STANDARD = FILE.standard
JUNE = date(2010, 6, 1)


class Records:
    """Writes records straight into the ledger of an authority."""

    def __init__(self, a_round: Round) -> None:
        self.round = a_round
        self._since = change_of(a_round.authority).number

    def write(self, model: type, **values: object) -> None:
        if model in (Supply, Judgement):
            values["round"] = self.round
        model.objects.create(authority=self.round.authority, since=self._since, **values)  # type: ignore[attr-defined]

    def activity(self, code: str, form: str, hours: int, ends_on: date = JUNE, title: str = "") -> None:
        self.write(Activity, code=code, form=form, title=title or code, starts_on=ends_on, ends_on=ends_on, minutes=hours * 60)  # fmt: skip

    def attended(self, code: str, who: str, hours: float | None = None, status: str = "present") -> None:
        minutes = None if hours is None else int(hours * 60)
        self.write(Attendance, activity=code, person=who, status=status, minutes=minutes)


@pytest.fixture
def a_round(city: City) -> Round:
    """The annual round of the city: the county X01, the departments D01 (P1 张三, P2 李四) and D02 (P3 王五)."""
    return round_at(city.units["0001"], User.objects.get(username="office"))


@pytest.fixture
def records(a_round: Round) -> Records:
    return Records(a_round)


def address(a_round: Round, city: City, code: str = "D01") -> str:
    return f"/rounds/{a_round.pk}/units/{city.units[code].pk}/"


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(a_round: Round, city: City, code: str = "D01", who: str = "officer") -> UnitPage:
    user = User.objects.get(username=who)
    assessed = RoundUnit.objects.get(round=a_round, unit=city.units[code])
    return unit_page(assessed, standing_of(user, timezone.localdate()))


def measured(page: UnitPage) -> dict[str, Measured]:
    return {one.id: one for one in page.measured}


def under(a_round: Round, rule: str) -> None:
    """Put a round under a standard that has another rule for C4."""
    old = "{shape: all_or_nothing, metric: city_finals, at_least: 1}"
    other = checked(edited(('version: "1"', 'version: "2"'), (old, rule)), "other.yaml")
    a_round.standard = add(a_round.authority, other, a_round.made_by, NOW)[0]
    a_round.save()


def test_each_person_lacks_what_is_left_to_the_hours_owed(a_round: Round, city: City, records: Records) -> None:
    records.activity("O1", "online", 40)
    records.attended("O1", "P1", 33.5)
    records.attended("O1", "P2")

    b4 = measured(page_of(a_round, city))["B4"]

    assert (b4.given, b4.figure, b4.gap) == ("2.50", "1 / 2 人", "1 人共缺 6.5 学时")
    assert b4.missing == "2 人中 1 人没有修满 40 学时，共缺 6.5 学时"
    assert [(one.title, one.note) for one in b4.names] == [("张三", "缺 6.5 学时")]
    assert b4.source == "台账在线学习记录 2 条，2010年11月20日更新"


def test_who_is_nearest_stands_first(a_round: Round, city: City, records: Records) -> None:
    records.activity("O1", "online", 40)
    records.attended("O1", "P2", 39)

    found = lacking(a_round, city.units["D01"], "B4")

    assert [(one.code, one.done, one.wanted) for one in found] == [("P2", 39 * 60, 2400), ("P1", 0, 2400)]
    assert found[0].lacks_text_zh == "在线学习还缺 1 学时（已修 39，应修 40）"
    assert found[0].lacks_text_en == "1 hour of online study missing (39 of 40)"


def test_a_criterion_that_asks_nothing_of_a_person_lacks_nobody(a_round: Round, city: City) -> None:
    none = [lacking(a_round, city.units["D01"], one) for one in ("A1", "C1", "D2", "P1", "", "x\x00")]

    assert none == [[]] * 6
    assert lacking(a_round, city.units["D91"], "B4") == []


def test_an_empty_seat_an_unfinished_class_and_a_missing_contest_are_named(
    a_round: Round, city: City, records: Records
) -> None:
    records.activity("K1", "class", 20, title="公文写作班")
    records.write(Quota, activity="K1", unit="D01", seats=3)
    records.attended("K1", "P1", 17, "leave")
    records.attended("K1", "P2", status="absent")
    records.write(ContestEntry, contest="W", kind="writing", level="city", person="P1", held_on=JUNE, place=None)

    shown = measured(page_of(a_round, city))

    assert shown["C1"].gap == "1 个名额未派"
    assert [one.title for one in shown["C1"].names] == ["公文写作班"]
    assert shown["C2"].gap == "1 人次请假、1 人次旷课"
    assert [one.note for one in shown["C2"].names] == [
        "公文写作班（6月1日结束）：缺 3 学时（计划 20），计 4 分",
        "公文写作班（6月1日结束）：旷课，计 0 分",
    ]
    assert (shown["C3"].gap, shown["C3"].figure) == ("缺主题演讲", "1 / 2 类")
    assert shown["C4"].gap == "尚无人进入决赛"


@pytest.mark.parametrize(
    ("rule", "figure", "gap", "missing", "english"),
    [
        (
            "{shape: all_or_nothing, metric: city_finals, at_least: 3}", "1 / 3 人次", "还差 2 人次",
            "进入全市决赛（公文写作或主题演讲）1 人次，还差 2 人次",
            "1 entry in city finals, in drafting or speech: 2 short of full points",
        ),
        (
            "{shape: count, metric: province_entries, each: 2}", "1 / 2.5 人次", "还差 2 人次",
            "参加全省竞赛 1 人次，还差 2 人次", "1 entry in provincial contests: 2 short of full points",
        ),
        (
            "{shape: proportional, metric: province_placings, of: 2}", "0 / 2 人次", "还差 2 人次",
            "在全省竞赛取得名次 0 人次，还差 2 人次", "0 entries with a placing in provincial contests: 2 short of full points",
        ),
        (
            "{shape: bands, metric: bulletin_count, steps: [{at_least: 4, points: 5}, {at_least: 1, points: 2}, {at_least: 0, points: 0}]}",
            "1 / 4 条", "还差 3 条", "已报 信息 0 条、经验 1 条、问题 0 条，还差 3 条",
            "reported: news 0, experience 1, problems 0; 3 short of full points",
        ),
    ],
)  # fmt: skip
def test_what_is_counted_says_how_many_full_points_still_take(
    a_round: Round, city: City, records: Records, rule: str, figure: str, gap: str, missing: str, english: str
) -> None:
    under(a_round, rule)
    for level in ("city_final", "province"):
        records.write(ContestEntry, contest=level, kind="speech", level=level, person="P2", held_on=JUNE, place=None)
    records.write(Bulletin, unit="D01", sent_on=JUNE, kind="experience", title="做法")

    c4 = measured(page_of(a_round, city))["C4"]
    with translation.override("en"):
        told = measured(page_of(a_round, city))["C4"].missing

    assert (c4.figure, c4.gap, c4.missing, told) == (figure, gap, missing, english)


def test_supplies_say_what_is_short_and_what_the_next_step_takes(a_round: Round, city: City, records: Records) -> None:
    records.write(Supply, unit="D01", item="textbook", planned=59, received=43)
    records.write(Supply, unit="D01", item="handbook", planned=2, received=1)

    shown = measured(page_of(a_round, city))

    assert shown["D1"].missing == "应配 59 册，实配 43 册，还差 16 册；再配 5 册得 5.00 分"
    assert shown["D2"].missing == "在册 2 人，手册实配 1 册，还差 1 册"


@pytest.mark.parametrize(
    ("at_least", "missing"),
    [
        ("90%", "应配 59 册，实配 43 册，还差 16 册；再配 11 册得 5.00 分"),
        ("150%", "应配 59 册，实配 43 册，还差 16 册；再配 46 册得 5.00 分"),
    ],
)
def test_textbooks_say_what_a_threshold_takes(
    a_round: Round, city: City, records: Records, at_least: str, missing: str
) -> None:
    under(a_round, f"{{shape: all_or_nothing, metric: textbook_rate, at_least: {at_least}}}")
    records.write(Supply, unit="D01", item="textbook", planned=59, received=43)

    assert measured(page_of(a_round, city))["C4"].missing == missing


def test_textbooks_as_many_as_planned_are_not_short_of_the_plan(a_round: Round, city: City, records: Records) -> None:
    under(a_round, "{shape: all_or_nothing, metric: textbook_rate, at_least: 110%}")
    records.write(Supply, unit="D01", item="textbook", planned=10, received=10)

    assert measured(page_of(a_round, city))["C4"].missing == "应配 10 册，实配 10 册；再配 1 册得 5.00 分"


def test_what_does_not_apply_and_what_was_never_given_are_words_with_a_reason(a_round: Round, city: City) -> None:
    shown = measured(page_of(a_round, city))

    assert (shown["C1"].word, shown["C1"].lost) == ("不适用", "")
    assert "没有下达调训名额" in shown["C1"].data
    assert (shown["D1"].word, shown["D1"].lost) == ("未计分", "5.00")
    assert "教材数据未报" in shown["D1"].data


def test_where_the_standard_gives_nothing_for_what_cannot_be_measured_that_is_what_is_missing(
    a_round: Round, city: City
) -> None:
    under(a_round, "{shape: proportional, metric: quota_fill_rate, when_absent: zero}")

    page = page_of(a_round, city)

    c4 = measured(page)["C4"]
    assert (c4.given, c4.lost, c4.gap, c4.missing) == ("0.00", "5.00", "没有下达调训名额", "没有下达调训名额")
    assert "C4" not in [task.note for task in page.easiest]


def test_bulletins_stand_beside_a_judged_criterion_and_give_no_points(
    a_round: Round, city: City, records: Records
) -> None:
    for kind in ("news", "news", "problem"):
        records.write(Bulletin, unit="D01", sent_on=JUNE, kind=kind, title="信息")

    page = page_of(a_round, city)

    d4 = next(one for item in page.items for one in item.criteria if one.id == "D4")
    assert d4.shown == "信息 2 条、经验 0 条、问题 1 条"  # type: ignore[union-attr]
    assert "D4" not in measured(page)


def test_a_bonus_names_who_earned_it(a_round: Round, city: City, records: Records) -> None:
    records.write(ContestEntry, contest="S", kind="speech", level="province", person="P2", held_on=JUNE, place="二等奖")

    bonuses = page_of(a_round, city).bonuses

    assert [(one.given, [name.title for name in one.names]) for one in bonuses] == [
        ("10.00", ["李四"]),
        ("10.00", ["李四"]),
    ]
    assert page_of(a_round, city).figures[1].value == "20.00"


@pytest.mark.parametrize("who", ["officer", "leader", "office", "auditor"])
def test_no_judgement_shows_whoever_looks(
    a_round: Round, city: City, records: Records, signed_in: SignIn, who: str
) -> None:
    before = text(signed_in(who), address(a_round, city))
    for criterion, stage in (("A1", "self"), ("A1", "inspection"), ("B4", "review"), ("B6", "review")):
        records.write(
            Judgement, unit="D01", criterion=criterion, stage=stage, points="3.21", judge="考核员甲", reason="理由乙"
        )

    after = text(signed_in(who), address(a_round, city))

    clock = re.compile(r"<time.*?</time>|csrfmiddlewaretoken.*?>")
    assert clock.sub("", after) == clock.sub("", before)


def test_hours_in_a_column_have_one_decimal(a_round: Round, city: City, records: Records, signed_in: SignIn) -> None:
    records.activity("O1", "online", 40)
    records.attended("O1", "P1", hours=39)
    client, url = signed_in("officer"), address(a_round, city)

    def said(address: str) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", text(client, address)).split())

    assert "张三 缺 1.0 学时" in said(url)
    assert "39.0 40.0 1.0" in said(f"{url}lacking/B4/")
    assert "0.0 40.0 40.0" in said(f"{url}lacking/B4/")


def test_the_auditor_sees_numbers_and_no_names(a_round: Round, city: City, records: Records, signed_in: SignIn) -> None:
    records.activity("K1", "class", 20, title="公文写作班")
    records.attended("K1", "P2", status="absent")

    seen, url = text(signed_in("auditor"), address(a_round, city)), address(a_round, city)

    assert "2 人共缺 80 学时" in seen
    assert "1 人次旷课" in seen
    assert "张三" not in seen
    assert "李四" not in seen
    assert "formaction" not in seen
    assert signed_in("auditor").get(f"{url}lacking/B4/").status_code == 404


def test_reminders_are_drafted_from_the_page_while_the_round_is_open(
    a_round: Round, city: City, signed_in: SignIn
) -> None:
    url, client = address(a_round, city), signed_in("officer")
    assert f'form="remind" formaction="{url}remind/B4/">提醒这 2 人' in text(client, url)

    close(a_round)

    assert "formaction" not in text(client, url)
    assert "已结束" in text(client, url)


@pytest.mark.parametrize("code", ["D02", "X01"])
def test_another_units_page_is_not_there(a_round: Round, city: City, signed_in: SignIn, code: str) -> None:
    for who in ("officer", "leader"):
        assert signed_in(who).get(address(a_round, city, code)).status_code == 404


def test_a_draft_a_foreign_unit_and_nonsense_are_not_there(a_round: Round, city: City, signed_in: SignIn) -> None:
    client, unit = signed_in("office"), city.units["D01"].pk
    for url in (
        f"/rounds/{a_round.pk}/units/{city.units['0001'].pk}/", f"/rounds/{a_round.pk}/units/{'9' * 30}/",
        f"/rounds/{'9' * 30}/units/{unit}/", f"/rounds/0/units/{unit}/", f"/rounds/{a_round.pk}/units/{unit}/lacking/A1/",
        f"/rounds/{a_round.pk}/units/{unit}/lacking/%00/", f"/rounds/{a_round.pk}/units/{unit}/lacking/C1/",
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url

    Round.objects.filter(pk=a_round.pk).update(state=State.DRAFT, opened_at=None)

    assert client.get(address(a_round, city)).status_code == 404


def test_who_moved_away_counts_where_they_stand_and_leads_to_no_handbook(
    a_round: Round, city: City, records: Records
) -> None:
    records.activity("K1", "class", 20, date(2010, 3, 1))
    records.attended("K1", "P2", status="absent")
    move("P2", city.units["D02"], date(2010, 5, 1))

    old, new = measured(page_of(a_round, city)), measured(page_of(a_round, city, "D02", "office"))

    assert [one.title for one in old["B4"].names] == ["张三"]
    assert [(one.title, one.url) for one in old["C2"].names] == [("李四", "")]
    assert sorted(one.title for one in new["B4"].names) == ["李四", "王五"]
    assert new["C2"].word == "不适用"


def test_the_list_has_everybody_page_by_page(a_round: Round, city: City, signed_in: SignIn) -> None:
    for n in range(70):
        person(f"Q{n:02}", city.units["D01"], f"某{n:02}")
    url, client = f"{address(a_round, city)}lacking/B4/", signed_in("officer")

    assert f'href="{url}">看全部 72 人' in text(client, address(a_round, city))
    assert text(client, url).count('<th scope="row">') == 60
    assert text(client, f"{url}?page=2").count('<th scope="row">') == 12
    assert "没有修满 40 学时，共缺 2,880 学时" in text(client, url)
    assert text(client, f"{url}?page=%00{'9' * 40}").count('<th scope="row">') == 60


def test_the_number_of_queries_does_not_grow(a_round: Round, city: City, records: Records, signed_in: SignIn) -> None:
    client = signed_in("officer")

    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    url = address(a_round, city)
    records.activity("K1", "class", 20)
    records.attended("K1", "P1", 10)
    asked(url)
    few = asked(url), asked(f"{url}lacking/B4/")
    for n in range(30):
        person(f"Q{n:02}", city.units["D01"], f"某{n:02}")
        records.activity(f"K1{n}", "class", 20)
        records.write(Quota, activity=f"K1{n}", unit="D01", seats=2)
        records.attended(f"K1{n}", f"Q{n:02}", 5)
        records.write(Appraisal, person=f"Q{n:02}", tested_on=JUNE, result="好")

    assert (asked(url), asked(f"{url}lacking/B4/")) == few


@pytest.mark.parametrize("seed", range(deep(4, 15)))
@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_people_are_those_whom_the_metrics_count(tmp_path: Path, city: City, seed: int, kind: str) -> None:
    write_city(random_city(random.Random(60_000 + seed)), tmp_path / "city")
    made = load(tmp_path / "city", city.units["9001"], User.objects.get(username="office"), kind).round
    nine = account("nine", Role.OFFICE, city.units["9001"])

    for assessed in RoundUnit.objects.filter(round=made).select_related("round__standard", "unit"):
        figures = figures_of(made, [assessed.code]).get(assessed.code)
        if figures is None:
            continue
        facts, page = facts_of(made, assessed.code), unit_page(assessed, standing_of(nine, timezone.localdate()))
        assert len(facts.staff) == figures.headcount
        for one in STANDARD.criteria:
            if one.measured_rule and one.measured_rule.metric in DONE:
                above, below = figures.measures[one.measured_rule.metric] or (0, 0)
                assert measured(page)[one.id].lacks == below - above
        result = score(STANDARD, ScoredUnit(assessed.code, "", "", figures.headcount, figures.measures), ())
        given = {row.criterion.id: row.score for row in result.criteria if row.score is not None}
        assert {row.id: row.given for row in page.measured if not row.word} == {
            key: str(value) for key, value in given.items()
        }
        gaps = [row for row in page.measured if row.lost and row.lost != "0.00"]
        assert all(row.gap and row.missing for row in gaps if row.word or "不适用" not in row.data)


def test_every_sentence_is_there_in_english(a_round: Round, city: City, records: Records, signed_in: SignIn) -> None:
    records.activity("K1", "class", 20, title="Drafting")
    records.write(Quota, activity="K1", unit="D01", seats=2)
    records.attended("K1", "P1", 17, "leave")
    records.write(Supply, unit="D01", item="textbook", planned=10, received=7)

    with translation.override("en"):
        page = page_of(a_round, city)

    assert [one.gap for one in page.measured] == [
        "2 people lack 60 hours", "2 people lack 80 hours", "2 took no part", "1 seat empty", "1 on leave",
        "no drafting and speech entry", "nobody in a final", "1 more copy gives 5.00", "2 copies short", "2 not tested",
    ]  # fmt: skip
    cjk = re.compile(r"[\u3400-\u9fff]")
    said = [
        page.sub,
        page.source,
        *(word for one in page.measured for word in (one.data, one.rule, one.missing, one.source)),
    ]
    assert [word for word in said if cjk.search(word)] == []


def test_a_page_is_remembered_until_a_change_is_journalled(
    a_round: Round, city: City, records: Records, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MEMORY, "most", 10)
    MEMORY._parts.clear()
    client, url = signed_in("officer"), address(a_round, city)
    assert "2 人共缺 80 学时" in text(client, url)
    with CaptureQueriesContext(connection) as seen:
        text(client, url)
    assert not [query for query in seen if "training_" in query["sql"]]

    with change("office", timezone.now()) as log:
        records.activity("O1", "online", 40)
        records.attended("O1", "P1")
        touched(a_round.authority_id, ["D01"])
        log.says("import:confirm", "import 1", {"rows": 1})

    assert "1 人共缺 40 学时" in text(client, url)
    MEMORY._parts.clear()


def test_kept_figures_are_read_and_stale_ones_measured_on_the_way(a_round: Round, city: City) -> None:
    page_of(a_round, city)

    assert UnitFigures.objects.get(round=a_round, unit="D01").stale


def test_ones_own_page_is_that_of_the_open_round(a_round: Round, city: City, signed_in: SignIn) -> None:
    answer = signed_in("leader").get("/standing/")

    assert (answer.status_code, answer.headers["Location"]) == (302, address(a_round, city))
    assert "本单位台账" in text(signed_in("officer"), "/")
    assert "本单位台账" not in text(signed_in("office"), "/")
    assert signed_in("office").get("/standing/").status_code == 404


def test_without_an_open_round_the_earlier_ones_are_listed(a_round: Round, city: City, signed_in: SignIn) -> None:
    close(a_round)

    shown = text(signed_in("officer"), "/standing/")

    assert "现在没有考核本单位的轮次" in shown
    assert f'href="{address(a_round, city)}"' in shown
