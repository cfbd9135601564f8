"""The peer groups, as the deployment's standard names them."""

from functools import cache

from django.conf import settings

from kaohe.standard.files import read_standard
from kaohe.standard.model import Group
from kaohe.web.lang.choice import spoken


def group_titles() -> dict[str, str]:
    """Return the titles of the groups by their ids, in the standard's order and the language that is spoken."""
    return {group.id: group.title.within(spoken()) for group in _groups(settings.CONFIGURATION.standard)}


@cache
def _groups(standard: str) -> tuple[Group, ...]:
    return tuple(read_standard(standard).standard.groups)
