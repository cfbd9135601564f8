"""`kaohe serve` and its processes: https for an address without a name, and nobody left behind."""

import http.client
import os
import signal
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.web.config.places import PROGRAM, Deployment
from tests.web.config.served import is_there, served, until

SLOW = """
from datetime import datetime, UTC
from kaohe.web.jobs.queue import put
print(put("backup", None, {}, datetime.now(UTC)).pk)
"""


def all_gone(children: dict[str, int]) -> bool:
    return not any(map(is_there, children.values()))


def test_a_browser_that_trusts_the_authority_reaches_it_by_its_address(founded: Deployment) -> None:
    with served(founded) as server:
        page = server.request("/sign-in/")

        assert page.status == 200
        assert "登录" in page.body  # type: ignore[attr-defined]
        cookies = page.headers.get_all("Set-Cookie") or []
        assert cookies
        assert all(cookie.startswith("__Host-") and "Secure" in cookie and "Path=/" in cookie for cookie in cookies)
        assert page.headers["Strict-Transport-Security"]
        with pytest.raises((http.client.HTTPException, OSError)):
            server.request("/sign-in/", plain=True)
        assert server.request("/sign-in/", Host="elsewhere.example").status == 400
        assert server.end() == 0


def test_whoever_does_not_know_the_authority_is_warned(founded: Deployment) -> None:
    with served(founded) as server:
        link = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=60, context=ssl.create_default_context())
        with pytest.raises(ssl.SSLCertVerificationError):
            link.request("GET", "/sign-in/")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_it(founded: Deployment, how: signal.Signals) -> None:
    with served(founded) as server:
        children = server.children()

        assert server.end(how) == 0
        assert {"web", "worker"} <= set(children)
        until(lambda: all_gone(children))
        assert server.process.stdout is not None
        assert "Traceback" not in server.process.stdout.read()


def test_a_worker_that_was_killed_is_raised_again_and_goes_on(founded: Deployment) -> None:
    with served(founded) as server:
        first = server.children()["worker"]
        job = int(founded.python(SLOW))
        os.kill(first, signal.SIGKILL)
        founded.query(
            f"UPDATE jobs_job SET lease_until = '2000-01-01 00:00:00+00:00' WHERE state = 'running' AND id = {job}"
        )

        until(lambda: server.children().get("worker", first) != first)
        until(lambda: founded.query(f"SELECT state FROM jobs_job WHERE id = {job}") == [("done",)])
        assert server.answers()


def test_a_web_process_that_was_killed_is_raised_again(founded: Deployment) -> None:
    with served(founded) as server:
        first = server.children()["web"]

        os.kill(first, signal.SIGKILL)

        until(lambda: server.children().get("web", first) != first)
        until(server.answers)
        assert server.process.poll() is None


def test_where_the_parent_was_killed_nobody_stays(founded: Deployment) -> None:
    with served(founded) as server:
        children = server.children()

        server.end(signal.SIGKILL)

        until(lambda: all_gone(children))


