"""What a person does with hands and telephone: codes by time, forms, links."""

import hmac
import re
import struct
from base64 import b32decode

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from kaohe.web.accounts.models import User
from tests.web.city import SECRET

PASSWORD = "correct horse battery"


def code(secret: str = SECRET, later: int = 0) -> str:
    """Return the code that a telephone shows (RFC 6238, written apart from the code under test)."""
    moment = int(timezone.now().timestamp()) // 30 + later
    digest = hmac.new(b32decode(secret), struct.pack(">Q", moment), "sha1").digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def with_password(username: str, password: str = PASSWORD) -> User:
    """Give an account of the city a password."""
    user = User.objects.get(username=username)
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.save()
    return user


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    """Send the sign-in form."""
    return client.post("/sign-in/", {"login": username, "password": password} | more)  # type: ignore[return-value]


def signed_in_by_hand(username: str, **headers: str) -> Client:
    """Sign in through the forms, with the code of the telephone where the account has one."""
    user, client = with_password(username), Client(headers=headers or None)
    answer = sign_in(client, username)
    if Authenticator.objects.filter(user=user).exists():
        answer = client.post(answer.headers["Location"], {"code": code()})  # type: ignore[assignment]
    assert answer.headers["Location"] == "/"
    return client


def link_on(page: HttpResponse) -> str:
    """Return the path of the one-time link that a sheet shows."""
    found = re.search(r"<code>https?://[^/]+(/link/[^<]+/)</code>", page.content.decode())
    assert found
    return found[1]


def grow_old(client: Client, **seconds: int) -> None:
    """Make a session older: `began` or `seen` by so many seconds."""
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()
