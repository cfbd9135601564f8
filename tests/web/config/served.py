"""`kaohe serve` as a process of its own, its children by their numbers, and a browser's requests to it."""

import http.client
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.e2e.demonstration import free_port
from tests.web.config.places import PROGRAM, Deployment

PATIENCE = 120


def until(true: Callable[[], object]) -> None:
    """Look again and again until something is so."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "it never came to be"
        time.sleep(0.05)


def is_there(pid: int) -> bool:
    """Whether a process runs (one that ended and was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except FileNotFoundError:
        return False


class Served:
    """A running server."""

    def __init__(self, place: Deployment, *arguments: str) -> None:
        self.place, self.port = place, free_port()
        self.process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(self.port), "--lang", "en", *arguments],
            env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def request(self, path: str, *, plain: bool = False, **headers: str) -> http.client.HTTPResponse:
        """Ask for a page, by the address 127.0.0.1; https where there is a certificate, trusting its authority alone."""
        authority = self.place.home / "keys" / "ca.crt"
        link: http.client.HTTPConnection
        if plain or not authority.exists():
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        else:
            context = ssl.create_default_context(cafile=str(authority))
            link = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=context)
        with closing(link):
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            answer.body = answer.read().decode(errors="replace")  # type: ignore[attr-defined]
            return answer

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.stdout and self.process.stdout.read()
        try:
            return self.request("/health/").status in (200, 301)
        except (OSError, http.client.HTTPException):
            return False

    def children(self) -> dict[str, int]:
        """The worker and the web process by their numbers, as far as they run."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with_parent = _command(folder)
                if with_parent is not None and with_parent[0] == self.process.pid and is_there(int(folder.name)):
                    name = (
                        "worker"
                        if "kaohe.web.jobs" in with_parent[1]
                        else "tracker"
                        if "tracker import" in with_parent[1]
                        else "web"
                    )
                    found[name] = int(folder.name)
        return found

    def whole(self) -> dict[str, int]:
        """Wait until web and worker run and answer, and return their numbers."""
        until(lambda: {"worker", "web"} <= set(self.children()))
        until(self.answers)
        return self.children()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def _command(folder: Path) -> tuple[int, str] | None:
    try:
        parent = int((folder / "stat").read_text("ascii", "replace").rpartition(") ")[2].split()[1])
        return parent, (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (OSError, ValueError):
        return None


@contextmanager
def served(place: Deployment, *arguments: str) -> Iterator[Served]:
    """Serve, and leave no process behind."""
    running = Served(place, *arguments)
    children: dict[str, int] = {}
    try:
        children = running.whole()
        yield running
    finally:
        children |= running.children()
        if running.process.poll() is None:
            running.process.terminate()
            try:
                running.process.wait(60)
            except subprocess.TimeoutExpired:
                running.process.kill()
        running.process.wait()
        if running.process.stdout is not None:
            running.process.stdout.close()
        for pid in children.values():
            if is_there(pid) and str(place.home) in _environment(pid):
                os.kill(pid, signal.SIGKILL)


def _environment(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
