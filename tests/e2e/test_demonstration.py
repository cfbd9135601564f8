"""The demonstration's own start: `kaohe demo` again and again, also after a start that was cut off."""

import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.e2e.demonstration import command, free_port, wait_until_up


def test_a_city_whose_making_was_cut_off_is_made_afresh(tmp_path: Path) -> None:
    home = tmp_path / "home"
    cut_off = command(home, free_port())
    while not (home / "unfinished").exists() or not accounts_in(home):
        assert cut_off.poll() is None
        time.sleep(0.05)  # between two looks at another process's work, which tells nobody how far it is
    cut_off.kill()
    cut_off.wait(60)
    assert accounts_in(home) < 10

    port = free_port()
    again = command(home, port)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/", again)
    finally:
        again.send_signal(signal.SIGINT)
        again.wait(60)

    assert accounts_in(home) == 10
    assert not (home / "unfinished").exists()


def accounts_in(home: Path) -> int:
    """How many accounts there are; none while there is no table of them."""
    if not (home / "kaohe.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(f"file:{home / 'kaohe.sqlite3'}?mode=ro", uri=True, timeout=20)) as database:
        try:
            return int(database.execute("SELECT COUNT(*) FROM accounts_user WHERE demo").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
