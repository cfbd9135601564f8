"""How long from `kaohe serve` to the first answer of the sign-in page. Limit 5 seconds; the first start also lays the
static files out."""

import http.client
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measuring import DATA, tell

KAOHE = [sys.executable, "-m", "kaohe.cli.main"]
FOUND = ["--authority-name", "市公训办", "--name", "张三", "--certificate"]
LIMIT = 5.0


def first_answer(home: Path) -> float:
    """Start, ask until there is an answer, end; return the seconds to the answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    trust = ssl.create_default_context(cafile=str(home / "keys" / "ca.crt"))
    began = time.perf_counter()
    server = subprocess.Popen(
        [*KAOHE, "serve", "--home", str(home), "--port", str(port)], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    while not _answers(port, trust):
        if server.poll() is not None:
            raise SystemExit("it did not start")
        time.sleep(0.02)
    taken = time.perf_counter() - began
    server.send_signal(signal.SIGTERM)
    server.wait()
    return taken


def _answers(port: int, trust: ssl.SSLContext) -> bool:
    link = http.client.HTTPSConnection("127.0.0.1", port, context=trust)
    try:
        link.request("GET", "/sign-in/")
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def main() -> int:
    home = DATA / "start"
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run(
        [*KAOHE, "init", "--home", str(home), *FOUND], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    first = first_answer(home)
    kept = tell("first start after `kaohe init` / limit", first, LIMIT, 1.0)
    again = statistics.median(first_answer(home) for _ in range(5))
    kept &= tell("start to first answer of /sign-in/ / limit", again, LIMIT, 1.0)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
