"""Where a unit's figures come from: how many records each rests on, and when the ledger last changed."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils import timezone

from kaohe.web.lang.choice import say
from kaohe.web.lang.dates import full_day_text
from kaohe.web.rounds.models import Round, State
from kaohe.web.standing.facts import UnitFacts
from kaohe.web.standing.missing import hours
from kaohe.web.training.figures import window
from kaohe.web.training.models import LedgerChange


def updated_on(a_round: Round) -> date | None:
    """Return the day on which the ledger that a round reads last changed; None before the first import."""
    settled = LedgerChange.objects.filter(authority=a_round.authority_id, settled_at__isnull=False)
    if a_round.state == State.CLOSED and a_round.ledger_at is not None:
        settled = settled.filter(number__lte=a_round.ledger_at)
    last = settled.order_by("-number").values_list("settled_at", flat=True).first()
    return timezone.localdate(last) if last else None


def source_of(metric: str, facts: UnitFacts, updated: date | None) -> str:
    """Say how many records a figure rests on, and when the ledger last changed."""
    if metric not in RECORDS or updated is None:
        return since(updated)
    count, zh, en = RECORDS[metric]
    return say(f"台账{zh} {count(facts):,} 条，{since(updated)}", f"ledger, {en}: {count(facts):,}; {since(updated)}")


def since(updated: date | None) -> str:
    """Say when the ledger last changed."""
    if updated is None:
        return say("台账里还没有记录", "there is nothing in the ledger yet")
    return say(f"{full_day_text(updated)}更新", f"as of {full_day_text(updated)}")


def terms_of(a_round: Round, updated: date | None) -> str:
    """Say what all figures of a round are counted by: whose day the staff is of, which records, the hours owed."""
    asked = window(a_round)
    self_study, online = hours(asked.self_study_minutes), hours(asked.online_minutes)
    return say(
        f"在册人员按 {asked.end} 的花名册，记录按 {asked.start} 至 {asked.end}；每人应修自学自练 {self_study} 学时、"
        f"在线学习 {online} 学时。台账{since(updated) if updated else '还没有记录'}。",
        f"Staff as on {asked.end}, records of {asked.start} to {asked.end}; each person owes {self_study} hours of"
        f" self-study and {online} of online study. The ledger: {since(updated)}.",
    )


def _entries(*levels: str) -> Callable[[UnitFacts], int]:
    return lambda facts: sum(one.level in levels for one in facts.entries)


RECORDS: Mapping[str, tuple[Callable[[UnitFacts], int], str, str]] = {
    "self_study_rate": (lambda facts: sum(one.self_records for one in facts.staff), "自学自练记录", "records of self-study"),
    "online_rate": (lambda facts: sum(one.online_records for one in facts.staff), "在线学习记录", "records of online study"),
    "participation_rate": (lambda facts: sum(one.records for one in facts.staff), "参训记录", "records of attendance"),
    "quota_fill_rate": (lambda facts: len(facts.seats), "名额记录", "quotas"),
    "class_points": (lambda facts: len(facts.trainees), "学员出勤记录", "records of trainees"),
    "city_contest_kinds": (_entries("city", "city_final"), "全市竞赛记录", "entries in city contests"),
    "city_finals": (_entries("city_final"), "全市决赛记录", "entries in city finals"),
    "province_entries": (_entries("province"), "全省竞赛记录", "entries in provincial contests"),
    "province_placings": (_entries("province"), "全省竞赛记录", "entries in provincial contests"),
    "textbook_rate": (lambda facts: int("textbook" in facts.supplies), "教材记录", "rows on textbooks"),
    "handbook_rate": (lambda facts: int("handbook" in facts.supplies), "手册记录", "rows on handbooks"),
    "appraisal_rate": (lambda facts: sum(one.tests for one in facts.staff), "测评记录", "tests"),
    "bulletin_count": (lambda facts: sum(facts.bulletins.values()), "信息记录", "bulletins"),
}  # fmt: skip
"""Which records a metric counts: how many there are, and what they are called."""
