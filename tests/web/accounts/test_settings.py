"""A deployment behind TLS passes Django's own check; both password profiles hold what they say."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from kaohe.web.accounts import passwords
from kaohe.web.accounts.models import User
from tests.web.accounts.hands import sign_in, with_password
from tests.web.city import City

SECURE = {"KAOHE_TLS_CERT": "cert.pem", "KAOHE_TLS_KEY": "key.pem", "KAOHE_SECRET_KEY": "k3y-" + "aB3$xY9!qW" * 8}
DENGBAO = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "kaohe.web.accounts.passwords.ComplexityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]


@pytest.mark.parametrize("profile", ["modern", "dengbao"])
def test_the_deployment_check_warns_of_nothing(tmp_path: Path, profile: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")}
    environment = kept | SECURE | {
        "KAOHE_HOME": str(tmp_path), "KAOHE_PASSWORD_PROFILE": profile, "KAOHE_HOSTS": "10.1.1.7",
        "DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("fourteen chars", ["太短，至少 15 个字符。"]),
        ("correct horse battery", []),
        ("passwordpassword", []),
        ("全部用汉字写成的一句很长的话也可以", []),
    ],
)
def test_the_modern_profile_asks_for_length_only(password: str, found: list[str]) -> None:
    assert passwords.faults(password, User(username="gz001")) == found


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("Ab1!", ["太短，至少 8 个字符。"]),
        ("abcdefgh12", ["大写字母、小写字母、数字、其他字符，至少有三种。"]),
        ("Benxi-2010", []),
        ("Bx2010bx", []),
        ("Gz001abc", []),
    ],
)
def test_the_other_profile_asks_for_kinds_too(password: str, found: list[str], settings: object) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = DENGBAO  # type: ignore[attr-defined]
    settings.CONFIGURATION = replace(settings.CONFIGURATION, password_profile="dengbao")  # type: ignore[attr-defined]

    assert passwords.faults(password, User(username="zhou")) == found


def test_over_https_cookies_are_bound_to_the_host(city: City, settings: object) -> None:
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-session", True  # type: ignore[attr-defined]
    with_password("officer")
    client = Client()

    sign_in(client, "officer")

    cookie = client.cookies["__Host-session"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        True,
        "Lax",
        "/",
        "",
    )
