"""How much does a page cost over a bare one? Each page of the web against its twin, at 50 connections.

Same server (granian, as `kaohe serve` runs it), same database (the demonstration: 46 units, 6,000 people), both in
this run, in turns. The twin is one plain Django view with one query and the same kind of content behind Django's own
middleware (`twin_urls.py`). Limits: at least half the twin's throughput, at most twice its median latency.
"""

import asyncio
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measuring import DATA

CONNECTIONS, SECONDS, ROUNDS = 50, 3.0, 3
HOME = DATA / "web"
PAGES = (
    ("units", "office", "organisation/units/", "units"),
    ("unit", "office", "organisation/units/{unit}/", "people"),
    ("unit-edit", "office", "organisation/units/{unit}/edit/", "form"),
    ("people", "office", "organisation/people/", "people"),
    ("person", "office", "organisation/people/{person}/", "text"),
    ("standards", "office", "standards/", "text"),
    ("standard", "officer", "standards/{standard}/", "text"),
    ("rounds", "office", "rounds/", "text"),
    ("round", "office", "rounds/{round}/", "units"),
    ("city", "office", "rounds/{round}/city/", "units"),
    ("standing", "officer", "rounds/{round}/units/{own}/", "people"),
    ("lacking", "officer", "rounds/{round}/units/{own}/lacking/B4/", "people"),
    ("handbook", "civil_servant", "rounds/{round}/people/{servant}/", "people"),
    ("home-unit", "officer", "", "text"),
    ("home-own", "civil_servant", "", "text"),
    ("outbox", "officer", "post/", "text"),
    ("notices", "officer", "notices/", "text"),
    ("imports", "office", "imports/", "units"),
    ("import-new", "office", "imports/new/", "form"),
    ("home", "office", "", "text"),
    ("help", "office", "help/", "text"),
    ("account", "office", "account/", "text"),
    ("accounts", "security", "accounts/", "units"),
    ("journal", "auditor", "journal/", "entries"),
    ("security-log", "auditor", "journal/security/", "entries"),
    ("jobs", "system", "jobs/", "units"),
    ("sign-in", "", "sign-in/", "public"),
)


class Jar:
    """Where a connection's answers are counted."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.wrong: set[bytes] = set()


async def ask(port: int, path: str, cookie: str, until: float, jar: Jar) -> None:
    """Ask for a page again and again over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n".encode()
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length:
            await reader.readexactly(int(length[1]))
        else:
            while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        jar.times.append(time.perf_counter() - begun)
        if not head.startswith(b"HTTP/1.1 200"):
            jar.wrong.add(head.partition(b"\r\n")[0] + (re.search(rb"location: (.*)", head) or [b""])[0])
    writer.close()


async def load(port: int, path: str, cookie: str) -> tuple[float, float]:
    """Load a page from all connections; return answers a second and the median latency in seconds."""
    jar, begun = Jar(), time.perf_counter()
    await asyncio.gather(*(ask(port, path, cookie, begun + SECONDS, jar) for _ in range(CONNECTIONS)))
    if jar.wrong:
        raise RuntimeError(f"{path}: {sorted(jar.wrong)}")
    return len(jar.times) / (time.perf_counter() - begun), statistics.median(jar.times)


SERVER = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
from granian.constants import Interfaces
from granian.server import Server
from kaohe.web.config.serving import SQLITE_THREADS
if __name__ == "__main__":
    Server(sys.argv[1], "127.0.0.1", int(sys.argv[2]), interface=Interfaces.WSGI, workers=1,
           blocking_threads=SQLITE_THREADS, websockets=False, log_enabled=False).serve()
"""


def environment() -> dict[str, str]:
    """Return the environment of the demonstration in the bench's own folder."""
    here = str(Path(__file__).parent)
    return os.environ | {
        "KAOHE_HOME": str(HOME), "KAOHE_DEMO": "true", "KAOHE_TITLE": "本溪市行政机关公务员基本功训练考核",
        "PYTHONPATH": here,
    }  # fmt: skip


PREPARE = """
import json, django
django.setup()
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, BACKEND_SESSION_KEY
from django.conf import settings
from django.test import Client
from django.utils import timezone
from kaohe.web.config import demo, deployment
from kaohe.web.config.configuration import current
deployment.migrate(); deployment.collect_static(current())
if not demo.is_loaded():
    demo.load(timezone.now())
from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person, Unit
cookies = {}
for user in User.objects.all():
    client = Client(); client.force_login(user); client.get("/", headers={"host": "127.0.0.1"})
    cookies[user.username] = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
unit = Unit.objects.filter(is_authority=False).order_by("official_order")[8]
from kaohe.web.rounds.models import Round
a_round, own = Round.objects.get(), User.objects.get(username="officer").memberships.get().unit
print(json.dumps({
    "cookies": cookies, "unit": unit.pk, "person": Person.objects.filter(unit=unit).first().pk, "round": a_round.pk,
    "standard": a_round.standard_id, "own": own.pk, "servant": User.objects.get(username="civil_servant").person_id,
}))
"""


def prepared() -> dict[str, object]:
    """Load the demonstration, and sign everybody in."""
    import json

    from kaohe.web.config.deployment import make_secret

    make_secret(HOME)
    settings = environment() | {"DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings"}
    done = subprocess.run([sys.executable, "-c", PREPARE], env=settings, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(application: str, port: int) -> Iterator[None]:
    """Run a server, and wait until it answers."""
    script = HOME / "serve.py"
    script.write_text(SERVER, encoding="utf-8")
    server = subprocess.Popen([sys.executable, str(script), application, str(port)], env=environment())
    try:
        wait_for(port)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nobody listens on {port}")


def measure(page: tuple[str, str, str, str], facts: dict[str, object], ours: int, twins: int) -> bool:
    """Measure a page and its twin in turns; tell, and return whether both limits are kept."""
    name, role, path, twin = page
    cookie = facts["cookies"].get(role, "")  # type: ignore[attr-defined]
    address = path.format_map(facts)
    pairs = [
        (asyncio.run(load(ours, address, cookie)), asyncio.run(load(twins, f"twin/{twin}/", cookie)))
        for _ in range(ROUNDS)
    ]
    rate, rate_twin = (statistics.median(pair[i][0] for pair in pairs) for i in (0, 1))
    late, late_twin = (statistics.median(pair[i][1] for pair in pairs) for i in (0, 1))
    kept = rate / rate_twin >= 0.5 and late / late_twin <= 2
    print(
        f"{name:<14} {rate:6.0f}/s, twin {rate_twin:6.0f}/s: {rate / rate_twin:.2f} (at least 0.5)   "
        f"{late * 1000:6.1f} ms, twin {late_twin * 1000:6.1f} ms: {late / late_twin:.2f} (at most 2){'' if kept else '  MISSED'}"
    )
    return kept


def main() -> int:
    facts = prepared()
    wanted = sys.argv[1:]
    pages = [page for page in PAGES if not wanted or page[0] in wanted]
    ours, twins = free_port(), free_port()
    with started("kaohe.web.config.wsgi:application", ours), started("twin_wsgi:application", twins):
        missed = [page[0] for page in pages if not measure(page, facts, ours, twins)]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