def test_a_second_server_on_the_same_port_is_refused(founded: Deployment) -> None:
    with served(founded) as server:
        second = founded.run("serve", "--port", str(server.port), language="zh")

        assert second.returncode == 2
        assert f"端口 {server.port} 已被占用" in second.stderr
        assert server.answers()


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--host", "0.0.0.0"], {"KAOHE_TLS_CERT": "", "KAOHE_TLS_KEY": ""}, "http is plain"),  # noqa: S104
        ([], {"KAOHE_SECRET_KEY": "short"}, "the session key is missing or too short"),
        ([], {"KAOHE_HOSTS": "*"}, "the hosts hold a wildcard: *"),
        ([], {"KAOHE_TLS_KEY": ""}, "a certificate without its key"),
        ([], {"KAOHE_TLS_CERT": "lost.crt"}, "there is no such file"),
        (["--host", "203.0.113.9"], {}, "this machine has no address 203.0.113.9"),
        (["--port", "99999"], {}, "there is no port 99999"),
        ([], {"KAOHE_IDLE_MINUTES": "soon"}, "setting idle_minutes: soon will not do"),
    ],
)  # fmt: skip
def test_what_is_unsafe_does_not_start(
    founded_once: Deployment, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    done = founded_once.run("serve", *arguments, **environment)

    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr


def test_without_its_signing_key_a_journal_with_checkpoints_is_not_served(founded: Deployment) -> None:
    founded.python(
        "from kaohe.web.journal import checkpoints\nfrom django.utils import timezone\ncheckpoints.make('asked', timezone.now())"
    )
    (founded.home / "keys" / "journal-key").unlink()

    done = founded.run("serve")

    assert done.returncode == 2
    assert "put the old keys/journal-key back" in done.stderr
    assert not (founded.home / "keys" / "journal-key").exists()


@pytest.mark.parametrize("command", [["serve"], ["journal", "verify"]])
def test_a_damaged_signing_key_is_named(founded: Deployment, command: list[str]) -> None:
    (founded.home / "keys" / "journal-key").write_bytes(b"\xff\xfe")

    done = founded.run(*command)

    assert done.returncode == 2
    assert "journal-key: the key that signs checkpoints is damaged; put the old keys/journal-key back" in done.stderr


def test_a_damaged_session_key_is_named(founded: Deployment) -> None:
    (founded.home / "keys" / "secret-key").write_bytes(b"\xff\xfe")

    done = founded.run("serve")

    assert done.returncode == 2
    assert "keys/secret-key: the session key is missing or too short" in done.stderr


def test_accounts_of_a_demonstration_are_not_served_as_real(founded: Deployment) -> None:
    founded.query("UPDATE accounts_user SET demo = TRUE")

    done = founded.run("serve")

    assert done.returncode == 2
    assert "accounts of the demonstration" in done.stderr


def test_where_there_is_no_deployment_every_command_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    nothing = Deployment(tmp_path_factory.mktemp("nothing") / "home")

    for command in ("serve", "migrate", "backup", "doctor"):
        done = nothing.run(command)
        assert done.returncode == 2, command
        assert "there is no deployment here; run `kaohe init` first" in done.stderr
    assert not nothing.home.exists()


@pytest.mark.parametrize("command", ["serve", "doctor", "migrate", "backup"])
def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path: Path, command: str) -> None:
    (tmp_path / "kaohe.sqlite3").write_bytes(b"no database at all" * 500)

    done = Deployment(tmp_path).run(command)

    assert done.returncode == 2
    assert "the database file is damaged: file is not a database; keep this folder" in done.stderr


def test_a_database_that_does_not_answer_is_named_without_its_password(founded_once: Deployment) -> None:
    done = founded_once.run("serve", KAOHE_DATABASE="postgresql://kaohe:hidden@127.0.0.1:1/kaohe")

    assert done.returncode == 2
    assert "postgresql://127.0.0.1/kaohe: the database does not answer" in done.stderr
    assert "hidden" not in done.stderr


def test_a_proxy_is_believed_where_it_is_declared(founded: Deployment) -> None:
    settings = founded.home / "kaohe.toml"
    kept = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("tls_")]
    (founded.home / "keys" / "ca.crt").unlink()
    settings.write_text("\n".join([*kept, 'proxies = ["127.0.0.1"]']) + "\n", "utf-8")

    with served(founded) as server:
        direct, forwarded = server.request("/sign-in/"), server.request("/sign-in/", **{"X-Forwarded-Proto": "https"})

    assert (direct.status, forwarded.status) == (301, 200)
    assert direct.headers["Location"].startswith("https://127.0.0.1")


def test_whom_nobody_declared_is_not_believed(founded: Deployment) -> None:
    settings = founded.home / "kaohe.toml"
    kept = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("tls_")]
    (founded.home / "keys" / "ca.crt").unlink()
    settings.write_text("\n".join([*kept, 'proxies = ["10.0.0.1"]']) + "\n", "utf-8")

    with served(founded) as server:
        forged = server.request("/sign-in/", **{"X-Forwarded-Proto": "https"})

    assert forged.status == 301


def test_the_server_is_spoken_of_in_both_languages(founded_once: Deployment) -> None:
    said = subprocess.run(
        [*PROGRAM, "serve", "--help", "--lang", "zh"], env=founded_once.environment, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip

    assert "启动网页系统和后台任务" in said
