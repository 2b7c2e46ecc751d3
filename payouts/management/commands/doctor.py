"""`manage.py doctor`: what is there, what is missing, and how to mend it."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config import doctor
from config.celery import app

MISSING = 5  # exit status


class Command(BaseCommand):
    help = "Say what is missing and how to mend it; exit 5 when something is."
    requires_system_checks: list[str] = []  # a part that is missing is to be told, not to stop us

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = doctor.examine(app)
        if options["json"]:
            parts = [{**finding._asdict(), "ok": finding.ok} for finding in findings]
            self.stdout.write(json.dumps({"ok": all(f.ok for f in findings), "parts": parts}))
        else:
            for finding in findings:
                state = "ok     " if finding.ok else "MISSING"
                self.stdout.write(f"{state}  {finding.name}: {finding.seen}")
                if not finding.ok:
                    self.stdout.write(f"         mend: {finding.mend}")
        if not all(finding.ok for finding in findings):
            sys.exit(MISSING)
