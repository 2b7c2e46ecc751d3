"""The ledger's tables: facts, terms, what was brought in, and what is computed from it."""

from ledger.models.arrivals import Arrival
from ledger.models.deliveries import Delivered, Manifest
from ledger.models.endings import Closing, Deactivation
from ledger.models.facts import Batch, Leaf, Payment, Transfer, Work
from ledger.models.imports import Import, Job, Remark, Slot
from ledger.models.promises import Course, Promise
from ledger.models.rates import RateFile, ReferenceRate
from ledger.models.terms import PayTerms, Rate, WageFloor
from ledger.models.weeks import Stream, WeekMark, WorkWeek
from ledger.models.withholding import Withholding

__all__ = [
    "Arrival",
    "Batch",
    "Closing",
    "Course",
    "Deactivation",
    "Delivered",
    "Import",
    "Job",
    "Leaf",
    "Manifest",
    "PayTerms",
    "Payment",
    "Promise",
    "Rate",
    "RateFile",
    "ReferenceRate",
    "Remark",
    "Slot",
    "Stream",
    "Transfer",
    "WageFloor",
    "WeekMark",
    "Withholding",
    "Work",
    "WorkWeek",
]
