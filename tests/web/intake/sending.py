"""Files as people send them, and the tables as they stand."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kaohe.web.intake.models import Import
from kaohe.web.jobs.worker import run_all
from kaohe.web.organisation.models import Person, Posting, Unit, UnitName

UNIT_HEADER = "单位代码,单位名称,类别"
PEOPLE_HEADER = "人员编号,姓名,单位代码"
AS_THEY_ARE = ["X01,本溪县,county", "D01,市财政局,department", "D02,市审计局,department"]
"""The units of the authority 0001 in the tests' city."""


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    """Return lines as the bytes of a CSV file."""
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def units(*lines: str) -> bytes:
    """Return a file of units."""
    return csv(UNIT_HEADER, *lines)


def people(*lines: str) -> bytes:
    """Return a file of people."""
    return csv(PEOPLE_HEADER, *lines)


def xlsx(rows: Iterable[Iterable[Any]]) -> bytes:
    """Return rows as the bytes of a workbook."""
    from openpyxl import Workbook

    book, stream = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(stream)
    return stream.getvalue()


def token_of(client: Client) -> str:
    """Open the form and return its token."""
    found = re.search(r'name="token" value="([0-9a-f]{32})"', client.get(reverse("import-new")).content.decode())
    assert found is not None
    return found[1]


def post(client: Client, content: bytes, table: str = "units", at: str = "0001", **values: Any) -> HttpResponse:
    """Send the form of a new import."""
    name = values.pop("name", f"{table}.csv")
    authority = Unit.objects.get(code=at).pk
    sent = {
        "token": token_of(client),
        "authority": authority,
        "table": table,
        "file": SimpleUploadedFile(name, content),
    }
    return client.post(reverse("import-new"), sent | values)  # type: ignore[return-value]


def sent(client: Client, content: bytes, table: str = "units", at: str = "0001", **values: Any) -> Import:
    """Send a file, have it read, and return its import."""
    answer = post(client, content, table, at, **values)
    assert answer.status_code == 302, answer.content.decode()
    run_all()
    return Import.objects.get(pk=int(answer.headers["Location"].rstrip("/").rpartition("/")[2]))


def confirmed(client: Client, content: bytes, table: str = "units", at: str = "0001", **values: Any) -> Import:
    """Send a file, have it read, confirm it, and return its import."""
    day = values.pop("ends_on", "2010-12-31")
    found = sent(client, content, table, at, **values)
    assert found.state == "ready", found.faults
    client.post(reverse("import-confirm", args=[found.pk]), {"ends_on": day})
    found.refresh_from_db()
    return found


def dump() -> dict[str, list[dict[str, Any]]]:
    """Return the organisation's tables as they stand, but for the counters of edits."""
    return {
        model.__name__: [
            {k: v for k, v in row.items() if k != "version"} for row in model._default_manager.order_by("pk").values()
        ]
        for model in (Unit, UnitName, Person, Posting)
    }
