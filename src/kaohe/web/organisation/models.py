"""The tree of authorities and units, people, and where each of them belonged when.

A unit that judges the units below it is an authority. Codes of units and people are the authority's own: two
authorities may use the same.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from kaohe.web.organisation.pinyin import initials_of, person_initials_of, person_pinyin_of, pinyin_of


class Named(models.Model):
    """Something with a Chinese name, found by it, by its pinyin or by its initials."""

    name = models.CharField(max_length=200)
    pinyin = models.CharField(max_length=400, editable=False)
    initials = models.CharField(max_length=200, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Keep the keys of the search in step with the name."""
        self.set_keys()
        super().save(**options)

    def set_keys(self) -> None:
        """Write the keys of the search; to be called before a bulk write, which does not pass through `save`."""
        self.pinyin, self.initials = pinyin_of(self.name), initials_of(self.name)

    def __str__(self) -> str:
        return self.name


class Unit(Named):
    """A unit or an authority, in its place in the tree.

    authority: the nearest authority above, None for the topmost; path: the ids from the top down to the unit itself,
    as `/1/7/`, by which a subtree is one prefix; peer_group: the standard's group, empty for an authority.
    """

    authority = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=500, db_index=True, editable=False)
    code = models.CharField(max_length=60)
    is_authority = models.BooleanField(default=False)
    peer_group = models.CharField(max_length=60, blank=True)
    official_order = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    office = models.CharField(max_length=200, blank=True)
    officer = models.CharField(max_length=100, blank=True)
    leader = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("official_order", "code")
        constraints = [
            models.UniqueConstraint(fields=("authority", "code"), name="unit_code_once"),
            models.UniqueConstraint(fields=("code",), condition=Q(authority=None), name="top_code_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_own_parent"),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="unit_not_own_successor"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_from__lte=F("valid_to")), name="unit_valid_in_order"),
        ]  # fmt: skip


class UnitName(models.Model):
    """A name that a unit bore, and until when: a renamed unit keeps its past."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    until = models.DateField()

    class Meta:
        ordering = ("-until", "-id")


class Person(Named):
    """A civil servant, under one authority. `unit` is that of the last posting (`people.set_posting` keeps it so)."""

    authority = models.ForeignKey(Unit, models.PROTECT, related_name="people_of_authority")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people")
    code = models.CharField(max_length=60)
    post = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=("authority", "code"), name="person_code_once")]

    def set_keys(self) -> None:
        """Write the keys of the search: a surname is read as one, and as the word that it is too."""
        self.pinyin, self.initials = person_pinyin_of(self.name), person_initials_of(self.name)


class Posting(models.Model):
    """Where a person belonged, from–to, in the order in which it was recorded; `departed` is the first day away.

    joined empty: from the end of the posting before, or since ever; departed empty: still.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    joined = models.DateField(null=True, blank=True)
    departed = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("person",), condition=Q(departed=None), name="one_present_posting"),
            models.CheckConstraint(condition=Q(joined=None) | Q(departed=None) | Q(joined__lte=F("departed")), name="posting_in_order"),
        ]  # fmt: skip
