"""Web and background work under one parent: if a child falls, it is raised again; if the parent ends, all end."""

import multiprocessing
import subprocess
import sys
import threading
import time
from pathlib import Path

from kaohe.web.config.configuration import Configuration

SQLITE_THREADS = 6
"""At least four: while one thread waits for the only writer's lock, the others must still answer."""
POSTGRESQL_WORKERS, POSTGRESQL_THREADS = 2, 4
PATIENCE = 20
"""Seconds that a child is given to end what it is doing."""


class Worker:
    """The process that does the background work, raised again when it falls: at once, then ever more slowly."""

    def __init__(self, pause: float = 1.0, longest: float = 60.0) -> None:
        self._over, self._pause, self._longest = threading.Event(), pause, longest
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        pause = self._pause
        while (process := self._raised()) is not None:
            began = time.monotonic()
            process.wait()
            pause = self._pause if time.monotonic() - began > self._longest else min(pause * 2, self._longest)
            self._over.wait(pause)

    def _raised(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._over.is_set():
                return None
            self._process = subprocess.Popen([sys.executable, "-m", "kaohe.web.jobs"], stdin=subprocess.PIPE)
            return self._process

    def __enter__(self) -> "Worker":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._over.set()
            process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(5)


def serve(configuration: Configuration, host: str, port: int) -> None:
    """Serve until interrupted: granian with blocking threads, https where a certificate is configured."""
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels
    from granian.server import Server

    # the same on every system: a fresh process, which holds neither our database connections nor the worker's pipe
    multiprocessing.set_start_method("spawn", force=True)
    on_sqlite = configuration.database == "sqlite"
    server = Server(
        "kaohe.web.config.wsgi:application", host.strip("[]"), port,
        interface=Interfaces.WSGI, workers=1 if on_sqlite else POSTGRESQL_WORKERS,
        blocking_threads=SQLITE_THREADS if on_sqlite else POSTGRESQL_THREADS, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=PATIENCE, log_level=LogLevels.error,
        ssl_cert=Path(configuration.tls_cert) if configuration.tls_cert else None,
        ssl_key=Path(configuration.tls_key) if configuration.tls_key else None,
        ssl_protocol_min=SSLProtocols.tls12,  # offices have old browsers
    )  # fmt: skip
    with Worker():
        server.serve()
