"""How the benches measure: rivals take turns in one run, the median counts, and the answer is a ratio."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROUNDS = 5
DATA = Path(os.environ.get("KAOHE_BENCH_DATA", "var/bench"))


def seconds(rivals: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Run each rival once to warm up, then all in turn; return each one's median seconds."""
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(rounds + 1):
        for name, run in rivals.items():
            start = time.perf_counter()
            run()
            if turn:
                taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def process(code: str, *arguments: str) -> Callable[[], None]:
    """Return a rival that runs a Python program in a process of its own."""
    return command([sys.executable, "-c", code, *arguments])


def kaohe(*arguments: str) -> Callable[[], None]:
    """Return a rival that runs `kaohe` in a process of its own."""
    return command([sys.executable, "-m", "kaohe.cli.main", *arguments])


def command(words: Sequence[str]) -> Callable[[], None]:
    """Return a rival that runs a command, silently; a failing one ends the bench."""

    def run() -> None:
        done = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, said = done.communicate()
        if done.returncode not in (0, 3):
            raise SystemExit(f"{' '.join(words)[:200]} failed: {said.decode()[-800:]}")

    return run


LAUNCH = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
if os.waitstatus_to_exitcode(status) not in (0, 3):
    raise SystemExit("failed: " + " ".join(sys.argv[1:]))
print(usage.ru_maxrss * 1024)
"""


def peak_memory(run: Sequence[str]) -> int:
    """Run a command once and return its peak memory in bytes.

    A process counts what its parent held when it was started, so a small one of its own starts it.
    """
    done = subprocess.run([sys.executable, "-c", LAUNCH, *run], stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def tell(question: str, ours: float, theirs: float, limit: float, unit: str = "s") -> bool:
    """Print one answer; return whether the ratio keeps to its limit."""
    ratio = ours / theirs
    kept = ratio <= limit
    print(
        f"{question}: {ratio:.2f} (limit {limit:g}){'' if kept else '  MISSED'}   {ours:.3f} against {theirs:.3f} {unit}"
    )
    return kept
