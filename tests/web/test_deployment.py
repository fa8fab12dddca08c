"""Set up behind TLS, Django's own check finds nothing; bandit finds nothing of high severity."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

SOURCE = Path(__file__).parents[2] / "src"


def test_正式部署的设置没有警告(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are read again as an office behind TLS starts them, then Django checks them here."""
    module = importlib.import_module("tuodi.web.settings")
    monkeypatch.setenv("TUODI_HTTPS", "1")
    monkeypatch.setenv("TUODI_HOSTS", "jiuzhu.example.gov.cn")
    monkeypatch.delenv("TUODI_DEMO")
    # Only tests with a browser set it.
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    deployed = {name: value for name, value in vars(importlib.reload(module)).items() if name.isupper()}
    assert deployed["SECOND_FACTOR"]
    assert deployed["SESSION_COOKIE_SECURE"]
    with override_settings(**{name: value for name, value in deployed.items() if name != "DATABASES"}):
        found = checks.run_checks(include_deployment_checks=True)
    monkeypatch.undo()
    importlib.reload(module)
    assert [str(message) for message in found] == []


def test_演示之外总要第二因素() -> None:
    assert settings.SECOND_FACTOR is not settings.DEMO


def test_bandit_没有高危() -> None:
    command = [sys.executable, "-m", "bandit", "-q", "-r", str(SOURCE), "-lll"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
