"""What the security administrator types."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet

from kaohe.web.accounts.adapter import words
from kaohe.web.accounts.models import User
from kaohe.web.accounts.procedure import Post
from kaohe.web.accounts.roles import ROLES_OF_DUTY, TITLES, Role
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Person, Unit

NOT_A_DAY = {
    "required": words("填写日期。", "Enter a day."),
    "invalid": words("写成 2010-05-18 这样的日期。", "Write the day as 2010-05-18."),
}


ALL_ROLES = frozenset(map(str, Role))


class PostForm(forms.Form):
    """A role at a unit from–to. The unit is chosen from a list, or named so that only one can be meant."""

    role = forms.CharField(error_messages={"required": words("选一个角色。", "Choose a role.")})
    unit = forms.CharField(required=False)
    unit_words = forms.CharField(required=False, max_length=60)
    since = forms.DateField(input_formats=["%Y-%m-%d"], error_messages=NOT_A_DAY)
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages=NOT_A_DAY)

    def __init__(self, units: QuerySet[Unit], roles: frozenset[str], *args: Any, **kwargs: Any) -> None:
        self.units, self.roles = units, roles
        super().__init__(*args, **kwargs)

    def clean_role(self) -> str:
        """Accept a role that may be given here."""
        role: str = self.cleaned_data["role"]
        if role not in self.roles:
            raise ValidationError(
                say(
                    "这个账号不能担任这个角色：三员只担任自己的管理员角色，业务账号不兼任三员。",
                    "This account cannot hold this role: administrators hold their own role only, and others none of theirs.",
                )
            )
        return role

    def clean(self) -> dict[str, Any]:
        """Settle the unit."""
        cleaned = super().clean() or {}
        chosen, typed = cleaned.get("unit", ""), cleaned.get("unit_words", "").strip()
        if chosen:
            meant = (
                self.units.filter(pk=chosen)
                if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10
                else self.units.none()
            )
        else:
            meant = self.units.filter(Q(code=typed) | Q(name=typed)) if typed else self.units.none()
        found = list(meant[:2])
        if len(found) == 1:
            cleaned["unit"] = found[0]
        else:
            self.add_error("unit", say("从列表里选一个单位。", "Choose a unit from the list."))
        return cleaned

    def post(self) -> Post:
        """Return what was typed."""
        typed = self.cleaned_data
        return Post(typed["role"], typed["unit"], typed["since"], typed.get("until"))


class PersonForm(forms.Form):
    """Name and telephone."""

    name = forms.CharField(max_length=100, error_messages={"required": words("填写姓名。", "Enter the name.")})
    phone = forms.CharField(max_length=100, required=False)


class NewAccountForm(PersonForm, PostForm):
    """An account with its first role."""

    username = forms.CharField(
        max_length=60,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9][A-Za-z0-9._-]+\Z",
                words(
                    "用户名用字母、数字、点、横线，至少两位，例如工作证号。",
                    "Letters, digits, dots and dashes, at least two, such as a badge number.",
                ),
            )
        ],
        error_messages={"required": words("填写用户名。", "Enter a user name.")},
    )
    person_code = forms.CharField(max_length=60, required=False)

    def clean_username(self) -> str:
        """Ask for a name that nobody has; case does not count."""
        username: str = self.cleaned_data["username"].lower()
        if User.objects.filter(username=username).exists():
            raise ValidationError(say(f"用户名 {username} 已经有人用，换一个。", f"The user name {username} is taken."))
        return username

    def clean(self) -> dict[str, Any]:
        """Find the civil servant whose account it is."""
        cleaned = super().clean()
        code, unit, role = cleaned.get("person_code", ""), cleaned.get("unit"), cleaned.get("role")
        cleaned["person"] = None
        if role == Role.CIVIL_SERVANT and isinstance(unit, Unit):
            cleaned["person"] = self._person(code, unit)
        elif code and role:
            self.add_error(
                "person_code", say("只有公务员账号填人员编号。", "Only a civil servant's account has a person's code.")
            )
        return cleaned

    def account(self) -> dict[str, Any]:
        """Return what was typed, as the procedure takes it."""
        typed = self.cleaned_data
        return {name: typed[name] for name in ("username", "name", "phone", "person")} | {"post": self.post()}

    def _person(self, code: str, unit: Unit) -> Person | None:
        authority = unit.pk if unit.is_authority else unit.authority_id
        person = Person.objects.filter(code=code, authority=authority).first() if code else None
        if code and person is None:
            self.add_error("person_code", say(f"没有编号为 {code} 的人员。", f"There is nobody with the code {code}."))
        elif person and User.objects.filter(person=person, is_active=True).exists():
            self.add_error("person_code", say("这个人已经有账号。", "This person has an account already."))
        return person


class LastDayForm(forms.Form):
    """The last day of a role."""

    until = forms.DateField(input_formats=["%Y-%m-%d"], error_messages=NOT_A_DAY)


def errors_of(form: forms.Form) -> dict[str, str]:
    """Return the first fault of each field, for the templates."""
    return {name: str(found[0]) for name, found in form.errors.items()}


def role_groups(roles: frozenset[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the roles as a picker groups them: the work itself, and the three administrators."""
    groups = (
        (say("业务角色", "The work itself"), ROLES_OF_DUTY[""]),
        (say("三员（只担任这一个角色，不评分）", "Administrators (this role only; never scores)"), frozenset(Role) - ROLES_OF_DUTY[""]),
    )  # fmt: skip
    shown = [
        (label, [(role, say(*TITLES[role])) for role in Role.values if role in group & roles])
        for label, group in groups
    ]
    return [(label, options) for label, options in shown if options]
