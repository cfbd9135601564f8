"""`kaohe init`: asked or told, whole or not at all."""

import os
import pty
import select
import signal
import ssl
import sys
from codecs import getincrementaldecoder
from pathlib import Path

import pytest
from cryptography import x509
from django.db.migrations.exceptions import MigrationSchemaMissing
from psycopg.errors import InsufficientPrivilege

from kaohe.cli.server import permitted
from kaohe.fault import BadInput
from kaohe.web.config.configuration import Configuration
from tests.web.config.conftest import NewDeployment
from tests.web.config.places import FIRST, PROGRAM, SERVER, Deployment

PASSWORD = "correct horse battery staple"


class Terminal:
    """A person at a terminal: what was shown, and what is typed after a prompt."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            signal.signal(
                signal.SIGINT, signal.SIG_DFL
            )  # a shell's background job ignores it, and so would its children
            os.execve(sys.executable, command, environment)  # noqa: S606
        self.shown, self._decoder = "", getincrementaldecoder("utf-8")()

    def type(self, text: str, *, after: str) -> None:
        self.until(after)
        os.write(self._end, text.encode())

    def until(self, text: str) -> None:
        start = len(self.shown)
        while text not in self.shown[start:]:
            assert select.select([self._end], [], [], 120)[0], self.shown
            try:
                self.shown += self._decoder.decode(os.read(self._end, 4096))
            except OSError:
                raise AssertionError(f"{text!r} never came: {self.shown}") from None

    def end(self, again: str = "") -> int:
        """Wait for the end; `again` is pressed once more where nothing happens: a key may fall between two prompts."""
        for _ in range(60):
            if not select.select([self._end], [], [], 2)[0]:
                os.write(self._end, again.encode())
                continue
            try:
                piece = os.read(self._end, 4096)
            except OSError:
                piece = b""
            if not piece:
                return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            self.shown += self._decoder.decode(piece)
        raise AssertionError(f"it does not end: {self.shown}")


def terminal(place: Deployment, *arguments: str, language: str = "en") -> Terminal:
    return Terminal([*PROGRAM, *arguments, "--lang", language], place.environment | {"TERM": "dumb"})


def test_a_person_is_asked_and_the_password_is_not_shown(nowhere: NewDeployment) -> None:
    place = nowhere()
    asked = terminal(place, "init", "--title", "考核")

    asked.type("\n", after="the office that runs it")
    asked.type("8:00–17:00\n", after="whom to call")
    asked.type("\n", after="code of the authority [0001]")
    asked.type("\n", after="name of the authority")
    asked.type("市公训办\n", after="name of the authority")
    asked.type("a b\n", after="user name of the security administrator [security]")
    asked.type("\n", after="That will not do. Write it again.\r\nuser name of the security administrator [security]")
    asked.type("张三\n", after="name of the security administrator")
    asked.type("short\n", after="Password of the security administrator: ")
    asked.type("short\n", after="Once more: ")
    asked.type(f"{PASSWORD}\n", after="Password of the security administrator: ")
    asked.type(f"{PASSWORD} x\n", after="Once more: ")
    asked.type(f"{PASSWORD}\n", after="Password of the security administrator: ")
    asked.type(f"{PASSWORD}\n", after="Once more: ")

    assert asked.end() == 0, asked.shown
    assert "Too short" in asked.shown
    assert "The two differ" in asked.shown
    assert PASSWORD not in asked.shown
    assert "/link/" not in asked.shown
    found = place.python(
        "from kaohe.web.accounts.models import User\nuser = User.objects.get()\n"
        f"print(user.username, user.duty, user.check_password({PASSWORD!r}), user.memberships.get().role)"
    )
    assert found == "security security True security\n"


@pytest.mark.parametrize("where", ["name of the authority", "Once more: "])
def test_interrupted_it_leaves_nothing(nowhere: NewDeployment, where: str) -> None:
    place = nowhere()
    asked = terminal(place, "init", "--office", "", "--contact", "", "--title", "x", "--authority-code", "1")
    if where == "Once more: ":
        asked.type("市公训办\n", after="name of the authority")
        asked.type("security\n", after="user name")
        asked.type("张三\n", after="name of the security administrator")
        asked.type(f"{PASSWORD}\n", after="Password of the security administrator: ")

    asked.type("\x03", after=where)

    assert asked.end(again="\x03") == 130, asked.shown
    assert not place.home.exists()
    assert not SERVER or place.tables() == []


def test_told_by_options_it_asks_nothing_and_gives_a_link(nowhere: NewDeployment) -> None:
    place = nowhere()

    done = place.run("init", *FIRST, "--office", "市公训办", language="zh")

    assert done.returncode == 0, done.stderr
    assert "系统地址后面加 /link/" in done.stdout
    assert place.home.stat().st_mode & 0o077 == 0
    assert place.query("SELECT COUNT(*) FROM accounts_onetimelink") == [(1,)]
    assert [action for (action,) in place.query("SELECT action FROM journal_logentry ORDER BY seq")] == [
        "unit:found", "account:create", "membership:begin", "link:make"
    ]  # fmt: skip


def test_every_missing_answer_is_named_and_nothing_is_made(nowhere: NewDeployment) -> None:
    place = nowhere()

    done = place.run("init", "--username", "a b")

    assert done.returncode == 2
    for option in ("--authority-name: there is no answer", "--username: a b will not do", "--name: there is no answer"):
        assert option in done.stderr
    assert not place.home.exists()


def test_a_host_that_will_not_do_leaves_nothing(nowhere: NewDeployment) -> None:
    place = nowhere()

    done = place.run("init", *FIRST, "--host", "http://10.0.0.5:8000")

    assert done.returncode == 2
    assert "http://10.0.0.5:8000 is neither an IP address nor a name" in done.stderr
    assert not place.home.exists()


def test_a_place_that_is_taken_is_refused_and_stays(founded: Deployment, tmp_path: Path) -> None:
    before, other = founded.content(), Deployment(tmp_path / "other")
    other.home.mkdir()
    (other.home / "letter.txt").write_text("mine", "utf-8")

    again, beside = founded.run("init", *FIRST), other.run("init", *FIRST)

    assert (again.returncode, beside.returncode) == (2, 2)
    assert "there is a deployment here already" in again.stderr
    assert "there are files here" in beside.stderr
    assert founded.content() == before
    assert [path.name for path in other.home.iterdir()] == ["letter.txt"]


def test_a_database_that_is_not_empty_is_refused_and_stays(founded: Deployment, tmp_path: Path) -> None:
    if not founded.database:
        (tmp_path / "h").mkdir()
        (founded.home / "kaohe.sqlite3").rename(tmp_path / "h" / "kaohe.sqlite3")
    other = Deployment(tmp_path / "h", founded.database)
    before = other.content()

    done = other.run("init", *FIRST)

    assert done.returncode == 2
    assert ("the database is not empty" if SERVER else "there are files here") in done.stderr
    assert other.content() == before


def test_the_certificate_is_for_every_name_and_signed_by_the_authority(founded: Deployment) -> None:
    keys = founded.home / "keys"
    certificate = x509.load_pem_x509_certificate((keys / "server.crt").read_bytes())
    authority = x509.load_pem_x509_certificate((keys / "ca.crt").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    certificate.verify_directly_issued_by(authority)
    assert names.get_values_for_type(x509.DNSName) == ["kaohe.local", "localhost"]
    assert sorted(map(str, names.get_values_for_type(x509.IPAddress))) == ["10.0.0.5", "127.0.0.1"]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days <= 398
    ssl.create_default_context(cafile=str(keys / "ca.crt"))
    assert [path.name for path in keys.iterdir() if path.stat().st_mode & 0o077 and path.suffix != ".crt"] == []


def test_a_new_certificate_comes_from_the_same_authority(founded: Deployment) -> None:
    keys = founded.home / "keys"
    authority, old = (keys / "ca.crt").read_bytes(), (keys / "server.crt").read_bytes()
    settings = (founded.home / "kaohe.toml").read_text("utf-8")

    done = founded.run("init", "--certificate", "--host", "10.0.0.6")

    assert done.returncode == 0, done.stderr
    assert (keys / "ca.crt").read_bytes() == authority
    assert (keys / "server.crt").read_bytes() != old
    assert "Also write 10.0.0.6 into `hosts`" in done.stdout
    assert (founded.home / "kaohe.toml").read_text("utf-8") == settings


def test_a_database_that_does_not_let_its_account_make_tables_is_named() -> None:
    found = Configuration(home=Path("/nowhere"), database="postgresql://kaohe:hidden@db/kaohe")

    with pytest.raises(BadInput) as refused, permitted(found):
        try:
            raise InsufficientPrivilege("permission denied for schema public")
        except InsufficientPrivilege as error:
            raise MigrationSchemaMissing(f"Unable to create the table ({error}\nCREATE TABLE)")  # noqa: B904 - as Django does

    (fault,) = refused.value.faults.listed
    assert (fault.code, fault.place.file) == ("database_refuses", "postgresql://db/kaohe")


def test_no_other_fault_of_a_database_is_called_a_refusal() -> None:
    with pytest.raises(MigrationSchemaMissing), permitted(Configuration(home=Path("/nowhere"))):
        raise MigrationSchemaMissing("x")
