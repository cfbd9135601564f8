"""A small city for tests: two authorities, units, people, an account for every role."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator

from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.roles import ROLES_OF_DUTY, SECOND_FACTOR, Duty, Role
from kaohe.web.accounts.second_factor import sealed
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.organisation.tree import place

START = date(2010, 1, 1)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The secret of every second factor."""


@dataclass(frozen=True)
class City:
    """The units by code, the people by code."""

    units: dict[str, Unit]
    people: dict[str, Person]


def unit(code: str, parent: Unit | None, **values: object) -> Unit:
    """Make a unit below another."""
    values = {"name": f"{code}局", "peer_group": "department"} | values
    made = Unit(code=code, **values)
    place(made, parent)
    return made


def person(code: str, at: Unit, name: str = "张三") -> Person:
    """Make a person who belongs to a unit."""
    authority = at if at.is_authority else at.authority
    made = Person.objects.create(code=code, name=name, authority=authority, unit=at)
    Posting.objects.create(person=made, unit=at)
    return made


def account(username: str, role: Role, at: Unit, **values: object) -> User:
    """Make an account with one role at a unit, past its second factor where the role needs one."""
    duty = next(duty for duty, roles in ROLES_OF_DUTY.items() if role in roles)
    user = User.objects.create_user(username, None, name=f"{username}先生", duty=Duty(duty), **values)
    Membership.objects.create(user=user, duty=duty, role=role, unit=at, since=START)
    if role in SECOND_FACTOR:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": sealed(SECRET)})
    return user


def city_with_accounts() -> City:
    """Make the city (市公训办 → a county authority with two units, three departments) and another, foreign city."""
    top = unit("0001", None, name="市公训办", is_authority=True, peer_group="")
    county = unit("X01", top, name="本溪县", peer_group="county", is_authority=True, official_order=1)
    units = {
        "0001": top, "X01": county,
        "X01-1": unit("X01-1", county, name="小市镇", official_order=2),
        "X01-2": unit("X01-2", county, name="草河口镇", official_order=3),
        "D01": unit("D01", top, name="市财政局", official_order=4),
        "D02": unit("D02", top, name="市审计局", official_order=5),
    }  # fmt: skip
    foreign = unit("9001", None, name="清河市公训办", is_authority=True, peer_group="")
    units |= {"9001": foreign, "D91": unit("D91", foreign, name="清河财政局")}
    people = {
        code: person(code, units[at], name)
        for code, at, name in (
            ("P1", "D01", "张三"),
            ("P2", "D01", "李四"),
            ("P3", "D02", "王五"),
            ("P4", "X01-1", "赵六"),
            ("P9", "D91", "钱七"),
        )
    }
    places = {
        Role.OFFICE: "0001", Role.OFFICER: "D01", Role.LEADER: "D01", Role.INSPECTOR: "0001", Role.REVIEWER: "0001",
        Role.ACADEMY: "0001", Role.CIVIL_SERVANT: "D01", Role.AUDITOR: "0001", Role.SYSTEM: "0001", Role.SECURITY: "0001",
    }  # fmt: skip
    for role, at in places.items():
        account(role.value, role, units[at], person=people["P1"] if role is Role.CIVIL_SERVANT else None)
    return City(units, people)
