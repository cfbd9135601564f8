"""Offices run Windows: nothing in `src/` is POSIX-only, and no text is read or written in the system's own encoding.

No Windows machine runs these tests. What can be held here: no module or function that Windows lacks, an encoding at
every file, and a whole run that warns of none left out.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import write

SOURCE = Path(__file__).parents[2] / "src" / "kaohe"
FILES = sorted(SOURCE.rglob("*.py"))
POSIX_MODULES = {"fcntl", "grp", "pwd", "posix", "pty", "syslog", "termios", "tty"}
POSIX_FUNCTIONS = {
    "fork",
    "forkpty",
    "getuid",
    "geteuid",
    "chown",
    "mkfifo",
    "setsid",
    "killpg",
    "wait4",
    "SIGKILL",
    "SIGHUP",
    "SIGUSR1",
    "AF_UNIX",
    "add_signal_handler",
    "fchmod",
    "getppid",
    "sched_getaffinity",
}
GUARDED = {("spreadsheets.py", "resource")}
"""Imported inside a try, with a plain way on where the module is not there."""


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_no_posix_only_module_or_function(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    used = {name for name in imports(tree) if name in POSIX_MODULES | {"resource"}}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & POSIX_FUNCTIONS

    assert {name for name in used if (file.name, name) not in GUARDED} == set()
    assert called == set()


def test_the_web_is_imported_where_the_modules_of_posix_are_not() -> None:
    code = (
        "import sys\n"
        f"for name in {sorted(POSIX_MODULES - {'posix'} | {'resource'})!r}:\n    sys.modules[name] = None\n"
        "from pathlib import Path\nfrom importlib import import_module\nimport django\n"
        "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'kaohe.web.config.settings'\ndjango.setup()\n"
        f"root = Path({str(SOURCE)!r})\n"
        "for file in sorted([*(root / 'web').rglob('*.py'), *(root / 'cli').rglob('*.py')]):\n"
        "    name = '.'.join(['kaohe', *file.relative_to(root).with_suffix('').parts])\n"
        "    if 'migrations' not in name and not name.endswith('__main__'):\n        import_module(name)\n"
        "print('all')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "all\n", done.stderr


def test_a_whole_run_never_relies_on_the_system_s_encoding(tmp_path: Path) -> None:
    folder = write(tmp_path / "city")
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "-m", "kaohe.cli.main"]
    done = subprocess.run(
        [*command, "assess", str(folder), "--round", "annual", "--year", "2010"], capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "ascii"])
def test_a_console_of_any_encoding_is_written_to(tmp_path: Path, encoding: str) -> None:
    folder = write(tmp_path / "城市")
    done = subprocess.run(
        [sys.executable, "-m", "kaohe.cli.main", "assess", str(folder), "--round", "annual", "--year", "2010",
         "--json-only", "--lang", "zh"],
        capture_output=True, check=False, env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "PATH": ""},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert ("甲区".encode("gbk") if encoding == "gbk" else b"\\u7532\\u533a") in done.stdout


@pytest.mark.parametrize("code", ["a/b", "..", "CON", "nul.x", "a:b*?", "单位 1", "x" * 300])
def test_a_sheet_is_named_so_that_every_system_can_store_it(tmp_path: Path, code: str) -> None:
    from kaohe.documents.as_pdf import sheet_name

    name = sheet_name(code)

    assert not set(name) & set('<>:"/\\|?*')
    assert name.partition(".")[0].upper() not in {"CON", "NUL", ""}
    (tmp_path / f"{name}.pdf").touch()
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.pdf"]


def test_an_ordinary_code_names_its_sheet_as_it_is() -> None:
    from kaohe.documents.as_pdf import sheet_name

    assert [sheet_name(code) for code in ("D04", "210502", "平山-1")] == ["D04", "210502", "平山-1"]
    assert len({sheet_name(code) for code in ("a/b", "a%2Fb", "a_b")}) == 3
