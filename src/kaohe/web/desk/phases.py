"""The four phases of the procedure (方案 四、考核步骤) as a line, and the round on which it stands for somebody."""

from datetime import date

from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.pages.parts import Phase
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.queries import current_round, rounds_for
from kaohe.web.rounds.wording import distance, due_text, version_title


def round_of(standing: Standing) -> Round | None:
    """Return the open round under which somebody stands; else the last of those that they may see, None without any."""
    above = {int(pk) for post in standing.posts for pk in post.path.strip("/").split("/")}
    found = current_round(above)
    if found is None:
        found = rounds_for(standing).select_related("standard").order_by("-end", "-start", "-id").first()
    return found


def phases_of(a_round: Round | None, today: date) -> tuple[Phase, ...]:
    """Return the phases, and at which of them a round is."""
    standard = say("还没有标准在用", "no standard is in use yet")
    report, inspect, evaluate = (
        "",
        say("抽查、考核组评分", "spot checks and scores"),
        say("复核、排名、通报", "review, ranking, circular"),
    )
    states = ("now", "", "", "")
    if a_round is not None:
        standard = version_title(a_round.standard)
        if a_round.state == State.DRAFT:
            report = say("轮次还是草案", "the round is a draft")
        elif a_round.state == State.REPORTING:
            states = ("done", "now", "", "")
            report = f"{due_text(a_round.due, today)}{say('截止，', ', ')}{distance(a_round.due, today)}"
        else:
            states, report = ("done", "done", "", ""), say("已结束，不再收记录", "closed, no more records")
    titles = (
        (say("第一阶段 制定标准", "1 Standard"), standard),
        (say("第二阶段 自检自查", "2 Self-assessment"), report),
        (say("第三阶段 阶段考核", "3 Assessment"), inspect),
        (say("第四阶段 总体考评", "4 Evaluation"), evaluate),
    )
    return tuple(Phase(title, note, state) for (title, note), state in zip(titles, states, strict=True))
