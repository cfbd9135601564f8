"""What a reverse proxy says of a request is believed of a declared proxy only; of anybody else it is taken away.

To stand first in MIDDLEWARE: whoever reads `X-Forwarded-Proto` or `X-Forwarded-For` later reads a proxy's word, or none.
"""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SAID_BY_PROXIES = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_", "HTTP_X_REAL_IP")


class ProxiesMiddleware:
    """Removes what only a declared proxy may say."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer
        self._declared = frozenset(map(_plain, settings.CONFIGURATION.proxies))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if _plain(request.META.get("REMOTE_ADDR", "")) not in self._declared:
            for name in [name for name in request.META if name.startswith(SAID_BY_PROXIES)]:
                del request.META[name]
        return self._answer(request)


def _plain(text: str) -> str:
    """Return an address in its one spelling; nothing for what is no address."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
