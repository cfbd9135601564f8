"""Accounts, their roles at units from–to, and one-time links."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kaohe.web.accounts.roles import ROLES_OF_DUTY, Duty, Role
from kaohe.web.organisation.models import Person, Unit


class Users(BaseUserManager["User"]):
    """Makes accounts; without a password nobody can sign in until a one-time link was used."""

    def create_user(self, username: str, password: str | None = None, **values: Any) -> "User":
        """Create an account; `username` is compared without regard to case."""
        user = self.model(username=self.model.normalize_username(username).lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find an account by its user name."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """An account. `duty` never changes: an administrator's account is an administrator's only.

    person: the civil servant whose account it is; language, theme, type_size: how pages are shown.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    duty = models.CharField(max_length=10, choices=Duty.choices, default=Duty.WORK, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="accounts")
    phone = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, choices=(("zh", "中文"), ("en", "English")), blank=True)
    theme = models.CharField(max_length=5, choices=(("light", "light"), ("dark", "dark")), blank=True)
    type_size = models.CharField(max_length=5, choices=(("large", "large"),), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = Users()

    class Meta:
        ordering = ("username",)
        constraints = [models.CheckConstraint(condition=Q(duty__in=list(Duty.values)), name="duty_known")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role at a unit, from–to: `until` is the last day. The account's duty is copied here and held to the role."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    duty = models.CharField(max_length=10, choices=Duty.choices, default=Duty.WORK, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(since__lte=F("until")), name="membership_in_order"),
            models.CheckConstraint(
                condition=Q(duty=Duty.WORK, role__in=sorted(ROLES_OF_DUTY[Duty.WORK]))
                | Q(duty=Duty.SYSTEM, role=Role.SYSTEM)
                | Q(duty=Duty.SECURITY, role=Role.SECURITY)
                | Q(duty=Duty.AUDIT, role=Role.AUDITOR),
                name="administrators_apart",
            ),
            models.UniqueConstraint(fields=("user", "role", "unit"), condition=Q(until=None), name="membership_once"),
        ]  # fmt: skip

    @staticmethod
    def on(day: date) -> Q:
        """Return the condition that a membership holds on a day."""
        return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


class OneTimeLink(models.Model):
    """A link by which a password is set once: an invitation, or a forgotten password. Only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
