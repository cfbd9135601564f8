"""The demonstration as somebody gets it who types `kaohe demo`: the real server, 46 units and 6,000 people."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "kaohe-demo-2010"
START_SECONDS = 300


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(home: Path, port: int, settings: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a demonstration in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KAOHE_", "DJANGO_"))}
    environment |= settings or {}
    return subprocess.Popen(
        [sys.executable, "-m", "kaohe.cli.main", "demo", "--home", str(home), "--port", str(port), "--lang", "zh"],
        env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until the server answers; RuntimeError where it ended or took too long."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(START_SECONDS * 5):
        if process.poll() is not None:
            raise RuntimeError(f"the demonstration ended with {process.returncode}")
        try:
            opener.open(address + "health/", timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)  # between two questions to another process, which tells nobody when it listens
    raise RuntimeError("the demonstration does not answer")


def shared_by(base: Path) -> Path:
    """Return the folder into which the demonstration is loaded once, whichever process of the tests asks."""
    return (base.parent if base.name.startswith("popen-") else base) / "demonstration-shared"


@contextmanager
def demonstration(shared: Path, own: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve the demonstration; it is loaded once into `shared`, whoever comes first, and copied for each server.

    settings: further ones, as environment variables.
    """
    _load_once(shared)
    home = own / "home"
    shutil.copytree(shared / "home", home)
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    process = command(home, port, settings)
    try:
        wait_until_up(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _load_once(shared: Path) -> None:
    done = shared / "loaded"
    try:
        (shared / "loading").mkdir(parents=True)
    except FileExistsError:
        while not done.exists():
            time.sleep(0.2)  # another process of the tests is loading it
        return
    port = free_port()
    process = command(shared / "home", port)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/", process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    done.touch()
