"""manage.py add_token --user U [--days 30]"""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import AuthToken

from workers import naming

MOST_DAYS = 90


class Command(BaseCommand):
    help = "Make a token for the API. It is shown once, acts for its user, and expires."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True)
        parser.add_argument("--days", type=int, default=30, help=f"1 to {MOST_DAYS}")

    def handle(self, *args: Any, user: str, days: int, **options: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"{days}: a token lasts 1 to {MOST_DAYS} days. Give --days 30.")
        try:
            owner = naming.user_named(user)
        except naming.Unknown as error:
            raise CommandError(str(error)) from error
        row, token = AuthToken.objects.create(owner, expiry=timedelta(days=days))
        self.stdout.write(f"Token, shown this once: {token}")
        self.stdout.write(
            f"It expires on {row.expiry:%Y-%m-%d}. Send it as Authorization: Bearer …"
        )
