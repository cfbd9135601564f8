"""The worker as a process of its own: `python -m kaohe.web.jobs`, started and watched by `kaohe serve`.

It ends when it is told to, and when its parent is gone: the pipe on its standard input closes then, on every system.
A job that does not come to its end in time is cut off; whoever works next takes it up at its last step.
"""

import os
import signal
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
PATIENCE = 15.0
"""Seconds for the job in hand: less than `kaohe serve` waits."""


def main() -> int:
    """Work until the parent closes the pipe, or a signal comes."""
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from kaohe.web.config.scratch import use_scratch
    from kaohe.web.jobs.worker import forever

    use_scratch(settings.CONFIGURATION.home, timezone.now())

    stop, done = threading.Event(), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: stop.set())

    def until_the_pipe_closes() -> None:
        while os.read(0, 1024):  # sys.stdin itself would hold a lock at the interpreter's end
            pass
        stop.set()

    def cut_off() -> None:
        stop.wait()
        if not done.wait(PATIENCE):
            os._exit(1)

    for watch in (until_the_pipe_closes, cut_off):
        threading.Thread(target=watch, daemon=True).start()
    forever(stop)
    done.set()
    return 0


if __name__ == "__main__":
    sys.exit(main())
