"""What stands around every page."""

import pytest
from django.db import DatabaseError, connection
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import translation

from kaohe.web.accounts.models import User
from kaohe.web.accounts.standing import standing_of
from kaohe.web.desk.house import last_checkpoint, places
from kaohe.web.pages.letterhead import letterhead
from tests.web.city import START, City
from tests.web.conftest import SignIn


def shown(source: str, **values: object) -> str:
    return engines["django"].from_string(source).render(values)


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("本溪市行政机关公务员基本功训练考核", ("本溪市行政机关公务员", "基本功训练考核")),
        ("行政机关公务员基本功训练考核", ("行政机关公务员", "基本功训练考核")),
        ("清河市干部教育培训考核", ("清河市干部", "教育培训考核")),
        ("清河市 训练考核", ("清河市", "训练考核")),
        ("训练考核", ("训练考核",)),
        ("Training", ("Training",)),
        ("公务员考核", ("公务员考核",)),
    ],
)
def test_the_letterhead_breaks_by_sense(title: str, parts: tuple[str, ...]) -> None:
    assert letterhead(title) == parts


def test_a_page_that_is_in_no_place_is_in_none(signed_in: SignIn) -> None:
    assert 'aria-current="page">首页' not in signed_in("office").get("/help/").content.decode()


def test_the_place_is_marked_below_itself_too(city: City) -> None:
    request = RequestFactory().get("/organisation/units/12/")
    request.standing = standing_of(User.objects.get(username="office"), START)

    assert [place.title for place in places(request.standing, request.path) if place.current] == ["单位"]


def test_the_house_stands_without_its_database(city: City) -> None:
    with connection.execute_wrapper(lambda *_: (_ for _ in ()).throw(DatabaseError("gone"))):
        assert last_checkpoint(RequestFactory().get("/")) is None


def test_a_unit_name_cannot_bring_markup_into_the_letterhead(signed_in: SignIn, city: City) -> None:
    city.units["0001"].name = "<script>alert(1)</script>"
    city.units["0001"].save()

    page = signed_in("office").get("/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_phrase_can_be_kept_for_a_component() -> None:
    assert shown('{% t "共 {n} 人" "{n} people" as count %}[{{ count }}]', n="<5") == "[共 &lt;5 人]"


def test_a_value_in_a_phrase_takes_filters_with_arguments() -> None:
    source = r"""{% t "自 {day|date:'Y-m-d'} 起 {n|commas}" "since {day|date:\"Y\"}, {n|default:'none'}" %}"""

    assert shown(source, day=START, n=12345) == "自 2010-01-01 起 12,345"
    with translation.override("en"):
        assert shown(source, day=START, n=None) == "since 2010, none"


def test_a_value_in_braces_that_cannot_be_read_is_no_template() -> None:
    with pytest.raises(TemplateSyntaxError):
        shown('{% t "共 {n +1} 人" "{n} people" %}')


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "甲|一"), ("en", "a|一")])
def test_a_component_says_what_it_is_given(language: str, said: str) -> None:
    with translation.override(language):
        assert shown("{% say zh en %}|{% say only missing %}", zh="甲", en="a", only="一") == said


def test_a_component_escapes_what_it_is_given() -> None:
    assert shown("{% say zh en %}", zh="<b>", en="<i>") == "&lt;b&gt;"


@pytest.mark.parametrize(("value", "said"), [(9345, "9,345"), (0, "0"), ("x", "x"), (None, "None")])
def test_thousands_take_a_comma(value: object, said: str) -> None:
    assert shown("{{ value|commas }}", value=value) == said


@pytest.mark.parametrize(
    ("username", "address", "place"),
    [
        ("officer", "/rounds/1/units/7/", "本单位台账"),
        ("leader", "/rounds/1/units/7/lacking/1.2/", "本单位台账"),
        ("civil_servant", "/rounds/1/people/7/", "训练手册"),
        # who has no such place is among the rounds
        ("office", "/rounds/1/units/7/", "考核轮次"),
        ("auditor", "/rounds/1/people/7/", "考核轮次"),
        ("officer", "/rounds/1/people/7/", "考核轮次"),
        ("civil_servant", "/rounds/1/units/7/", "考核轮次"),
        # and so are the rounds themselves, for everybody
        ("officer", "/rounds/1/", "考核轮次"),
        ("officer", "/rounds/1/city/", "考核轮次"),
        ("civil_servant", "/rounds/", "考核轮次"),
    ],
)
def test_ones_own_ledger_and_handbook_are_in_their_place(city: City, username: str, address: str, place: str) -> None:
    standing = standing_of(User.objects.get(username=username), START)

    assert [one.title for one in places(standing, address) if one.current] == [place]
