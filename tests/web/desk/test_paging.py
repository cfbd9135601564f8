"""A long list, a page at a time."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from kaohe.web.organisation.models import Unit
from kaohe.web.pages.paging import Page, page_of
from tests.web.city import City


def test_the_address_says_which_page_and_keeps_the_filters() -> None:
    request = RequestFactory().get("/", {"q": "局", "page": "2"})

    page = page_of(range(7), request, size=3)

    assert page == Page((3, 4, 5), 2, 4, 6, 7, "q=%E5%B1%80&page=1", "q=%E5%B1%80&page=3")


def test_nothing_is_a_page_too() -> None:
    assert page_of((), RequestFactory().get("/")) == Page((), 1, 0, 0, 0, "", "")


@pytest.mark.parametrize(
    ("said", "number"),
    [("0", 1), ("-1", 1), ("99", 3), ("x", 1), ("", 1), ("٣", 1), ("9" * 4000, 1), ("2.5", 1), ("１", 1)],
)
def test_a_page_that_is_not_there_becomes_the_nearest(said: str, number: int) -> None:
    assert page_of(range(7), RequestFactory().get("/", {"page": said}), size=3).number == number


@pytest.mark.parametrize(("size", "queries"), [(1, 2), (3, 2), (60, 1)])
def test_a_page_takes_two_queries_and_one_where_all_fits(city: City, size: int, queries: int) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = page_of(Unit.objects.all(), RequestFactory().get("/"), size)

    assert len(asked) == queries
    assert (page.total, page.several) == (8, size < 8)
