"""Scans, flags, statements and settlement in the stock admin: to look at only."""

from django.contrib import admin

from payouts.models import Flag, Scan, SettlementEntry, SettlementFile, Statement
from workers.admin import ReadOnly


@admin.register(Scan)
class ScanAdmin(ReadOnly):
    """When somebody looked, and at how much."""

    list_display = ("vendor", "as_of", "started_at", "finished_at", "accounts")
    list_select_related = ("vendor",)


@admin.register(Flag)
class FlagAdmin(ReadOnly):
    """What was found."""

    list_display = ("code", "vendor", "subject", "stake_micros", "currency", "resolved_at")
    list_select_related = ("vendor",)


@admin.register(Statement)
class StatementAdmin(ReadOnly):
    """Statements as they were issued."""

    list_display = ("number", "vendor", "engagement", "period", "issued_at")
    list_select_related = ("vendor", "engagement")


@admin.register(SettlementFile)
class SettlementFileAdmin(ReadOnly):
    """Files that banks sent."""

    list_display = ("name", "vendor", "format", "state", "created_at")
    list_select_related = ("vendor",)
    exclude = ("path",)


@admin.register(SettlementEntry)
class SettlementEntryAdmin(ReadOnly):
    """What they say, entry by entry."""

    list_display = ("end_to_end_id", "vendor", "direction", "status", "amount_micros", "currency")
    list_select_related = ("vendor",)
