"""The ledger's tables: facts, terms, what was brought in, and what is computed from it."""

from ledger.models.arrivals import Arrival
from ledger.models.facts import Batch, Leaf, Payment, Transfer, Work
from ledger.models.imports import Import, Job, Remark, Slot
from ledger.models.rates import RateFile, ReferenceRate
from ledger.models.terms import PayTerms, Rate, WageFloor
from ledger.models.weeks import Stream, WeekMark, WorkWeek

__all__ = [
    "Arrival",
    "Batch",
    "Import",
    "Job",
    "Leaf",
    "PayTerms",
    "Payment",
    "Rate",
    "RateFile",
    "ReferenceRate",
    "Remark",
    "Slot",
    "Stream",
    "Transfer",
    "WageFloor",
    "WeekMark",
    "Work",
    "WorkWeek",
]
