"""``tuodi verify``: check the trail's chain, its anchors and every result; exit status 1 where something differs."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from tuodi.office import anchors
from tuodi.office.progress import Tell, silent
from tuodi.office.verification import verify
from tuodi.web import structure
from tuodi.web.launch import FOUND


class Command(BaseCommand):
    """See the module."""

    stealth_options = ("anchors", "json", "tell")

    def handle(self, *, tell: Tell = silent, **options: Any) -> None:
        """Verify and print what was found."""
        structure.require()
        outside = []
        if options["anchors"]:
            outside = anchors.read(Path(options["anchors"]).read_text(encoding="utf-8", errors="replace"))
        done = verify(outside, tell)
        if options["json"]:
            self.stdout.write(json.dumps(done.answer(), ensure_ascii=False, indent=2))
        else:
            for breach in done.breaches:
                self.stdout.write(breach.sentence)
            if done.found > len(done.breaches):
                self.stdout.write(f"……共 {done.found} 处，只列出 {len(done.breaches)} 处。")
            self.stdout.write(done.summary())
        if done.found:
            raise SystemExit(FOUND)
