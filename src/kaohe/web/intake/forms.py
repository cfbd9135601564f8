"""What somebody types and sends: a file, and the day of an end."""

import re
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.intake.procedure import Sent
from kaohe.web.intake.targets import TARGETS, target_of
from kaohe.web.intake.uploads import fault_of, sent_file, shown_name
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The form of a new import: its choices, what was typed, what is wrong with it by field."""

    authorities: tuple[tuple[int, str], ...]
    tables: tuple[tuple[str, str], ...]
    token: str
    authority: str = ""
    table: str = "units"
    complete: bool = False
    errors: dict[str, str] = field(default_factory=dict)


def authorities_of(standing: Standing) -> dict[int, Unit]:
    """Return the authorities for which somebody may import, in the order of the tree."""
    found = visible(standing, Action.IMPORT_MAKE, Unit).filter(is_authority=True).order_by("path")
    return {unit.pk: unit for unit in found}


def blank_form(standing: Standing, table: str = "") -> UploadForm:
    """Return the form as it is shown first."""
    return _form(
        authorities_of(standing), token_hex(16), "", table if table in TARGETS else "units", complete=False, errors={}
    )


def read_form(request: HttpRequest, standing: Standing) -> "tuple[Sent, UploadedFile] | UploadForm":
    """Return what was sent and the file, or the form again with what is wrong."""
    authorities, posted = authorities_of(standing), request.POST
    token = posted.get("token", "")
    authority, table = posted.get("authority", ""), posted.get("table", "")
    complete, file = posted.get("complete") == "on", sent_file(request)
    chosen = authorities.get(int(authority)) if re.fullmatch("[0-9]{1,18}", authority) else None
    errors = {"file": fault_of(request, file)}
    if chosen is None:
        errors["authority"] = say("请选择主管机关。", "Choose the authority.")
    if table not in TARGETS:
        errors["table"] = say("请选择要导入的表。", "Choose the table.")
    errors = {name: error for name, error in errors.items() if error}
    if not re.fullmatch("[0-9a-f]{32}", token):
        token = token_hex(16)
    if errors or chosen is None or file is None:
        return _form(authorities, token, authority, table, complete=complete, errors=errors)
    return Sent(chosen, table, shown_name(file), complete, token), file


def _form(
    authorities: dict[int, Unit], token: str, authority: str, table: str, *, complete: bool, errors: dict[str, str]
) -> UploadForm:
    choices = tuple((unit.pk, f"{unit.name} {unit.code}") for unit in authorities.values())
    tables = tuple((name, say(*target_of(name).title)) for name in TARGETS)
    return UploadForm(choices, tables, token, authority, table, complete, errors)


def day_of(text: str, first: date | None) -> tuple[date | None, str]:
    """Read the day of an end, which cannot be before `first`; return it, or None and what is wrong."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, say("请写一个日期，如 2010-12-31。", "Write a day, such as 2010-12-31.")
    if first and day < first:
        return None, say(
            f"其中最晚的到 {first} 才开始，不能更早结束。",
            f"The latest of them begins on {first} and cannot end before.",
        )
    return day, ""
