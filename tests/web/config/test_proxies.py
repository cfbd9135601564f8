"""What a proxy says is believed of a declared proxy only."""

import dataclasses
from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kaohe.web.config.proxies import ProxiesMiddleware

SAID = {
    "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "1.2.3.4", "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "1", "HTTP_FORWARDED": "for=1.2.3.4", "HTTP_X_REAL_IP": "1.2.3.4",
}  # fmt: skip
Seen = Callable[[str, tuple[str, ...]], set[str]]


@pytest.fixture
def seen(settings: object) -> Seen:
    """What the next in line sees of what was said, of a peer where some proxies are declared."""

    def of(peer: str, proxies: tuple[str, ...]) -> set[str]:
        settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, proxies=proxies)  # type: ignore[attr-defined]
        found: set[str] = set()

        def answer(request: HttpRequest) -> HttpResponse:
            found.update(set(request.META) & set(SAID))
            assert request.META["HTTP_USER_AGENT"] == "kept"
            return HttpResponse()

        request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_USER_AGENT="kept", **SAID)
        ProxiesMiddleware(answer)(request)
        return found

    return of


@pytest.mark.parametrize("peer", ["10.0.0.9", "127.0.0.1", "", "unix:", "10.0.0.11", "::1"])
def test_whoever_was_not_declared_says_nothing(seen: Seen, peer: str) -> None:
    assert seen(peer, ("10.0.0.1",)) == set()
    assert seen(peer, ()) == set()


@pytest.mark.parametrize(
    ("peer", "proxy"), [("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("::1", "0:0:0:0:0:0:0:1"), ("fe80::1%eth0", "fe80::1")]
)  # fmt: skip
def test_a_declared_proxy_is_heard(seen: Seen, peer: str, proxy: str) -> None:
    assert seen(peer, (proxy,)) == set(SAID)


def test_it_stands_before_whatever_reads_what_proxies_say() -> None:
    assert settings.MIDDLEWARE[0] == "kaohe.web.config.proxies.ProxiesMiddleware"
