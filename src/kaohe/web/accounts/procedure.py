"""What the security administrator does to accounts: each one transaction, with its entry in the journal."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError
from django.db.models import F, Q
from django.utils.timezone import localdate

from kaohe.web.accounts.links import end_links, link_for
from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.roles import ROLES_OF_DUTY, Duty, Role
from kaohe.web.accounts.sessions import end_sessions
from kaohe.web.journal.append import Change, change
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Person, Unit


class Refused(Exception):
    """Raised where a rule forbids it; nothing was changed. It says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return say(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Post:
    """A role at a unit from–to; `until` is the last day."""

    role: str
    unit: Unit
    since: date
    until: date | None = None


def duty_of(role: str) -> Duty:
    """Return the duty of an account that holds a role."""
    return next(Duty(duty) for duty, roles in ROLES_OF_DUTY.items() if role in roles)


def create_account(
    username: str, name: str, post: Post, *, phone: str = "", person: Person | None = None, actor: str, now: datetime
) -> User:
    """Open an account with its first role; nobody can sign in to it before a one-time link was used."""
    with change(actor, now) as log:
        try:
            user = User.objects.create_user(username, name=name, phone=phone, person=person, duty=duty_of(post.role))
        except IntegrityError:
            raise Refused(f"用户名 {username} 已经有人用。", f"The user name {username} is taken.") from None
        log.says("account:create", f"account {user.pk}", {
            "username": user.username, "duty": user.duty, "name": log.sealed(name), "phone": log.sealed(phone),
            "person": person.pk if person else None,
        })  # fmt: skip
        _begin(log, user, post)
    return user


def create_administrator(username: str, name: str, duty: Duty, unit: Unit, actor: str, now: datetime) -> User:
    """Open an administrator's account with the one role of its duty, from today on."""
    (role,) = ROLES_OF_DUTY[duty]
    return create_account(username, name, Post(role, unit, localdate(now)), actor=actor, now=now)


def edit_account(user: User, version: int, *, name: str, phone: str, actor: str, now: datetime) -> bool:
    """Correct name and telephone; False, and nothing changed, where somebody else did so since `version`."""
    with change(actor, now) as log:
        kept = User.objects.filter(pk=user.pk, version=version)
        if not kept.update(name=name, phone=phone, version=version + 1):
            return False
        log.says("account:edit", f"account {user.pk}", {"name": log.sealed(name), "phone": log.sealed(phone)})
    return True


def close_account(user: User, *, actor: str, now: datetime) -> None:
    """Close an account: its sessions and links end, for good; it stays as the author of what it did."""
    with change(actor, now) as log:
        _keep_one_security_administrator(Q(user=user), localdate(now))
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, version=F("version") + 1):
            end_sessions(user)
            end_links(user, now)
            log.says("account:close", f"account {user.pk}", {"username": user.username})


def reopen_account(user: User, *, actor: str, now: datetime) -> None:
    """Open an account again that was closed."""
    with change(actor, now) as log:
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, version=F("version") + 1):
            log.says("account:reopen", f"account {user.pk}", {"username": user.username})


def begin_membership(user: User, post: Post, *, actor: str, now: datetime) -> Membership:
    """Give an account a role at a unit."""
    with change(actor, now) as log:
        return _begin(log, user, post)


