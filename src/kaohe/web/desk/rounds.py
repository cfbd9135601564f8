"""What each role has to do in the round that is open, on the home page."""

from datetime import date
from fractions import Fraction

from django.urls import reverse

from kaohe.documents.numerals import plain, points
from kaohe.standard.figures import half_up
from kaohe.web.accounts.permissions import Action, can, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.desk.part import Part
from kaohe.web.lang.choice import say
from kaohe.web.lang.dates import day_text
from kaohe.web.organisation.models import Person
from kaohe.web.pages.parts import Fact, Figure, Task
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.wording import distance, due_text, round_title, version_title
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standing.city import UnitPoints, gap_of
from kaohe.web.standing.handbook import Owed, owed_by
from kaohe.web.standing.missing import hours
from kaohe.web.standing.overview import overview_of
from kaohe.web.standing.unit_page import unit_page

BEHIND = 3
"""How many of the units furthest behind the office is asked to see to."""


def office_part(standing: Standing, a_round: Round | None, today: date) -> Part:
    """What the office has to do next to have a round, or where its round stands and which units are furthest behind."""
    if a_round is None or not may(standing, Action.ROUND_MANAGE, a_round):
        return Part(say("考核", "Assessment"), tasks=_first_steps(standing))
    title = round_title(a_round)
    if a_round.state == State.DRAFT:
        text = say(
            "核对标准、期限和单位，开始后标准不能再改。",
            "Check standard, dates and units; then the standard is frozen.",
        )
        task = Task(say("现在", "Now"), say("草案", "draft"), say(f"开始 {title} 填报", f"Open {title}"), text, reverse("round", args=[a_round.pk]), say("查看草案", "See the draft"), main=True)  # fmt: skip
        return Part(title, tasks=(task,))
    told = overview_of(a_round)
    sub = say(
        f"{_when(a_round, today)}。{told.units:,} 个单位、{told.headcount:,} 人参加考核。",
        f"{_when(a_round, today)}. Units assessed: {told.units:,}, people: {told.headcount:,}.",
    )
    city = reverse("round-city", args=[a_round.pk])
    figures = (
        Figure(say("自学达标", "Self-study"), _share(told.self_study, told.headcount), "%", url=city),
        Figure(say("在线达标", "Online study"), _share(told.online, told.headcount), "%", url=city),
        Figure(say("平均得分", "Mean points"), points(told.mean) if told.mean is not None else "—", f"/ {plain(told.full)}", url=city),
    )  # fmt: skip
    behind = () if a_round.state == State.CLOSED else told.furthest[:BEHIND]
    return Part(title, sub, tuple(_behind(a_round, one, today) for one in behind), figures)


def _first_steps(standing: Standing) -> tuple[Task, ...]:
    now = say("现在", "Now")
    if not visible(standing, Action.STANDARD_MANAGE, StandardVersion).exists():
        text = say("随系统带有本溪市 2010 年的百分考核标准，也可以上传自己的。", "The 2010 hundred-point standard comes with the system; another can be uploaded.")  # fmt: skip
        return (Task(now, "", say("定下考核标准", "Choose a standard"), text, reverse("standards"), say("打开标准", "Open standards")),)  # fmt: skip
    text = say("选标准、期限和单位；开始填报后各单位才有台账可看。", "Choose standard, dates and units; units see where they stand once it is open.")  # fmt: skip
    return (Task(now, "", say("建立考核轮次", "Make a round"), text, reverse("round-new"), say("建立轮次", "Make a round")),)  # fmt: skip


def _share(reached: int, of: int) -> str:
    return plain(half_up(Fraction(100 * reached, of), 1)) if of else "—"


def _behind(a_round: Round, one: UnitPoints, today: date) -> Task:
    """A unit that misses much, and where it misses most."""
    worst = one.lacking[0].criterion
    lost = points(gap_of(one.lacking[0]))
    text = say(
        f"现在 {points(one.points)} / {plain(one.full)} 分；{worst.id} {worst.title.zh}缺 {lost} 分，缺得最多。",
        f"{points(one.points)} of {plain(one.full)} now; most is missing at {worst.id} {worst.title.en}: {lost}.",
    )
    title = say(f"{one.name} 还缺 {points(one.gap)} 分", f"{one.name} misses {points(one.gap)} points")
    return _due(a_round, today, title, text, reverse("standing", args=[a_round.pk, one.pk]), say("看缺什么", "See what is missing"))  # fmt: skip


