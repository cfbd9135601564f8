"""What the form of a unit says: values, or each fault in words for the field it is in."""

from datetime import date

from django.db.models import QuerySet

from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import day_of
from kaohe.web.organisation.forms import UnitForm
from kaohe.web.organisation.groups import group_titles
from kaohe.web.organisation.models import Unit
from kaohe.web.organisation.procedure import UnitWords

LONGEST = {"name": 200, "office": 200, "officer": 100, "leader": 100, "phone": 100}
HIGHEST_ORDER = 999_999


class UnitReading:
    """Reads one form; `errors` by field, empty where `words` may be written."""

    def __init__(self, form: UnitForm, today: date) -> None:
        self.form, self.today = form, today
        self.errors: dict[str, str] = {}
        plain = {name: self._line(name, most) for name, most in LONGEST.items()}
        order, group = self._order(), self._group()
        begins, ends = self._day("valid_from"), self._day("valid_to")
        if begins and ends and begins > ends:
            self._fault("valid_to", "停用不能早于启用。", "The last day cannot be before the first.")
        self.words = UnitWords(
            plain={**plain, "official_order": order, "peer_group": group, "valid_from": begins, "valid_to": ends},
            parent=self._parent(),
            successor=self._successor(ends),
            renamed_on=self._renamed_on(),
        )

    def _fault(self, name: str, zh: str, en: str) -> None:
        self.errors.setdefault(name, say(zh, en))

    def _line(self, name: str, most: int) -> str:
        text = self.form.text[name]
        if len(text) > most:
            self._fault(
                name, f"最多 {most} 个字，现在 {len(text)} 个。", f"At most {most} characters; now {len(text)}."
            )
        if name == "name" and not text:
            self._fault(name, "填单位名称。", "Give the name of the unit.")
        return text

    def _order(self) -> int:
        text = self.form.text["official_order"] or "0"
        if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= HIGHEST_ORDER:
            return int(text)
        self._fault(
            "official_order", f"填 0 至 {HIGHEST_ORDER} 的整数。", f"Give a whole number from 0 to {HIGHEST_ORDER}."
        )
        return 0

    def _group(self) -> str:
        group, unit = self.form.text["peer_group"], self.form.unit
        if group != unit.peer_group and group not in group_titles() and (group or not unit.is_authority):
            self._fault("peer_group", "从列表里选一个类别。", "Choose a group from the list.")
        return group

    def _day(self, name: str) -> date | None:
        text = self.form.renamed_on if name == "renamed_on" else self.form.text[name]
        day = day_of(text)
        if text and not day:
            self._fault(name, "日期写成 2010-06-30 的样子。", "Write the day like 2010-06-30.")
        return day

    def _parent(self) -> Unit | None:
        unit = self.form.unit
        if not self.form.moves or self.form.text["parent"] == self.form.base["parent"] == _code(unit.parent):
            return unit.parent
        found = self._unit("parent", unit.parent, self.form.editable())
        if found is None:
            self._fault("parent", "填上级单位的代码。", "Give the code of the superior unit.")
        return found

    def _successor(self, ends: date | None) -> Unit | None:
        unit = self.form.unit
        if self.form.text["successor"] == _code(unit.successor):
            return unit.successor
        found = self._unit("successor", unit.successor, visible(self.form.standing, Action.UNIT_VIEW, Unit))
        if found and found.pk == unit.pk:
            self._fault(
                "successor",
                "单位不能并入自己，填另一个单位的代码。",
                "A unit cannot be merged into itself; give another's code.",
            )
        if found and found.successor_id == unit.pk:
            self._fault(
                "successor",
                f"{found.name}已并入本单位，先改那一边。",
                f"{found.name} was merged into this unit; change that first.",
            )
        if found and not ends:
            self._fault("valid_to", "并入别的单位，要填停用日期。", "A unit that was merged needs its last day.")
        return found

    def _unit(self, name: str, present: Unit | None, units: QuerySet[Unit]) -> Unit | None:
        """Find a unit by its code: the present one, else one of the same authority, else the only one."""
        code = self.form.text[name]
        if not code or (present and present.code == code):
            return present if code else None
        found = list(units.filter(code=code)[:20])
        near = [one for one in found if one.authority_id == self.form.unit.authority_id] or found
        if not near:
            self._fault(name, f"没有代码是 {code} 的单位。", f"There is no unit with the code {code}.")
        elif len(near) > 1:
            self._fault(name, f"有几个单位的代码都是 {code}。", f"Several units have the code {code}.")
        return near[0] if len(near) == 1 else None

    def _renamed_on(self) -> date | None:
        day = self._day("renamed_on")
        if day is None or self.form.text["name"] == self.form.unit.name:
            return None
        former = self.form.unit.former_names.first()
        if day > self.today:
            self._fault("renamed_on", "改名还没到日子，到那天再改。", "The day has not come; rename the unit then.")
        if former and day <= former.until:
            self._fault(
                "renamed_on",
                f"要晚于上次改名的 {former.until}。",
                f"It must be after the last renaming, {former.until}.",
            )
        return day


def _code(unit: Unit | None) -> str:
    return unit.code if unit else ""
