"""What somebody types and sends: a file for a table, perhaps for a round, and the day of an end."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpRequest

from kaohe.web.accounts.standing import Standing
from kaohe.web.intake.access import Making, makings
from kaohe.web.intake.models import CITY
from kaohe.web.intake.procedure import Sent
from kaohe.web.intake.targets import TARGETS
from kaohe.web.intake.titles import TITLES, title_of
from kaohe.web.intake.uploads import fault_of, sent_file, shown_name
from kaohe.web.lang.choice import say
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.wording import round_title


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The form of a new import: its choices, what was typed, what is wrong with it by field."""

    makings: tuple[tuple[str, str], ...]
    rounds: tuple[tuple[int, str], ...]
    tables: tuple[tuple[str, str], ...]
    token: str
    authority: str = ""
    round: str = ""
    table: str = ""
    complete: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def organised(self) -> bool:
        """Whether units and people can be chosen."""
        return any(name in TARGETS for name, _ in self.tables)

    @property
    def city(self) -> bool:
        """Whether a whole city folder can be chosen."""
        return any(name == CITY for name, _ in self.tables)

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """The tables of which there are templates."""
        return tuple((name, title) for name, title in self.tables if name != CITY)


class _Choices:
    """What somebody can choose from."""

    def __init__(self, standing: Standing) -> None:
        self.makings = makings(standing)
        self.tables = [name for name in TITLES if any(name in making.tables for making in self.makings.values())]
        self.rounds = _open_rounds(self.makings)

    def form(self, token: str, errors: Mapping[str, str], typed: Mapping[str, str]) -> UploadForm:
        """Return the form with what was typed; what was not is the first choice."""
        several = len({one.authority_id for one in self.rounds.values()}) > 1
        return UploadForm(
            tuple((key, making.title) for key, making in self.makings.items()),
            tuple((pk, _title(one, several=several)) for pk, one in self.rounds.items()),
            tuple((name, title_of(name)) for name in self.tables),
            token, typed.get("authority", ""), typed.get("round", ""), self._table(typed.get("table", "")),
            typed.get("complete") == "on", dict(errors),
        )  # fmt: skip

    def _table(self, asked: str) -> str:
        usual = "units" if "units" in self.tables else "attendance"
        return asked if asked in self.tables else usual


def _open_rounds(found: Mapping[str, Making]) -> dict[int, Round]:
    """Return the rounds that take records and for which somebody may import; of units, those that assess one of theirs."""
    reached = Q(pk__in=())
    for making in found.values():
        if making.within == making.authority:
            reached |= Q(authority=making.authority)
        else:
            own = RoundUnit.objects.filter(unit__path__startswith=making.within.path)
            reached |= Q(authority=making.authority, pk__in=own.values("round"))
    rounds = Round.objects.filter(reached, state=State.REPORTING).select_related("authority", "standard")
    return {one.pk: one for one in rounds.order_by("authority__path", "-year", "-end", "-pk")}


def _title(one: Round, *, several: bool) -> str:
    return f"{one.authority.name} {round_title(one)}" if several else round_title(one)


def blank_form(standing: Standing, table: str = "", a_round: str = "") -> UploadForm:
    """Return the form as it is shown first."""
    return _Choices(standing).form(token_hex(16), {}, {"table": table, "round": a_round})


def read_form(request: HttpRequest, standing: Standing) -> "tuple[Sent, UploadedFile] | UploadForm":
    """Return what was sent and the file, or the form again with what is wrong."""
    choices, posted, file = _Choices(standing), request.POST, sent_file(request)
    table, token = posted.get("table", ""), posted.get("token", "")
    making = choices.makings.get(posted.get("authority", ""))
    a_round = None if table in TARGETS else choices.rounds.get(_number(posted.get("round", "")))
    errors = {
        "file": fault_of(request, file, city=table == CITY),
        "authority": "" if making else say("请选择为谁导入。", "Choose for whom it is."),
        "table": _wrong_table(table, making, choices.tables),
        "round": "" if table in TARGETS else _wrong_round(a_round, making, choices.rounds.values()),
    }
    errors = {name: error for name, error in errors.items() if error}
    if not re.fullmatch("[0-9a-f]{32}", token):
        token = token_hex(16)
    if errors or making is None or file is None:
        return choices.form(token, errors, posted.dict())
    complete = posted.get("complete") == "on"
    sent = Sent(making.authority, table, shown_name(file), complete, token, a_round, making.within, making.classes_only)
    return sent, file


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _wrong_table(table: str, making: Making | None, tables: Iterable[str]) -> str:
    if table not in tables:
        return say("请选择要导入的表。", "Choose the table.")
    if making is not None and table not in making.tables:
        titles = say("、", ", ").join(title_of(name) for name in making.tables)
        return say(f"{making.title}只能导入：{titles}。", f"{making.title} brings in: {titles}.")
    return ""


def _wrong_round(a_round: Round | None, making: Making | None, rounds: Iterable[Round]) -> str:
    if not any(rounds):
        return say(
            "没有正在填报的考核轮次，现在不能导入台账记录。由训练办公室先开启一轮。",
            "No round takes records, so nothing of the ledger can be imported. The training office opens one first.",
        )
    if a_round is None:
        return say("请选择考核轮次。", "Choose the round.")
    if making is not None and a_round.authority_id != making.authority.pk:
        return say(
            f"这一轮考核不是{making.authority.name}的，请另选一轮。",
            f"This is not a round of {making.authority.name}: choose another.",
        )
    return ""


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
