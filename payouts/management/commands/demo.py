"""manage.py demo [--file PATH] [--no-serve] [--port 8000]: what `make demo` runs."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import embedded
from ledger.files import Refused
from payouts import demo


class Command(BaseCommand):
    help = "Load the sample, or one of your own exports, judge it, and serve it on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="an export of your own instead of the sample")
        parser.add_argument("--no-serve", action="store_true", help="end before serving")
        parser.add_argument("--port", type=int, default=8000, help="the first one tried")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PAID_DEMO:
            raise CommandError("The demo signs anyone in with one click. Run it as: make demo")
        at = timezone.now()
        began = at if options["file"] else at - demo.BEFORE
        loaded = self._load(options["file"], began)
        folder = settings.VAR_DIR / "statements" / loaded.vendor.slug
        demo.judge(loaded, folder=folder, at=began, say=self.stdout.write)
        users = demo.meet(loaded, at=at)
        if not options["file"]:
            demo.tell(staff=users[0], worker=users[-1], at=at)
        for sentence in demo.summary(loaded):
            self.stdout.write(sentence)
        self.stdout.write("Sign in with one click as: " + ", ".join(str(user) for user in users))
        pdfs = len(list(folder.glob("*.pdf")))
        self.stdout.write(f"{pdfs} of them are written out, a PDF and a data file each: {folder}")
        self.stdout.write(f"The database is {settings.DATABASES['default']['NAME']}")
        if not options["no_serve"]:
            embedded.serve(options["port"], self._ready)

    def _load(self, path: Path | None, at: datetime) -> demo.Loaded:
        if path is None:
            return demo.sample(folder=settings.VAR_DIR / "sample", at=at, say=self.stdout.write)
        if not path.is_file():
            raise CommandError(f"{path}: there is no such file. Check the path.", returncode=2)
        try:
            loaded = demo.own_file(path=path, at=at)
        except Refused as error:
            raise CommandError(str(error), returncode=4) from error
        refusal = loaded.imports[0].refusal
        if refusal:
            why = f"{refusal['value']}: {refusal['rule']}. {refusal['mend']}"
            raise CommandError(f"{path.name}: nothing is kept. {why}", returncode=4)
        return loaded

    def _ready(self, url: str) -> None:
        self.stdout.write(f"Serving at {url}  (Ctrl-C ends it)")
