"""manage.py add_user NAME [--vendor V] [--password-stdin]"""

import secrets
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workers import naming, people


class Command(BaseCommand):
    help = "Add somebody who signs in; as staff of a vendor where one is named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--vendor", help="the vendor that the user works for")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from the first line of standard input; else one is made",
        )

    def handle(
        self, *args: Any, name: str, vendor: str | None, password_stdin: bool, **options: Any
    ) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
        made = secrets.token_urlsafe(12)
        try:
            if password_stdin:
                validate_password(password)
            user = people.add_user(
                name=naming.sign_in_name(name),
                password=password or made,
                vendor=naming.vendor_named(vendor) if vendor else None,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.username} can sign in.")
        if not password_stdin:
            self.stdout.write(f"Password, shown this once: {made}")
