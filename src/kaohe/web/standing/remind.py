"""Reminding those who lack something under a criterion: a letter is drafted, and its sender looks at it before it goes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.models import User
from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.lang.choice import DJANGO_CODES, Spoken, say
from kaohe.web.lang.dates import full_day_text, moment_text
from kaohe.web.organisation.models import Person
from kaohe.web.post.drafting import Draft, Recipient, draft, known
from kaohe.web.post.texts import LONGEST_SUBJECT, Texts, marks
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.wording import round_title
from kaohe.web.standards.queries import standard_of
from kaohe.web.standing.missing import Lack, lacking, personal_metric
from kaohe.web.standing.unit_queries import assessed_unit


@require_POST
@login_required
def remind(request: PageRequest, round_pk: int, pk: int, criterion: str) -> HttpResponse:
    """Draft a reminder to everybody who lacks something under a criterion, and show it."""
    assessed = assessed_unit(request.standing, Action.NAMES_VIEW, round_pk, pk)
    a_round, now = assessed.round, timezone.now()
    if personal_metric(standard_of(a_round.standard).standard, criterion) is None:
        raise Http404
    to = _recipients(request, lacking(a_round, assessed.unit, criterion) if a_round.state == State.REPORTING else [])
    if not to:
        messages.info(request, _nobody(a_round))
        return redirect("standing", round_pk, pk)
    home = request.build_absolute_uri(reverse("home"))
    told = {"round": a_round.pk, "unit": assessed.code, "criterion": criterion}
    texts = texts_for(assessed, criterion, request.user, timezone.localdate(now), home, {one.language for one in to})
    what = Draft(to, texts, f"round {a_round.pk} unit {assessed.unit_id} {criterion}", told)
    letter, made = draft(request.user, what, now)
    if not made:
        at = moment_text(letter.made_at)
        messages.warning(request, say(
            f"这是 {at} 拟的草稿，还没有发出。要按现在的台账重拟，先选“不发”。",
            f"This is the draft of {at}, not sent yet. To write it anew from the ledger of now, do not send this one.",
        ))  # fmt: skip
    return redirect("letter", letter.pk)


def _nobody(a_round: Round) -> str:
    if a_round.state != State.REPORTING:
        return say("这一轮不在填报中，没有拟提醒。", "This round takes no records: no reminder was drafted.")
    return say("这一项现在没有人缺，没有拟提醒。", "Nobody lacks anything under it now: no reminder was drafted.")


def _recipients(request: PageRequest, lacks: Sequence[Lack]) -> list[Recipient]:
    """Return those who lack something and may be written to, each with what is lacking in the language that is read."""
    allowed = visible(request.standing, Action.MESSAGE_WRITE, Person).filter(pk__in=[lack.person_id for lack in lacks])
    found = known(list(allowed.values_list("pk", flat=True)))
    return [
        replace(to, facts=lack.lacks_text_en if to.language == "en" else lack.lacks_text_zh)
        for lack in lacks
        if (to := found.get(lack.person_id)) is not None
    ]


def texts_for(assessed: RoundUnit, criterion: str, by: User, today: date, home: str, languages: set[str]) -> Texts:
    """Return the text of a reminder: what is owed, what is lacking, by when, where to look; in the languages asked for."""
    said: dict[str, str] = {}
    for language in ("zh", "en"):
        if language in languages:
            with translation.override(DJANGO_CODES[language]):
                subject, body = _text(assessed, criterion, by, today, home, language)
            said |= {f"subject_{language}": subject, f"body_{language}": body}
    return Texts(**said)


def _text(assessed: RoundUnit, criterion: str, by: User, today: date, home: str, language: Spoken) -> tuple[str, str]:
    a_round = assessed.round
    title = standard_of(a_round.standard).standard.criterion(criterion).title.within(language)
    name, facts = marks(language)
    start, end, due = map(full_day_text, (a_round.start, a_round.end, a_round.due))
    round_, day, phone = round_title(a_round), full_day_text(today), by.phone
    if language == "en":
        contact = f"{by.name}, {phone}" if phone else by.name
        return f"{round_}: {title}"[:LONGEST_SUBJECT], (
            f"{name}:\n\nOn {day} the ledger shows for you, under “{criterion} {title}”:\n\n{facts}.\n\n"
            f"{round_} counts training from {start} to {end}. Reports are due by {due}, 24:00.\n\n"
            f"Your own record: {home} after signing in. If it is wrong, tell {contact}.\n\n{assessed.name}\n{day}"
        )
    contact = f"{by.name}（{phone}）" if phone else by.name
    return f"{round_}：{title}"[:LONGEST_SUBJECT], (
        f"{name}：\n\n截至{day}，台账上你的“{criterion} {title}”：\n\n{facts}。\n\n"
        f"{round_}计入{start}至{end}的训练，{due} 24:00 截止上报。\n\n"
        f"自己的训练记录登录后可以查看：{home} 。记录有误，请告诉{contact}。\n\n{assessed.name}\n{day}"
    )
