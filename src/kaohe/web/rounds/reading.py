"""What the form of a draft says: values, or each fault in words for the field it is in."""

from dataclasses import dataclass, field
from datetime import date

from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import day_of
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.forms import FIRST_YEAR, LAST_YEAR, RoundForm
from kaohe.web.rounds.procedure import RoundWords


@dataclass
class RoundReading:
    """Reads one form; `errors` by field, `words` where there are none."""

    form: RoundForm
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> RoundWords | None:
        """What the draft is to be; None where something is wrong."""
        standard, kind, year = self.form.version_chosen, self._kind(), self._year()
        start, end, due = (self._day(name) for name in ("start", "end", "due"))
        if standard is None:
            self._fault("standard", "选一个标准版本。", "Choose a version of a standard.")
        if start and end:
            self._period(start, end, year)
        if start and due and due < start:
            self._fault("due", "截止日不能早于期间第一天。", "The due day cannot be before the period's first day.")
        units = self._units()
        if self.errors or not (standard and year and start and end and due):
            return None
        return RoundWords(self.form.authority, standard, kind, year, start, end, due, units)

    def _fault(self, name: str, zh: str, en: str) -> None:
        self.errors.setdefault(name, say(zh, en))

    def _kind(self) -> str:
        kind, standard = self.form.text["kind"], self.form.standard
        if standard and kind not in standard.rounds:
            self._fault("kind", "从列表里选一种考核。", "Choose a kind of round from the list.")
        return kind

    def _year(self) -> int | None:
        year = self.form.year
        if year is None:
            self._fault(
                "year",
                f"填 {FIRST_YEAR} 至 {LAST_YEAR} 的年份。",
                f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.",
            )
        return year

    def _day(self, name: str) -> date | None:
        day = day_of(self.form.text[name])
        if day is None:
            self._fault(name, "日期写成 2010-06-30 的样子。", "Write the day like 2010-06-30.")
        return day

    def _period(self, start: date, end: date, year: int | None) -> None:
        if start > end:
            self._fault("end", "最后一天不能早于第一天。", "The last day cannot be before the first.")
        elif year and not start.year <= year <= end.year:
            self._fault(
                "end",
                f"期间没有一天在 {year} 年，改期间或年度。",
                f"No day of the period is in {year}; change the period or the year.",
            )

    def _units(self) -> list[Unit]:
        units = [unit for unit in self.form.candidates if unit.pk in self.form.ticked]
        codes = [unit.code for unit in units]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            self._fault(
                "units",
                f"有两个单位的代码都是 {twice[0]}，去掉一个。",
                f"Two units have the code {twice[0]}; leave one out.",
            )
        return units
