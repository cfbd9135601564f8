"""The pages of standards: the list, one as its annex with the decisions behind it, two side by side, the file."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kaohe.standard.compare import compare
from kaohe.standard.files import library, parse_standard, read_standard
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.standards import procedure
from kaohe.web.standards.annex import annex_of
from kaohe.web.standards.comparison import parts_of
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.wording import SETTINGS, parted, setting_title
from tests.web.city import City, account, unit
from tests.web.conftest import SignIn
from tests.web.standards.files import CONTENT, SECOND, edited
from tests.web.training.loaded import round_at, version_of

NOW = datetime(2010, 5, 18, 4, tzinfo=UTC)


@pytest.fixture
def office(signed_in: SignIn) -> Client:
    return signed_in("office")


def second_of(city: City, content: bytes = SECOND) -> StandardVersion:
    file = parse_standard(content, "standard.yaml")
    return procedure.add(city.units["0001"], file, User.objects.get(username="office"), NOW)[0]


def text_of(client: Client, address: str) -> str:
    """What a person reads on a page."""
    page = client.get(address).content.decode()
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page.partition("<main")[2].partition("</main>")[0])))


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked.captured_queries)


def test_an_authority_without_a_standard_is_offered_the_library(office: Client) -> None:
    page = text_of(office, "/standards/")

    assert "还没有标准" in page
    assert "采用 本溪市 2010 年标准" in page


def test_who_keeps_no_standards_is_offered_nothing(signed_in: SignIn) -> None:
    page = text_of(signed_in("officer"), "/standards/")

    assert "还没有标准" in page
    assert "采用 本溪" not in page
    assert "上传新版本" not in page


def test_the_list_says_since_when_a_version_is_frozen_and_by_which_rounds(office: Client, city: City) -> None:
    made = round_at(city.units["0001"], User.objects.get(username="office"))
    procedure.freeze(made.standard, NOW)

    page = text_of(office, "/standards/")

    assert "benxi-2010" in page
    assert "自 2010-05-18" in page
    assert "2010年全年考核" in page
    assert made.standard.digest[7:19] in page


def test_a_round_of_another_authority_is_not_named(city: City, signed_in: SignIn) -> None:
    top, county = city.units["0001"], city.units["X01"]
    made = round_at(county, User.objects.get(username="office"))
    type(made).objects.filter(pk=made.pk).update(standard=version_of(top))
    client = signed_in("officer")

    assert "2010年全年考核" not in text_of(client, f"/standards/{version_of(top).pk}/")
    assert "2010年全年考核" in text_of(signed_in("office"), f"/standards/{version_of(top).pk}/")


def test_people_of_a_unit_see_the_standards_of_the_authorities_above(signed_in: SignIn, city: City) -> None:
    account("town", Role.OFFICER, city.units["X01-1"])
    versions = {code: version_of(city.units[code]) for code in ("0001", "X01", "9001")}
    client = signed_in("town")

    opened = {code for code, version in versions.items() if client.get(f"/standards/{version.pk}/").status_code == 200}

    assert opened == {"0001", "X01"}
    assert client.get(f"/standards/{versions['9001'].pk}/file/").status_code == 404
    assert "清河市公训办" not in text_of(client, "/standards/")


def test_the_annex_is_the_table_that_it_is(office: Client, city: City) -> None:
    address = f"/standards/{version_of(city.units['0001']).pk}/"
    page = office.get(address).content.decode()
    table = page.partition('class="tbl wrap stacked annex"')[2].partition("</table>")[0]

    assert re.findall(r'rowspan="(\d)">([^<]+)<', table) == [
        ("3", "组织领导和管理情况"), ("6", "落实任务、达到要求情况"), ("4", "完成上级调训任务情况"), ("4", "基础工作建设情况"),
    ]  # fmt: skip
    assert re.findall(r'scope="row" class="id">([^<]+)<', table) == [
        c.id for c in read_standard("benxi-2010").standard.criteria
    ]
    points = [int(n) for n in re.findall(r'class="num strong"[^>]*>(\d+)<', table)]
    assert (len(points), sum(points)) == (17, 100)


def test_a_criterion_says_its_wording_rule_clause_and_what_is_added_locally(office: Client, city: City) -> None:
    page = text_of(office, f"/standards/{version_of(city.units['0001']).pk}/")

    assert "县区 县区基本功训练经费列入县区政府年度财政预算" in page
    assert "部门 市政府各部门有用于基本功训练工作的拨款" in page
    assert "全年考核 自学自练满30学时人数 ÷ 在册人数 × 5" in page
    assert "半年考核 自学自练满15学时人数 ÷ 在册人数 × 5" in page
    assert "没有在册人员：不适用，分值不计入满分" in page
    assert "教材数据未报：未计分" in page
    assert "同时显示训练工作信息，不计分" in page
    assert "本市补充细目" in page
    assert "90.00分以上" in page
    assert "加分合计最多20分" in page
    assert "1月1日至6月30日" in page
    assert "条款 一（二），附件二之3" in page


@pytest.mark.parametrize(
    ("criterion", "decisions"),
    [
        ("A1", (18,)), ("B3", (8, 10, 12, 19)), ("B4", (10, 12)), ("B5", (9, 10)), ("B6", (18,)), ("C2", (6, 10)),
        ("C4", (10,)), ("D1", (3, 5, 10)), ("D2", (10,)),
    ],
)  # fmt: skip
def test_a_criterion_is_linked_to_the_decisions_behind_it_and_back(criterion: str, decisions: tuple[int, ...]) -> None:
    annex = annex_of(read_standard("benxi-2010").standard)

    shown = next(one for item in annex.items for one in item.criteria if one.id == criterion)
    back = tuple(decision.number for decision in annex.decisions if criterion in decision.criteria)
    assert shown.decisions == back == decisions


def test_a_decision_on_every_criterion_is_told_once() -> None:
    annex = annex_of(read_standard("benxi-2010").standard)

    assert annex.decided == {
        "annex": (1, 2),
        "bands": (4, 16),
        "bonus": (7,),
        "rounds": (12, 19),
        "rules": (11, 13, 14, 17, 18),
    }
    assert [rule.decisions for rule in annex.rules] == [(), (18,), (13,), (14,), (17,), (11,)]


@pytest.mark.parametrize("name", library())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_link_within_a_standard_leads_somewhere(office: Client, city: City, name: str, language: str) -> None:
    version = procedure.take(city.units["0001"], name, User.objects.get(username="office"), NOW)[0]
    office.cookies["kaohe-language"] = language

    page = office.get(f"/standards/{version.pk}/").content.decode()

    places = re.findall(r'\bid="([^"]+)"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)
    assert len(places) == len(set(places))


def test_the_file_is_handed_out_byte_for_byte(office: Client, city: City) -> None:
    answer = office.get(f"/standards/{version_of(city.units['0001']).pk}/file/")

    assert answer.content == CONTENT
    assert answer.headers["Content-Disposition"] == 'attachment; filename="benxi-2010-1.yaml"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/yaml"


def test_two_versions_stand_side_by_side(office: Client, city: City) -> None:
    content = edited(
        ('version: "1"', 'version: "2"'),
        ("at_least: 90.00", "at_least: 85.00"),
        ("scale: 5, aggregate: mean", "scale: 5, aggregate: min"),
    )
    old, new = version_of(city.units["0001"]), second_of(city, content)

    page = text_of(office, f"/standards/compare/?old={old.pk}&new={new.pk}")

    assert "C2 集中训练出勤" in page
    assert "规则 · 取平均或最低items[C].criteria[C2].rule.aggregate改动meanmin" in page
    assert "档次 · 全面完成" in page
    assert "下限bands[full].at_least改动9085" in page


def test_every_difference_is_shown(city: City) -> None:
    file = read_standard("qinghe-2024")
    old, new = version_of(city.units["0001"]), second_of(city, file.content)

    shown = [one.path for part in parts_of(old, new) for one in part.differences]

    assert sorted(shown) == sorted(d.path for d in compare(read_standard("benxi-2010").standard, file.standard))
    titles = [part.title for part in parts_of(old, new)]
    assert len(titles) == len(set(titles))


def test_a_version_does_not_differ_from_itself(office: Client, city: City) -> None:
    pk = version_of(city.units["0001"]).pk

    assert "没有不同" in text_of(office, f"/standards/compare/?old={pk}&new={pk}")


@pytest.mark.parametrize("said", ["x", "0", "-1", "9" * 40, "\x00", "1e3", "<b>", "９９９９"])
def test_an_address_that_names_no_version_is_answered_with_404(office: Client, city: City, said: str) -> None:
    assert office.get("/standards/compare/", {"old": said}).status_code == 404


def test_a_foreign_version_cannot_be_compared(office: Client, city: City) -> None:
    foreign = version_of(city.units["9001"])

    assert office.get(f"/standards/compare/?old={foreign.pk}").status_code == 404
    assert "清河市公训办" not in office.get("/standards/compare/").content.decode()


@pytest.mark.parametrize(
    "address", ["/standards/?page=99999999999999999999", "/standards/?page=%00", "/standards/?page=-3"]
)
def test_a_page_out_of_range_is_the_nearest(office: Client, address: str) -> None:
    assert office.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/standards/", "/standards/{}/", "/standards/compare/?old={}&new={}"])
@pytest.mark.parametrize("name", ["office", "officer"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    signed_in: SignIn, city: City, address: str, name: str
) -> None:
    top, user = city.units["0001"], User.objects.get(username="office")
    version = version_of(top)
    round_at(top, user)
    client = signed_in(name)
    where = address.format(version.pk, version.pk)
    client.get(where)
    before = queries(client, where)

    second_of(city)
    round_at(top, user, "half_year")
    round_at(top, user, "annual", 2011)
    for number in range(4):
        one = unit(f"Y{number}", top, is_authority=True, peer_group="county")
        if number % 2:
            version_of(one)
            round_at(one, user)

    assert queries(client, where) == before


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("rule.steps[80%].points", "规则 · 分档 80% · 分值"),
        ("minimum_hours.online.hours.annual", "最低学时 · 在线学习 · 学时 · annual"),
        ("decisions[8].decided", "决定 8 · 采用的办法"),
        ("", ""),
        ("unheard_of", "unheard_of"),
    ],
)
def test_a_setting_is_said_in_words(path: str, said: str) -> None:
    assert setting_title(path) == said


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("rounds.half_year.due", ("轮次", "年中考核 · 上报截止"), ("Rounds", "Mid-year round · due")),
        ("rounds.annual.title.zh", ("轮次", "年终考核 · 标题 · 中文"), ("Rounds", "Year-end round · title · Chinese")),
        (
            "minimum_hours.online.hours.annual",
            ("最低学时", "在线学习 · 学时 · 年终考核"), ("Minimum hours", "online study · class hours · Year-end round"),
        ),
        (
            "items[Z].criteria[Z1].wording.town",
            ("Z1 培训工作责任制", "表述 · 乡镇"), ("Z1 Responsibility for training", "wording · Towns and townships"),
        ),
    ],
)  # fmt: skip
def test_a_kind_of_round_and_a_group_are_called_by_their_titles(
    path: str, zh: tuple[str, str], en: tuple[str, str]
) -> None:
    standards = read_standard("benxi-2010").standard, read_standard("qinghe-2024").standard

    found = parted(path, *standards)
    with translation.override("en"):
        told = parted(path, *standards)

    assert (found, told) == (zh, en)


def test_every_setting_of_the_model_has_words() -> None:
    from kaohe.standard import model, rules

    parts = [one for module in (model, rules) for one in vars(module).values() if isinstance(one, type)]
    named = {name for part in parts if issubclass(part, rules.Frozen) for name in part.model_fields}

    assert named <= set(SETTINGS)
