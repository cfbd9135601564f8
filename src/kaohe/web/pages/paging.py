"""A long list, a page at a time: the address says which page, and keeps the filters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows `first` to `last` of `total`; `previous` and `next` are query strings, empty where there is no such page."""

    rows: tuple[T, ...]
    number: int
    first: int
    last: int
    total: int
    previous: str
    next: str

    @property
    def several(self) -> bool:
        """Whether there is another page."""
        return bool(self.previous or self.next)


def page_of(
    rows: "QuerySet[Any, T] | Sequence[T]", request: HttpRequest, size: int = 60, total: int | None = None
) -> Page[T]:
    """Return the page that `?page=` names, or the nearest there is: one query where all fits on the first, else two.

    total: how many rows there are, where that is known already.
    """
    if total is None and isinstance(rows, QuerySet) and _number(request) == 1:
        first = list(rows[: size + 1])
        total = len(first) if len(first) <= size else rows.count()
        rows = first[:size]
    elif total is None:
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    number = min(max(_number(request), 1), max(-(-total // size), 1))
    start = (number - 1) * size
    shown = tuple(rows[start : start + size])
    return Page(
        rows=shown,
        number=number,
        first=start + 1 if shown else 0,
        last=start + len(shown),
        total=total,
        previous=_query(request, number - 1) if number > 1 else "",
        next=_query(request, number + 1) if start + size < total else "",
    )


def with_rows(page: Page[Any], rows: Iterable[T]) -> Page[T]:
    """Return a page with its rows made into something else."""
    return Page(tuple(rows), page.number, page.first, page.last, page.total, page.previous, page.next)


def _number(request: HttpRequest) -> int:
    said = request.GET.get("page", "1")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 1


def _query(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return query.urlencode()
