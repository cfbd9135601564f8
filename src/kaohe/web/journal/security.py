"""The security log: who came in, who was turned away, and from where. Beside the journal, kept at least 180 days.

A detail is `name=value` pairs, so that it can be told in either language. What somebody typed as a user name is kept
only if there is such an account: many a password has been typed into the wrong box.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from kaohe.web.journal.models import SecurityEvent
from kaohe.web.lang.choice import say

if TYPE_CHECKING:
    from kaohe.web.accounts.models import User

KEPT = timedelta(days=180)
COUNTED = timedelta(hours=1)
NOWHERE = "0.0.0.0"  # noqa: S104 - not an address to listen at: a request of which none is known

KINDS: dict[str, tuple[str, str]] = {
    "sign-in": ("登录", "signed in"),
    "sign-in:failed": ("登录失败", "sign-in failed"),
    "sign-in:throttled": ("登录过于频繁，已限制", "sign-in throttled"),
    "sign-out": ("退出", "signed out"),
    "session:expired": ("会话到时结束", "session ran out"),
    "session:ended": ("结束其他会话", "ended other sessions"),
    "confirm:failed": ("确认密码失败", "password confirmation failed"),
    "password:changed": ("修改密码", "changed password"),
    "link:used": ("用一次性链接设置密码", "set password by one-time link"),
    "second-factor:failed": ("动态码不对", "wrong one-time code"),
    "second-factor:throttled": ("动态码尝试过于频繁，已限制", "one-time codes throttled"),
    "second-factor:set-up": ("设置动态码", "set up second factor"),
    "second-factor:removed": ("停用动态码", "removed second factor"),
    "recovery-code:used": ("用恢复码登录", "used a recovery code"),
    "recovery-codes:made": ("生成恢复码", "made recovery codes"),
    "denied": ("拒绝访问", "denied"),
}
REASONS: dict[str, tuple[str, str]] = {
    "password": ("密码不对", "wrong password"),
    "unknown": ("没有这个用户名", "no such user name"),
    "closed": ("账号已关闭", "account closed"),
    "idle": ("长时间没有操作", "idle"),
    "hours": ("达到最长时限", "longest time reached"),
    "clock": ("服务器的时钟拨回过", "the server's clock was set back"),
}


def address_of(request: HttpRequest) -> str:
    """Return the client's address: a forwarded one is believed of a declared proxy only, and of it the last hop."""
    near = _address(request.META.get("REMOTE_ADDR", "")) or NOWHERE
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not forwarded or near not in {_address(proxy) for proxy in settings.CONFIGURATION.proxies}:
        return near
    return _address(forwarded.rsplit(",", 1)[-1]) or near


def _address(text: str) -> str:
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def note(
    kind: str, source: HttpRequest | str, *, username: str = "", user: "User | None" = None, detail: str = "", at: datetime
) -> None:  # fmt: skip
    """Write one event; `source` is the request, or an address. `user` settles the user name."""
    SecurityEvent.objects.create(
        time=at, kind=kind, username=user.username if user else username[:60], user=user,
        address=source if isinstance(source, str) else address_of(source), detail=detail[:300],
    )  # fmt: skip


def count(
    kind: str, source: HttpRequest | str, *, username: str = "", user: "User | None" = None, at: datetime
) -> None:
    """Write one event, or count it in the row of the same account and address within the hour."""
    address = source if isinstance(source, str) else address_of(source)
    username = user.username if user else username[:60]
    same = SecurityEvent.objects.filter(kind=kind, username=username, address=address, time__gt=at - COUNTED)
    with transaction.atomic():  # whoever tries in parallel is counted too
        row = same.select_for_update().only("detail").first()
        if row is None:
            note(kind, address, username=username, user=user, detail="count=1", at=at)
        else:
            times = int(_pairs(row.detail).get("count", "1")) + 1
            SecurityEvent.objects.filter(pk=row.pk).update(detail=f"count={times} last={at:%Y-%m-%dT%H:%M:%S%z}")


def purge(now: datetime) -> int:
    """Delete the events that are older than 180 days, and never a younger one; return how many."""
    return SecurityEvent.objects.filter(time__lt=now - KEPT).delete()[0]


def title(kind: str) -> str:
    """Return what happened, in the language that is being spoken."""
    return say(*KINDS.get(kind, (kind, kind)))


def is_bad(kind: str) -> bool:
    """Whether an event is a failure, or holds somebody back."""
    return kind.endswith((":failed", ":throttled")) or kind == "denied"


def told(detail: str) -> str:
    """Return a detail in the language that is being spoken."""
    pairs, words = _pairs(detail), []
    if reason := pairs.get("reason"):
        words.append(say(*REASONS.get(reason, (reason, reason))))
    if (times := pairs.get("count")) and times != "1":
        words.append(say(f"共 {times} 次", f"{times} in all"))
    if last := pairs.get("last"):
        moment = timezone.localtime(datetime.fromisoformat(last)).strftime("%H:%M")
        words.append(say(f"最近 {moment}", f"last {moment}"))
    return say("，", ", ").join(words)


def _pairs(detail: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in detail.split() if "=" in part)
