"""What must be right before a round takes records: it has units, and each of them stands in a group of the standard."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kaohe.web.lang.choice import say
from kaohe.web.organisation.groups import group_titles
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.standards.queries import standard_of


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that must be put right first: the unit (empty: the round as a whole), and what is wrong."""

    unit: str
    words: str


def present_units(a_round: Round) -> Sequence[Unit]:
    """Return the units of a round as the organisation has them now."""
    return list(Unit.objects.filter(pk__in=a_round.units.values("unit")).order_by("official_order", "code"))


def hindrances(a_round: Round) -> tuple[Hindrance, ...]:
    """Return what hinders a draft from being opened."""
    units, groups = present_units(a_round), {group.id for group in standard_of(a_round.standard).standard.groups}
    if not units:
        return (Hindrance("", say("还没有选考核单位。", "No unit has been chosen.")),)
    found = []
    for unit in units:
        if unit.authority_id != a_round.authority_id:
            words = say("已不属这个主管机关，从草案里去掉。", "No longer of this authority; leave it out of the draft.")
            found.append(Hindrance(unit.name, words))
        elif unit.peer_group not in groups:
            found.append(Hindrance(unit.name, _misplaced(unit.peer_group, groups)))
    return tuple(found)


def _misplaced(group: str, groups: Collection[str]) -> str:
    """Say what mends a unit's group: the unit's page, where that offers one of the standard's."""
    zh = f"类别“{group or '无'}”不在标准里，"
    en = f"Its group “{group or 'none'}” is not one of the standard's; "
    if group_titles().keys() & set(groups):
        return say(
            f"{zh}先在单位页改类别，或从草案里去掉。",
            f"{en}change it on the unit's page, or leave the unit out.",
        )
    return say(
        f"{zh}单位页上也没有这个标准的类别：请系统管理员在部署配置里把 standard 改为这个标准，再改类别；或从草案里去掉。",
        f"{en}nor does the unit's page offer any of them: have the system administrator name this standard as `standard` in the"
        " deployment's configuration, then change the group; or leave the unit out.",
    )
