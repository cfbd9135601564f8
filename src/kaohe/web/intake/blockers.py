"""What rests on records that are to go: every reference to them that the database knows, counted."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from django.db.models import Count, ForeignObjectRel, Model

WORDS: dict[str, tuple[str, str]] = {
    "organisation.Unit": ("下级或并入的单位", "units below or merged into it"),
    "organisation.Person": ("人员", "people"),
    "organisation.Posting": ("任职记录", "postings"),
    "accounts.Membership": ("账号", "accounts"),
    "accounts.User": ("账号", "accounts"),
    "intake.Import": ("导入", "imports"),
    "rounds.Round": ("考核轮次", "rounds"),
    "rounds.RoundUnit": ("考核轮次", "rounds"),
    "standards.StandardVersion": ("考核标准", "standards"),
}
_OTHER = ("其他记录", "other records")
_SAID_ALREADY = {("organisation.Unit", "authority")}
"""References of which another of the same record speaks: whoever has an authority stands below it."""


def blockers(
    model: type[Model], pks: Collection[int], own: Mapping[str, Collection[int]], parts: Collection[str]
) -> Iterator[tuple[int, tuple[str, str], int]]:
    """Yield which of these records are referred to, by what (Chinese, English), how often.

    own: records that will no longer refer to them, by model; parts: models whose records go along. A reference that a
    later version of the system adds is found by itself.
    """
    for other, label, name in _references(model):
        if label in parts or (label, name) in _SAID_ALREADY:
            continue
        found = other._default_manager.filter(**{f"{name}__in": pks}).order_by()
        if label in own:
            counted = Counter(to for to, pk in found.values_list(name, "pk") if pk not in own[label])
        else:
            counted = Counter(dict(found.values_list(name).annotate(count=Count("pk"))))
        for pk, count in counted.items():
            yield pk, WORDS.get(label, _OTHER), count


def _references(model: type[Model]) -> Iterator[tuple[type[Model], str, str]]:
    """Yield who refers to a model: the other model, its name, its field; those without a way back too."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            other: type[Model] = relation.field.model
            yield other, other._meta.label, relation.field.name
