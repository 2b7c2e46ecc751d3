"""manage.py catalogue: what each check flags, leaves alone and rests on. docs/checks.md is this."""

from typing import Any

from django.core.management.base import BaseCommand, no_translations

from payouts import catalogue


class Command(BaseCommand):
    help = "Print the catalogue of the checks: code, guards, stake, parameters and source of each."

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(catalogue.as_markdown(), ending="")
