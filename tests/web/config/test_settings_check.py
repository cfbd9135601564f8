"""Under a secure configuration Django's own check of deployments has nothing to say."""

import subprocess
import sys

import pytest

from tests.web.config.places import Deployment

CHECK = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]


@pytest.mark.parametrize("secured_by", [{}, {"KAOHE_TLS_CERT": "", "KAOHE_TLS_KEY": "", "KAOHE_PROXIES": "127.0.0.1"}])
def test_a_secure_deployment_passes_every_check(founded_once: Deployment, secured_by: dict[str, str]) -> None:
    environment = founded_once.environment | {"DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings"} | secured_by

    done = subprocess.run(CHECK, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("profile", ["modern", "dengbao"])
def test_both_profiles_of_passwords_pass(founded_once: Deployment, profile: str) -> None:
    environment = founded_once.environment | {
        "DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings", "KAOHE_PASSWORD_PROFILE": profile
    }  # fmt: skip

    done = subprocess.run(CHECK, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
