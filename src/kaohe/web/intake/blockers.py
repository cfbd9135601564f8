"""What rests on records that are to go: every reference to them that the database knows, counted."""

from collections.abc import Collection, Iterator, Mapping

from django.db.models import Count, Model

WORDS: dict[str, tuple[str, str]] = {
    "organisation.Unit": ("下级或并入的单位", "units below or merged into it"),
    "organisation.Person": ("人员", "people"),
    "organisation.Posting": ("任职记录", "postings"),
    "accounts.Membership": ("账号", "accounts"),
    "accounts.User": ("账号", "accounts"),
    "intake.Import": ("导入", "imports"),
}
_OTHER = ("其他记录", "other records")


def blockers(
    model: type[Model], pks: Collection[int], own: Mapping[str, Collection[int]], parts: Collection[str]
) -> Iterator[tuple[int, tuple[str, str], int]]:
    """Yield which of these records are referred to, by what (Chinese, English), how often.

    own: records that will no longer refer to them, by model; parts: models whose records go along. A reference that a
    later version of the system adds is found by itself.
    """
    for relation in model._meta.related_objects:
        other: type[Model] = relation.field.model
        label, name = other._meta.label, relation.field.name
        if label not in parts:
            found = other._default_manager.filter(**{f"{name}__in": pks})
            counted = found.exclude(pk__in=own.get(label, ())).order_by().values_list(name).annotate(count=Count("pk"))
            for pk, count in counted:
                yield pk, WORDS.get(label, _OTHER), count
