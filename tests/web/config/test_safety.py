"""It starts safe or not at all, and says why."""

import dataclasses
import socket
import tomllib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from django.utils import timezone

from kaohe.fault import BadInput
from kaohe.web.config import certificates
from kaohe.web.config.configuration import Configuration, read, settings_to_keep
from kaohe.web.config.safety import faults

SAFE = Configuration(home=Path("/nowhere"), secret_key="abcdefghijklmnopqrstuvwxyz" * 3, hosts=("10.0.0.5",))


def codes(configuration: Configuration, host: str = "127.0.0.1", port: int = 0) -> list[str]:
    return [fault.code for fault in faults(configuration, host, port)]


def test_a_safe_configuration_starts() -> None:
    assert codes(SAFE) == []


@pytest.mark.parametrize(
    ("changes", "host", "code"),
    [
        ({"secret_key": ""}, "127.0.0.1", "secret_weak"),
        ({"secret_key": "a" * 64}, "127.0.0.1", "secret_weak"),
        ({"hosts": ("*",)}, "127.0.0.1", "hosts_open"),
        ({"hosts": (".gov.cn",)}, "127.0.0.1", "hosts_open"),
        ({}, "0.0.0.0", "plain_http"),  # noqa: S104
        ({"demo": True, "proxies": ("10.0.0.1",)}, "0.0.0.0", "demo_open"),  # noqa: S104
        ({"standard": "benxi-2011"}, "127.0.0.1", "setting_standard"),
        ({"tls_cert": "there.crt"}, "127.0.0.1", "tls_half"),
        ({"tls_cert": "no.crt", "tls_key": "no.key"}, "127.0.0.1", "file_missing"),
    ],
)
def test_what_is_unsafe_is_named(changes: dict[str, object], host: str, code: str) -> None:
    assert code in codes(dataclasses.replace(SAFE, **changes), host)  # type: ignore[arg-type]


def test_plain_http_is_for_this_machine_or_behind_a_declared_proxy() -> None:
    assert codes(SAFE, "::1") == []
    assert codes(dataclasses.replace(SAFE, proxies=("10.0.0.1",)), "0.0.0.0") == []  # noqa: S104


def _pair(keys: Path) -> dict[str, str]:
    certificate, key = certificates.make(keys, "考核", ["10.0.0.5"], timezone.now())
    return {"tls_cert": str(certificate), "tls_key": str(key)}


def test_a_certificate_with_its_key_starts(tmp_path: Path) -> None:
    pair = _pair(tmp_path)

    assert codes(dataclasses.replace(SAFE, **pair, smtp_ca=str(tmp_path / "ca.crt")), "127.0.0.1") == []


@pytest.mark.parametrize("setting", ["tls_cert", "tls_key", "other", "locked"])
def test_a_certificate_that_cannot_be_used_is_named_before_anything_is_served(tmp_path: Path, setting: str) -> None:
    pair = _pair(tmp_path)
    if setting == "other":
        pair["tls_cert"] = str(tmp_path / "ca.crt")
    elif setting == "locked":
        key = serialization.load_pem_private_key(Path(pair["tls_key"]).read_bytes(), None)
        lock = serialization.BestAvailableEncryption(b"password")
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
        Path(pair["tls_key"]).write_bytes(key.private_bytes(*form, lock))
    else:
        Path(pair[setting]).write_bytes(b"\xff not PEM")

    assert codes(dataclasses.replace(SAFE, **pair)) == ["tls_unusable"]


def test_an_authority_of_the_mail_server_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"\xff not PEM")

    assert codes(dataclasses.replace(SAFE, smtp_ca=str(tmp_path / "ca.pem"))) == ["ca_unusable"]


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        assert codes(SAFE, "127.0.0.1", taken.getsockname()[1]) == ["port_taken"]


