"""The home pages of those who work in the procedure: office, units, inspectors and reviewers, civil servants."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from kaohe.web.accounts.standing import Standing
from kaohe.web.desk import queries
from kaohe.web.desk.part import Part, Stay
from kaohe.web.lang.choice import say
from kaohe.web.lang.dates import day_text, moment_text
from kaohe.web.pages.parts import Fact, Figure, Task


def office_part(standing: Standing, today: date) -> Part:
    """What the training office has, and the imports that wait for it."""
    told = queries.office(standing, today)
    waiting = told.ready + told.faulty
    sub = say(f"现有 {told.units:,} 个单位、{told.people:,} 人。", f"Units: {told.units:,}, people: {told.people:,}.")
    if waiting:
        sub += say(f"还有 {waiting} 件导入没有办完。", f" Imports not finished: {waiting}.")
    figures = (
        Figure(say("单位", "Units"), f"{told.units:,}", url=reverse("units")),
        Figure(say("人员", "People"), f"{told.people:,}", url=reverse("people")),
        Figure(say("等确认", "To confirm"), f"{told.ready:,}"),
        Figure(say("有错误", "With faults"), f"{told.faulty:,}", bad=told.faulty > 0),
    )
    facts: tuple[Fact, ...] = ()
    if told.last:
        name, by, at = told.last
        facts = (
            Fact(say("最近一次导入", "Last import"), name),
            Fact(say("谁", "By"), by),
            Fact(say("时间", "Time"), moment_text(at)),
        )
    tasks = (*_first_steps(told), *(_import(one) for one in told.waiting))
    return Part(say("台账", "Records"), sub, tasks, figures, facts)


def _first_steps(told: queries.Office) -> tuple[Task, ...]:
    if told.waiting or (told.units and told.people):
        return ()
    now, imports = say("现在", "Now"), reverse("import-new")
    if not told.units:
        text = say(
            "先有单位，人员和账号才有归处。电子表格或 CSV 都可以。",
            "People and accounts belong to units. A workbook or a CSV file will do.",
        )
        return (
            Task(
                now, "", say("导入单位", "Import the units"), text, imports, say("导入单位", "Import units"), main=True
            ),
        )
    text = say("花名册一次导入，以后只导入变动。", "The whole roster once; later only what changed.")
    return (
        Task(now, "", say("导入人员", "Import the people"), text, imports, say("导入人员", "Import people"), main=True),
    )


def _import(one: queries.Waiting) -> Task:
    when, note = day_text(timezone.localdate(one.created_at)), say("上传", "uploaded")
    if one.faulty:
        text = say(
            f"{one.faults:,} 处错误，每一处都写明行、列和改法。改好后重新上传。",
            f"Faults: {one.faults:,}, each with its row, column and remedy. Mend them and upload again.",
        )
        return Task(when, note, say(f"改正 {one.file_name}", f"Mend {one.file_name}"), text, import_url(one.pk), say("查看错误", "See the faults"))  # fmt: skip
    new, changed, absent = (one.counts.get(kind, 0) for kind in ("new", "changed", "absent"))
    text = say(
        f"新增 {new:,} 行，改动 {changed:,} 行，文件里没有的 {absent:,} 行。确认后才生效。",
        f"New: {new:,}, changed: {changed:,}, not in the file: {absent:,}. Nothing holds before you confirm.",
    )
    return Task(when, note, say(f"核对 {one.file_name}", f"Check {one.file_name}"), text, import_url(one.pk), say("核对并确认", "Check and confirm"))  # fmt: skip


def import_url(pk: int) -> str:
    """Return where an import is shown."""
    return reverse("import", args=[pk])


def unit_part(standing: Standing, roles: frozenset[str], today: date) -> Part:
    """One's own unit as it is recorded, and what its record lacks."""
    unit = queries.own_unit(standing, roles, today)
    title = say("本单位", "Your unit")
    if unit is None:
        return Part(title)
    named = (
        (say("责任处室", "Office in charge"), unit.office),
        (say("专人", "Officer"), unit.officer),
        (say("分管领导", "Leader"), unit.leader),
        (say("电话", "Phone"), unit.phone),
    )
    lacking = say("、", ", ").join(label for label, value in named if not value)
    tasks = (_lacking(lacking, unit.authority),) if lacking else ()
    facts = (
        Fact(say("名称", "Name"), unit.name),
        Fact(say("代码", "Code"), unit.code),
        *(Fact(label, value) for label, value in named),
        Fact(say("上级", "Authority"), unit.authority),
    )
    sub = say(f"现有 {unit.people:,} 人。", f"People now: {unit.people:,}.")
    figures = (Figure(say("现有人员", "People now"), f"{unit.people:,}", url=reverse("people")),)
    return Part(title, sub, tasks, figures, facts)


def _lacking(lacking: str, authority: str) -> Task:
    office = authority or say("上级训练办公室", "the training office above")
    title = say(f"补齐 {lacking}", f"Have recorded: {lacking}")
    text = say(
        f"单位信息由 {office} 登记，把缺的告诉他们。", f"{office} keeps the record of units: tell them what is missing."
    )
    return Task(say("现在", "Now"), say("缺登记", "missing"), title, text)


def looking_part(standing: Standing, today: date) -> Part:
    """How many units an inspector, a reviewer or the academy may see."""
    units = queries.valid_units(standing, today).count()
    return Part(
        say("单位", "Units"),
        say(f"你能看到 {units:,} 个单位。", f"Units that you may see: {units:,}."),
        figures=(Figure(say("单位", "Units"), f"{units:,}", url=reverse("units")),),
    )


def record_part(standing: Standing) -> Part:
    """A civil servant's own entry, or whom to tell that it is not connected."""
    title, own = say("我的登记", "My record"), queries.record(standing)
    if own is None:
        text = say(
            "把姓名、单位和人员编号告诉安全管理员，对上之后这里出现你的登记。",
            "Tell the security administrator your name, unit and personal code; then your record appears here.",
        )
        return Part(
            title,
            tasks=(
                Task(say("现在", "Now"), "", say("账号对应到花名册", "Connect your account with the roster"), text),
            ),
        )
    facts = (
        Fact(say("姓名", "Name"), own.name),
        Fact(say("编号", "Code"), own.code),
        Fact(say("职务", "Position"), own.post),
        Fact(say("单位", "Unit"), own.unit),
    )
    sub = say(f"{own.name}，编号 {own.code}。", f"{own.name}, code {own.code}.")
    return Part(title, sub, facts=facts, stays=tuple(Stay(*stay) for stay in own.postings))
