"""The ledger's tables: facts, terms, what was brought in, and what is computed from it."""

from ledger.models.deliveries import Delivered, Manifest
from ledger.models.facts import Batch, Leaf, Payment, Transfer, Work
from ledger.models.imports import Import, Job, Remark, Slot
from ledger.models.terms import PayTerms, Rate, WageFloor
from ledger.models.weeks import Stream, WeekMark, WorkWeek

__all__ = [
    "Batch",
    "Delivered",
    "Import",
    "Job",
    "Leaf",
    "Manifest",
    "PayTerms",
    "Payment",
    "Rate",
    "Remark",
    "Slot",
    "Stream",
    "Transfer",
    "WageFloor",
    "WeekMark",
    "Work",
    "WorkWeek",
]