def unit_part(standing: Standing, a_round: Round | None, today: date) -> Part | None:
    """Where one's own unit stands, and what brings it most points; None where no round assesses it."""
    if a_round is None or not can(standing, Action.STANDING_OWN):
        return None
    own = {post.unit for post in standing.posts}
    assessed = RoundUnit.objects.filter(round=a_round, unit__in=own).exclude(round__state=State.DRAFT)
    found = assessed.select_related("round__standard", "unit").order_by("official_order", "code").first()
    if found is None:
        return None
    page, url = unit_page(found, standing), reverse("standing", args=[a_round.pk, found.unit_id])
    sub = f"{page.sub} {_when(a_round, today)}{say('。', '.')}"
    tasks = tuple(
        _due(a_round, today, f"{task.note} {task.title}", say(f"补上可得 {task.when} 分。{task.text}", f"Worth {task.when} points. {task.text}"), f"{url}{task.url}", task.action)
        for task in page.easiest
    )  # fmt: skip
    facts = tuple(
        Fact(
            f"{one.id} {one.title}",
            one.word or f"{one.given} / {one.full}{say('　', ' · ')}{one.figure}",
            f"{url}#{one.id}",
        )
        for one in page.measured
    )
    return Part(page.round, sub, tasks, page.figures, facts)


def own_part(standing: Standing, a_round: Round | None, today: date) -> Part | None:
    """What a civil servant still owes before the round ends; None where there is no round, or the account is nobody's."""
    if a_round is None or a_round.state == State.DRAFT or standing.person is None:
        return None
    person = Person.objects.filter(pk=standing.person).first()
    if person is None:
        return None
    owed, url = owed_by(a_round, person), reverse("handbook", args=[a_round.pk, person.pk])
    tasks = () if a_round.state == State.CLOSED else tuple(
        _due(a_round, today, title, text, url, say("看训练手册", "Open the handbook")) for title, text in _owed(owed)
    )  # fmt: skip
    figures = (
        Figure(say("自学自练", "Self-study"), hours(owed.self_minutes), say(f"/ {hours(owed.self_wanted)} 学时", f"/ {hours(owed.self_wanted)} hours"), url=url),
        Figure(say("在线学习", "Online study"), hours(owed.online_minutes), say(f"/ {hours(owed.online_wanted)} 学时", f"/ {hours(owed.online_wanted)} hours"), url=url),
    )  # fmt: skip
    return Part(round_title(a_round), say(f"{_when(a_round, today)}。", f"{_when(a_round, today)}."), tasks, figures)


def _owed(owed: Owed) -> list[tuple[str, str]]:
    """What is owed, as heading and sentence."""
    words = {
        "self_study": (
            say(f"自学自练还缺 {hours(owed.self_lacking)} 学时", f"{hours(owed.self_lacking)} hours of self-study are missing"),
            say("参加本单位每周半日的训练，由专人记出勤。", "Attend your unit's weekly half day; its officer records it."),
        ),
        "online": (
            say(f"在线学习还缺 {hours(owed.online_lacking)} 学时", f"{hours(owed.online_lacking)} hours of online study are missing"),
            say("在省里的学习平台上修满，由专人导入。", "Complete them on the province's platform; your officer imports them."),
        ),
        "training": (
            say("还没有参加过训练", "No training attended yet"),
            say("参加任何一种训练就算参训。", "Any kind of training counts."),
        ),
        "test": (
            say("还没有测评记录", "No test recorded yet"),
            say("参加测评，成绩记入手册。", "Take the test; its result goes into the handbook."),
        ),
    }  # fmt: skip
    return [words[what] for what in owed.lacking]


def reader_part(standing: Standing, a_round: Round | None, today: date) -> Part | None:
    """The round as those see it who have nothing to do in it yet; None where there is none."""
    if a_round is None or a_round.state == State.DRAFT:
        return None
    facts = [
        Fact(say("标准", "Standard"), version_title(a_round.standard), reverse("standard", args=[a_round.standard_id])),
        Fact(say("考核期间", "Period"), say(f"{a_round.start} 至 {a_round.end}", f"{a_round.start} to {a_round.end}")),
        Fact(say("自评报告截止", "Reports due"), f"{due_text(a_round.due, today)}"),
    ]
    if may(standing, Action.CITY_VIEW, a_round):
        facts.append(Fact(say("各单位", "All units"), say("看全市台账", "see where all stand"), reverse("round-city", args=[a_round.pk])))  # fmt: skip
    return Part(
        round_title(a_round), say(f"{_when(a_round, today)}。", f"{_when(a_round, today)}."), facts=tuple(facts)
    )


def _when(a_round: Round, today: date) -> str:
    """Say when a round's reports are due, or that it is over."""
    if a_round.state == State.CLOSED:
        return say(f"{round_title(a_round)}已结束，不再收记录", f"{round_title(a_round)} is closed; no more records")
    due, left = due_text(a_round.due, today), distance(a_round.due, today)
    is_due = "is due" if a_round.due >= today else "was due"
    return say(f"{round_title(a_round)} {due} 截止，{left}", f"{round_title(a_round)} {is_due} {due}, {left}")


def _due(a_round: Round, today: date, title: str, text: str, url: str, action: str) -> Task:
    """A task that is due with the round."""
    return Task(day_text(a_round.due), distance(a_round.due, today), title, text, url, action, over=a_round.due < today)
