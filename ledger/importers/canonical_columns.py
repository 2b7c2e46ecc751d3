"""The columns of the canonical CSV v1: name, form, meaning, parser. One home for these rules.

docs/canonical-csv.md prints this table; a test holds the two together.
"""

from ledger.importers import fields
from ledger.importers.columns import Column

STATUSES = ("submitted", "approved", "rejected", "returned", "expired", "skipped", "screened_out")
# fmt: off
KINDS = (
    "task", "rework", "instructions", "training", "qualification", "meeting", "waiting",
    "searching", "admin", "tech_failure", "break", "award",
)
# fmt: on
RATE_KINDS = ("piece", "hour")

parse_status = fields.one_of(*STATUSES)
parse_kind = fields.one_of(*KINDS)
parse_rate_kind = fields.one_of(*RATE_KINDS)

_INSTANT = "RFC 3339 with offset"
_SECONDS = "seconds, at most 3 decimals"

# The order here is the order in which canonical._work takes the cells.
COLUMNS = (
    Column(
        "external_id",
        True,
        "text, at most 200 characters",
        "The tool's own id of this attempt at a piece of work. The same id in a later file is the "
        "same attempt, told again.",
        "att-000123",
        fields.identifier,
    ),
    Column(
        "worker_external_id",
        True,
        "text, at most 200 characters",
        "The worker's account in the tool.",
        "w-17",
        fields.identifier,
    ),
    Column(
        "source_system",
        True,
        "a-z, 0-9, _ and -, at most 30",
        "The tool that the record comes from. Ids are unique within it.",
        "my_tool",
        fields.code,
    ),
    Column(
        "project",
        True,
        "text, cut to 120 characters",
        "What the work was part of: a project, a study or a batch.",
        "street-signs-3",
        fields.name,
    ),
    Column(
        "task_type",
        True,
        "text, cut to 120 characters",
        "What sort of task it was.",
        "draw boxes",
        fields.name,
    ),
    Column(
        "status",
        True,
        ", ".join(STATUSES),
        "How the attempt ended, or what was decided about it. `returned`, `expired` and `skipped` "
        "earn nothing, but their time counts. `screened_out` earns `rate_amount` when there is "
        "one and is then decided.",
        "approved",
        parse_status,
    ),
    Column(
        "worker_country",
        False,
        "ISO 3166 alpha-2",
        "Where the worker is. No verdict depends on it.",
        "KE",
        fields.country,
    ),
    Column(
        "work_category",
        False,
        ", ".join(KINDS),
        "What kind of work it was; empty means `task`. An `award` is a bonus or a top-up: it has "
        "a `rate_amount`, no duration, and the status `approved`. One that pays for time without "
        "pay names the check that asked for it, like `W24`, as its `task_type`.",
        "task",
        parse_kind,
    ),
    Column(
        "started_at",
        False,
        _INSTANT,
        "When the work began on the clock. One of `started_at`, `ended_at` and `status_at` must "
        "be there.",
        "2026-02-28T16:52:00+03:00",
        fields.instant,
    ),
    Column(
        "ended_at",
        False,
        _INSTANT,
        "When it ended on the clock; not before `started_at`.",
        "2026-02-28T17:00:00+03:00",
        fields.instant,
    ),
    Column(
        "active_seconds",
        False,
        _SECONDS,
        "Time that the tool measured as active. Empty means not measured, never zero.",
        "412.5",
        fields.seconds,
    ),
    Column(
        "wall_seconds",
        False,
        _SECONDS,
        "Time from begin to end as the tool gives it. Where both instants are there it may differ "
        "from them by at most 1 second.",
        "480",
        fields.seconds,
    ),
    Column(
        "paid_seconds",
        False,
        _SECONDS,
        "Time that the vendor pays for. Pay by the hour is computed from it.",
        "480",
        fields.seconds,
    ),
    Column(
        "rate_kind",
        False,
        ", ".join(RATE_KINDS),
        "What `rate_amount` is paid for: one unit, or an hour of `paid_seconds`. Empty means "
        "`piece`.",
        "piece",
        parse_rate_kind,
    ),
    Column(
        "rate_amount",
        False,
        "digits with a dot, at most 6 decimals",
        "The pay that was promised. Empty means that the pay is not known, 0 that there is none.",
        "0.45",
        fields.amount,
    ),
    Column(
        "units",
        False,
        "a count, at most 3 decimals",
        "How many units of piece work the row stands for; empty means 1.",
        "1",
        fields.thousandths,
    ),
    Column(
        "currency",
        False,
        "ISO 4217",
        "The currency of `rate_amount`; needed when that is given.",
        "USD",
        fields.currency,
    ),
    Column(
        "status_at",
        False,
        _INSTANT,
        "When it was decided. It lets a later decision win over an earlier one.",
        "2026-03-01T09:00:00Z",
        fields.instant,
    ),
    Column(
        "status_reason",
        False,
        "text, cut to 200 characters",
        "The reason for the decision, as the worker was told.",
        "boxes too wide",
        fields.reason,
        free_text=True,
    ),
    Column(
        "decide_by",
        False,
        _INSTANT,
        "When the work counts as approved if nobody decides.",
        "2026-03-07T17:00:00Z",
        fields.instant,
    ),
    Column(
        "due_at",
        False,
        _INSTANT,
        "When the pay is due.",
        "2026-03-31T23:59:59Z",
        fields.instant,
    ),
    Column(
        "note",
        False,
        "text",
        "Not read and not kept: free text may name people.",
        "",
        None,
    ),
)
