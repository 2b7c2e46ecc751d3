"""The ledger in the stock admin: facts and what came in, to look at only."""

from django.contrib import admin

from ledger.models import (
    Batch,
    Import,
    Job,
    Payment,
    PayTerms,
    Rate,
    Remark,
    Transfer,
    WageFloor,
    Work,
    WorkWeek,
)
from workers.admin import ReadOnly

LISTED = {
    Batch: ("uuid", "vendor", "kind", "recorded_at", "leaves"),
    Import: ("name", "vendor", "kind", "state", "created_at"),
    Job: ("kind", "vendor", "state", "done", "total", "attempts"),
    Payment: ("reference", "engagement", "amount_micros", "currency"),
    PayTerms: ("vendor", "source", "project", "review_days", "due_days", "from_on"),
    Rate: ("vendor", "project", "task_type", "per", "amount_micros", "currency", "from_on"),
    Remark: ("imported", "kind", "line", "column", "rule"),
    Transfer: ("engagement", "n", "move", "amount_micros", "currency"),
    WageFloor: ("from_on", "hourly_micros", "currency", "decided_by"),
    Work: ("external_id", "revision", "engagement", "project", "kind"),
    WorkWeek: ("engagement", "starts_on", "earned_micros", "currency"),
}
NAMED = ("vendor", "engagement", "imported")
HIDDEN = {Batch: ("merkle_root", "keys"), Import: ("path",)}

for model, columns in LISTED.items():
    named = tuple(name for name in columns if name in NAMED)
    options = {
        "list_display": columns,
        "list_select_related": named or False,
        "exclude": HIDDEN.get(model, ()),
        "__doc__": f"{model.__name__} rows, to look at.",
    }
    admin.site.register(model, type(f"{model.__name__}Admin", (ReadOnly,), options))
