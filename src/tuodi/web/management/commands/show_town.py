"""The office's part of ``tuodi demo``: one town of the sample county in an empty installation; answers in JSON."""

import json
import secrets
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tuodi.office.demo_town import show_town
from tuodi.office.operations.demo_county import open_demo
from tuodi.web import structure


class Command(BaseCommand):
    """See the module."""

    stealth_options = ("demo",)

    def handle(self, **_options: Any) -> None:
        """Fill the installation, which must be empty, and print what came of it."""
        structure.update(datetime.now())
        open_demo(password=secrets.token_urlsafe(), at=datetime.now())
        with TemporaryDirectory(dir=settings.HOME) as folder:
            shown = show_town(Path(folder), datetime.now)
        self.stdout.write(json.dumps(asdict(shown), ensure_ascii=False))