def test_the_environment_decides_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "kaohe.toml").write_text(
        'title = "文件"\nhosts = ["10.0.0.5", "kaohe.local"]\nidle_minutes = 20\n', "utf-8"
    )

    found = read({"KAOHE_HOME": str(tmp_path), "KAOHE_TITLE": "环境"})

    assert (found.title, found.hosts, found.idle_minutes) == ("环境", ("10.0.0.5", "kaohe.local"), 20)


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ('tittle = "x"\n', "option_unknown", "tittle"),
        ('idle_minutes = "soon"\n', "setting_number", "idle_minutes"),
        ("session_hours = 0\n", "setting_number", "session_hours"),
        ("session_hours = 9999999999\n", "setting_large", "session_hours"),
        ("idle_minutes = 1441\n", "setting_large", "idle_minutes"),
        ("backup_keep = true\n", "setting_number", "backup_keep"),
        ('demo = "perhaps"\n', "setting_bool", "demo"),
        ("hosts = 5\n", "setting_list", "hosts"),
        ("hosts = []\n", "hosts_none", "hosts"),
        ('hosts = ["http://10.0.0.5:8000"]\n', "setting_host", "hosts"),
        ('proxies = ["10.0.0.0/8"]\n', "setting_proxy", "proxies"),
        ("title = 5\n", "setting_text", "title"),
        ('password_profile = "weak"\n', "setting_profile", "password_profile"),
        ('database = "mysql://root:hidden@db/kaohe"\n', "setting_database", "database"),
        ('time_zone = "Asia/Benxi"\n', "setting_zone", "time_zone"),
        ("title = \n", "settings_broken", None),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_place(
    tmp_path: Path, text: str, code: str, path: str | None
) -> None:
    (tmp_path / "kaohe.toml").write_text(text, "utf-8")

    with pytest.raises(BadInput) as refused:
        read({"KAOHE_HOME": str(tmp_path)})

    fault = refused.value.faults.listed[0]
    assert (fault.code, fault.place.path) == (code, path)
    assert "hidden" not in (fault.found or "")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://u:hidden@db:port/kaohe", "setting_address"),
        ("postgresql://u:hidden@db:99999/kaohe", "setting_address"),
        ("postgresql://u:hidden@[::1/kaohe", "setting_address"),
        ("postgresql://u:hid#den@db/kaohe", "setting_address"),
        ("postgresql://u:hidden@db", "setting_address"),
        ("postgresql://u:hidden@db/", "setting_address"),
        ("postgresql://u:hidden@db/kaohe?sslmode=require", "setting_address_option"),
        ("postgresql://u:hidden@db/kaohe?host=/run&sslmode=", "setting_address_option"),
    ],
)
def test_an_address_of_a_database_is_whole_and_nothing_of_it_is_passed_over(address: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read({"KAOHE_HOME": "/nowhere", "KAOHE_DATABASE": address})

    (fault,) = refused.value.faults.listed
    assert (fault.code, fault.place.path) == (code, "database")
    assert "hid" not in (fault.found or "")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://kaohe@/kaohe?host=/run/postgresql",
        "postgres://kaohe:p%40ss@[::1]:5433/kaohe",
        "postgresql://db/kaohe",
    ],
)
def test_an_address_of_a_database_is_taken_as_it_is(address: str) -> None:
    assert read({"KAOHE_HOME": "/nowhere", "KAOHE_DATABASE": address}).database == address


def test_a_file_of_settings_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read({"KAOHE_HOME": str(tmp_path), "KAOHE_CONFIG": str(tmp_path / "kaohe.tmol")})

    assert [fault.code for fault in refused.value.faults.listed] == ["file_missing"]


def test_a_file_of_settings_may_come_from_an_editor_on_windows(tmp_path: Path) -> None:
    (tmp_path / "kaohe.toml").write_bytes('\ufefftitle = "考核"\r\n'.encode())

    assert read({"KAOHE_HOME": str(tmp_path)}).title == "考核"
    assert settings_to_keep(tmp_path / "kaohe.toml") == 'title = "考核"\n'.encode()


def test_a_file_of_settings_in_another_encoding_is_to_be_saved_again(tmp_path: Path) -> None:
    (tmp_path / "kaohe.toml").write_bytes('title = "考核"\n'.encode("gb18030"))

    with pytest.raises(BadInput) as refused:
        read({"KAOHE_HOME": str(tmp_path)})

    assert [fault.code for fault in refused.value.faults.listed] == ["settings_not_utf8"]


def test_an_address_of_ipv6_may_be_written_plainly(tmp_path: Path) -> None:
    found = read({"KAOHE_HOME": str(tmp_path), "KAOHE_HOSTS": "fd00::5, kaohe.local", "KAOHE_PROXIES": "[::1]"})

    assert (found.hosts, found.proxies) == (("[fd00::5]", "kaohe.local"), ("::1",))


def test_the_database_is_shown_without_its_password() -> None:
    configuration = dataclasses.replace(SAFE, database="postgresql://kaohe:hidden@db.local/kaohe")

    assert configuration.shown_database == "postgresql://db.local/kaohe"


def test_a_certificate_is_named_relative_to_the_home(tmp_path: Path) -> None:
    found = read({"KAOHE_HOME": str(tmp_path), "KAOHE_TLS_CERT": "keys/server.crt"})

    assert found.tls_cert == str(tmp_path / "keys" / "server.crt")


def test_settings_that_are_kept_hold_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "kaohe.toml"
    path.write_text(
        'title = "考核\\u007f"\nsecret_key = "hidden"\ndatabase = "postgresql://u:hidden@h/d"\nhosts = ["a"]\n', "utf-8"
    )

    kept = settings_to_keep(path)

    assert b"hidden" not in kept
    assert tomllib.loads(kept.decode()) == {"title": "考核\x7f", "hosts": ["a"]}
