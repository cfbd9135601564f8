"""Mail: wrong settings are named, and the doctor says whether the server can be used."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from kaohe.fault import BadInput
from kaohe.web.accounts.models import User
from kaohe.web.config.configuration import Configuration, read
from kaohe.web.config.doctor import examine
from kaohe.web.config.mail_state import mail
from kaohe.web.config.safety import faults
from kaohe.web.post.models import Letter, Message
from tests.web.city import City
from tests.web.post.mailserver import MailServer, free_port, serving

NOW = datetime(2010, 6, 1, 8, tzinfo=UTC)
SAFE = Configuration(home=Path("/nowhere"), secret_key="abcdefghijklmnopqrstuvwxyz" * 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('smtp_host = "smtp://mail"\n', "setting_host"), ('smtp_host = "*"\n', "setting_host"),
        ("smtp_port = 0\n", "setting_number"), ("smtp_port = 70000\n", "setting_port"),
        ('smtp_tls = "ssl"\n', "setting_smtp_tls"), ('mail_from = "kaohe"\n', "setting_mailbox"),
        ('mail_from = "a@b.cn\\nBcc: c@d.cn"\n', "setting_mailbox"), ('mail_from = "公训办@本溪.cn"\n', "setting_mailbox"),
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "kaohe.toml").write_text(text, "utf-8")

    with pytest.raises(BadInput) as refused:
        read({"KAOHE_HOME": str(tmp_path)})

    assert [fault.code for fault in refused.value.faults.listed] == [code]


@pytest.mark.parametrize("sender", ["kaohe@benxi.gov.cn", "公训办 <kaohe@benxi.gov.cn>", '"Office, Benxi" <k@b.cn>'])
def test_a_sender_may_have_a_name(tmp_path: Path, sender: str) -> None:
    assert read({"KAOHE_HOME": str(tmp_path), "KAOHE_MAIL_FROM": sender}).mail_from == sender


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"smtp_host": "mail.local"}, "mail_half"),
        ({"smtp_user": "kaohe"}, "mail_login_half"),
        ({"smtp_password_file": "/nowhere/password"}, "mail_login_half"),
        ({"smtp_user": "kaohe", "smtp_password_file": "/nowhere/password"}, "file_missing"),
        ({"smtp_ca": "/nowhere/ca.crt"}, "file_missing"),
    ],
)
def test_half_of_what_mail_needs_does_not_start(changes: dict[str, str], code: str) -> None:
    configuration = dataclasses.replace(SAFE, **changes)  # type: ignore[arg-type]

    assert code in [fault.code for fault in faults(configuration, "127.0.0.1", 0)]


def test_the_settings_of_django_follow(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "smtp").write_text("correct horse\n", "utf-8")
    environment = os.environ | {
        "KAOHE_HOME": str(tmp_path), "KAOHE_SMTP_HOST": "mail.local", "KAOHE_SMTP_PORT": "465", "KAOHE_SMTP_TLS": "tls",
        "KAOHE_SMTP_USER": "kaohe", "KAOHE_SMTP_PASSWORD_FILE": "keys/smtp", "KAOHE_MAIL_FROM": "k@b.cn",
    }  # fmt: skip
    names = "EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_SSL, s.EMAIL_USE_TLS, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.DEFAULT_FROM_EMAIL"  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-c", f"from kaohe.web.config import settings as s; print((s.{names}), s.EMAIL_TIMEOUT < 60)"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout.strip() == "('mail.local', 465, True, False, 'kaohe', 'correct horse', 'k@b.cn') True"


@pytest.fixture
def port() -> Iterator[int]:
    with serving(MailServer()) as port:
        yield port


def said(configuration: Configuration, now: datetime = NOW) -> list[str]:
    found = list(mail(configuration, now))
    assert all(finding.level == "good" or (finding.mend_zh and finding.mend_en) for finding in found)
    return [f"{finding.level} {finding.en}" for finding in found]


def test_that_there_is_no_server_is_told(city: City) -> None:
    assert said(SAFE) == ["warn there is no mail server: mail waits, notices in the system go on"]


def test_a_server_that_answers_is_good_and_is_sent_nothing(city: City, port: int) -> None:
    configuration = dataclasses.replace(
        SAFE, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", mail_from="k@b.cn"
    )

    assert said(configuration) == [f"good the mail server 127.0.0.1:{port} answers"]
    assert f"the mail server 127.0.0.1:{port} answers" in [finding.en for finding in examine(configuration, NOW)]


def test_a_server_that_is_down_is_bad(city: City) -> None:
    configuration = dataclasses.replace(SAFE, smtp_host="127.0.0.1", smtp_port=free_port(), mail_from="k@b.cn")

    (found,) = said(configuration)
    assert found.startswith("bad the mail server 127.0.0.1:")
    assert "refused" in found


def test_a_server_without_the_encryption_that_is_asked_for_is_bad(city: City, port: int) -> None:
    configuration = dataclasses.replace(SAFE, smtp_host="127.0.0.1", smtp_port=port, mail_from="k@b.cn")

    assert "STARTTLS" in said(configuration)[0]


def test_mails_that_wait_for_a_day_are_told(city: City) -> None:
    letter = Letter.objects.create(by=User.objects.get(username="officer"), made_at=NOW, state="sent", settled_at=NOW)
    Message.objects.create(letter=letter, name="张三", address="a@b.cn", state="queued", next_at=NOW)

    assert "warn mails that have waited for over a day: 1, the first since 2010-06-01" in said(
        SAFE, NOW + timedelta(days=2)
    )
    assert len(said(SAFE, NOW + timedelta(hours=2))) == 1


def test_a_password_that_others_can_read_is_found(city: City, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("correct horse", "utf-8")
    password.chmod(0o644)
    configuration = dataclasses.replace(settings.CONFIGURATION, smtp_user="k", smtp_password_file=str(password))

    told = next(f.en for f in examine(configuration, NOW) if f.en.startswith("others can read: "))
    assert "password" in told.removeprefix("others can read: ").split(", ")
