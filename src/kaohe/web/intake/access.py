"""Who may bring in which tables, for which authority, and whose records; and which imports that lets them reach.

The office brings in everything of its authority, a unit's officer the records of the own unit, the academy those of
classes. The table of grants says how far a role reaches; here stands what it may bring in there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kaohe.ledger.tables import TABLES
from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import Post, Standing
from kaohe.web.intake.models import CITY, Import
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Unit

OFFICE_TABLES = (CITY, *(table.name for table in TABLES))
OFFICER_TABLES = ("activities", "attendance", "contests", "supplies", "appraisals", "bulletins")
ACADEMY_TABLES = ("activities", "attendance", "quotas")


@dataclass(frozen=True, slots=True)
class Making:
    """What somebody may bring in: tables of an authority's, of records within a unit, perhaps of classes alone."""

    key: str
    authority: Unit
    within: Unit
    tables: tuple[str, ...]
    classes_only: bool = False

    @property
    def title(self) -> str:
        """Say for whom it is."""
        if self.classes_only:
            return say(
                f"{self.authority.name} {self.authority.code}（调训班）",
                f"{self.authority.name} {self.authority.code} (classes)",
            )
        if self.within != self.authority:
            return say(
                f"{self.within.name} {self.within.code}（本单位）", f"{self.within.name} {self.within.code} (own unit)"
            )
        return f"{self.authority.name} {self.authority.code}"


def makings(standing: Standing) -> dict[str, Making]:
    """Return what somebody may bring in, by its key in a form, in the order of the tree."""
    reached = visible(standing, Action.IMPORT_MAKE, Unit)
    own = [post.unit for post in standing.posts if post.role == Role.OFFICER]
    units = reached.filter(Q(is_authority=True) | Q(pk__in=own)).select_related("authority").order_by("path")
    found = (making for unit in units for post in standing.posts for making in _makings(post, unit))
    return {making.key: making for making in found}


def _makings(post: Post, unit: Unit) -> Iterator[Making]:
    below = unit.is_authority and unit.path.startswith(post.path)
    if post.role == Role.OFFICE and below:
        yield Making(str(unit.pk), unit, unit, OFFICE_TABLES)
    if post.role == Role.ACADEMY and below:
        yield Making(f"classes-{unit.pk}", unit, unit, ACADEMY_TABLES, classes_only=True)
    if post.role == Role.OFFICER and unit.pk == post.unit and unit.authority is not None:
        yield Making(f"unit-{unit.pk}", unit.authority, unit, OFFICER_TABLES)


def makeable(standing: Standing) -> QuerySet[Import]:
    """Return the imports that somebody may confirm, drop and take back: those of which one may still make the like."""
    return visible(standing, Action.IMPORT_MAKE, Import).filter(_reach(standing))


def seen(standing: Standing) -> QuerySet[Import]:
    """Return the imports that somebody may look at: the auditor all, a unit's people what was brought in for the unit."""
    found = visible(standing, Action.IMPORT_VIEW, Import)
    return found if Role.AUDITOR in standing.roles else found.filter(_reach(standing))


def _reach(standing: Standing) -> Q:
    reached = Q(pk__in=())
    for post in standing.posts:
        match post.role:
            case Role.OFFICE:
                reached |= Q(authority__path__startswith=post.path)
            case Role.OFFICER | Role.LEADER:
                reached |= Q(
                    within__path__startswith=post.path, table__in=OFFICER_TABLES, authority__path__in=_above(post.path)
                )
            case Role.ACADEMY:
                reached |= Q(authority__path__startswith=post.path, classes_only=True)
    return reached


def _above(path: str) -> list[str]:
    """Return the paths of the units above one: `/1/` and `/1/7/` above `/1/7/9/`."""
    ids = path.strip("/").split("/")
    return [f"/{'/'.join(ids[:length])}/" for length in range(1, len(ids))]