def _begin(log: Change, user: User, post: Post) -> Membership:
    if post.role not in ROLES_OF_DUTY[Duty(user.duty)]:
        raise Refused(
            "三员账号只担任自己的管理员角色，不能评分；业务账号不能兼任三员。请另开一个账号。",
            "An administrator's account holds its own role only and never scores; no other account may hold it. Open another account.",
        )
    if post.until and post.until < post.since:
        raise Refused("最后一天不能早于开始日。", "The last day cannot be before the first.")
    same = Membership.objects.filter(user=user, role=post.role, unit=post.unit)
    if same.filter(until=None).exists() or same.filter(until__gte=post.since).exists():
        raise Refused("这个账号在该单位已经是这个角色。", "The account holds this role at this unit already.")
    try:
        made = Membership.objects.create(
            user=user, duty=user.duty, role=post.role, unit=post.unit, since=post.since, until=post.until
        )
    except IntegrityError:
        raise Refused("这个账号在该单位已经是这个角色。", "The account holds this role at this unit already.") from None
    log.says("membership:begin", f"membership {made.pk}", {
        "account": user.pk, "role": post.role, "unit": post.unit.pk, "since": post.since.isoformat(),
        "until": post.until.isoformat() if post.until else None,
    })  # fmt: skip
    return made


def end_membership(membership: Membership, until: date, *, actor: str, now: datetime) -> None:
    """Say the last day of a role; one that is over stays as it is, and is given anew where it is wanted again."""
    if until < membership.since:
        raise Refused(
            f"最后一天不能早于开始日 {membership.since:%Y-%m-%d}。",
            f"The last day cannot be before the first, {membership.since:%Y-%m-%d}.",
        )
    with change(actor, now) as log:
        if membership.role == Role.SECURITY:
            _keep_one_security_administrator(Q(pk=membership.pk), until)
        held = Membership.objects.select_for_update().get(pk=membership.pk)
        if held.until and held.until < localdate(now):
            raise Refused(
                f"这个角色 {held.until:%Y-%m-%d} 已经结束。还要用，就再增加一次。",
                f"The role was over on {held.until:%Y-%m-%d}. Give it anew where it is wanted again.",
            )
        if held.until != until:
            Membership.objects.filter(pk=held.pk).update(until=until)
            log.says("membership:end", f"membership {held.pk}", {
                "account": held.user_id, "role": held.role, "until": until.isoformat()
            })  # fmt: skip


def _keep_one_security_administrator(leaving: Q, day: date) -> None:
    """Refuse where nobody could open an account after `day`: who never set a password cannot."""
    # locked first and asked afterwards: whoever waited for the rows would see the accounts as they were before
    list(Membership.objects.filter(role=Role.SECURITY).order_by("pk").select_for_update())
    held = Membership.objects.select_related("user")
    held = held.filter(Q(until=None) | Q(until__gt=day), role=Role.SECURITY, user__is_active=True, since__lte=day)
    staying = [row.user for row in held.exclude(leaving)]
    if held.filter(leaving) and not any(user.has_usable_password() for user in staying):
        raise Refused(
            "这是最后一个能登录的安全管理员。先让另一个安全管理员设好密码，再办这一项。",
            "This is the last security administrator who can sign in. Have another one set a password first.",
        )


def reset_second_factor(user: User, *, actor: str, now: datetime) -> None:
    """Remove the second factor of somebody who lost it, and end the sessions; one's own is changed under one's account."""
    if user.username == actor:
        raise Refused("自己的动态码在“我的账号”里改。", "Change your own second factor under your account.")
    with change(actor, now) as log:
        if Authenticator.objects.filter(user=user).delete()[0]:
            end_sessions(user)
            log.says("second_factor:reset", f"account {user.pk}", {"username": user.username})


def invite(user: User, made_by: User | None, now: datetime) -> str:
    """Make a one-time link, end the earlier ones, and return its token, which is kept nowhere."""
    if made_by is not None and made_by.pk == user.pk:
        raise Refused("自己的密码在“我的账号”里改。", "Change your own password under your account.")
    if not user.is_active:
        raise Refused("账号已关闭，先重新开放。", "The account is closed: open it again first.")
    with change(made_by.username if made_by else "system", now) as log:
        token, link = link_for(user, made_by, now)
        log.says(
            "link:make", f"link {link.pk}", {"account": user.pk, "expires": f"{link.expires_at:%Y-%m-%dT%H:%M:%SZ}"}
        )
    return token
