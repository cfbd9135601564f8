"""The sheet on which a one-time link is handed over: to print, or to be scanned from the screen."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from kaohe.web.accounts.links import VALID
from kaohe.web.accounts.models import User
from kaohe.web.accounts.qr import qr


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the sheet."""

    pk: int
    name: str
    username: str
    address: str
    picture: SafeString
    until: datetime
    first: bool


def sheet_of(user: User, token: str, request: HttpRequest, now: datetime) -> Sheet:
    """Return the sheet of a link that was just made."""
    address = f"{request.scheme}://{host_for_others(request)}{reverse('link', args=[token])}"
    return Sheet(user.pk, user.name, user.username, address, qr(address), now + VALID, not user.has_usable_password())


def host_for_others(request: HttpRequest) -> str:
    """Return where others reach the system: who makes a link at the server itself would print its loopback address."""
    here = request.get_host()
    name, port = urlsplit(f"//{here}").hostname or "", urlsplit(f"//{here}").port
    others = [host for host in settings.CONFIGURATION.hosts if not _is_loopback(host.strip("[]"))]
    if not _is_loopback(name) or not others:
        return here
    return f"{others[0]}:{port}" if port else others[0]


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
