"""What was done, what was promised, and where the money is."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"
