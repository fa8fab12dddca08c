"""Set up behind TLS, Django's own check finds nothing; bandit finds nothing of high severity."""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

SOURCE = Path(__file__).parents[2] / "src"


def settings_with(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> dict[str, Any]:
    """Return the settings as an installation has them that is started with these variables and is no demonstration."""
    module = importlib.import_module("tuodi.web.settings")
    with monkeypatch.context() as patch:
        for name in ("TUODI_HTTPS", "TUODI_PROXY", "TUODI_HOSTS", "TUODI_DEMO"):
            patch.delenv(name, raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        read = {name: value for name, value in vars(importlib.reload(module)).items() if name.isupper()}
    importlib.reload(module)
    return read


def test_正式部署的设置没有警告(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are read again as an office behind TLS starts them, then Django checks them here."""
    deployed = settings_with(monkeypatch, {"TUODI_HTTPS": "1", "TUODI_HOSTS": "jiuzhu.example.gov.cn"})
    assert deployed["SECOND_FACTOR"]
    assert deployed["SESSION_COOKIE_SECURE"]
    # Only tests with a browser set it.
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    with override_settings(**{name: value for name, value in deployed.items() if name != "DATABASES"}):
        found = checks.run_checks(include_deployment_checks=True)
    assert [str(message) for message in found] == []


def test_演示之外总要第二因素() -> None:
    assert settings.SECOND_FACTOR is not settings.DEMO


def test_bandit_没有高危() -> None:
    command = [sys.executable, "-m", "bandit", "-q", "-r", str(SOURCE), "-lll"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
