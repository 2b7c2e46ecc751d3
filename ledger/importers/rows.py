"""What an importer yields for each record of a file: work, a payment, nothing to do, or a reject.

Named tuples, because a file may have a million of them. Every record of a file ends as exactly
one of these (two where files were glued together in the middle of a line), so counts add up.
"""

from typing import NamedTuple


class Decision(NamedTuple):
    """What the source decided about a piece of work. what: 'approved' or 'refused'."""

    what: str
    at_ms: int | None  # None: the source does not say when
    reason: str  # "" when none was given


class WorkRow(NamedTuple):
    """One attempt at a piece of work, as one file tells it.

    Instants are UTC epoch milliseconds, durations milliseconds, money micros of `currency`.
    None always means that the file does not say; it never means zero.
    """

    line: int  # 1 for the first line of the file; of the record's first line
    raw: bytes  # the record's text in UTF-8, without the line end that closes it
    source: str
    account: str
    country: str | None  # ISO 3166 alpha-2; kept as evidence, reaches no verdict
    external_id: str
    project: str
    task_type: str
    kind: str
    ended_as: str  # submitted, returned, expired, skipped, screened_out
    started_at_ms: int | None
    ended_at_ms: int | None
    wall_ms: int | None  # only what the file states; the clock is started_at and ended_at
    active_ms: int | None
    paid_ms: int | None
    rate_kind: str | None  # piece, hour
    promised_micros: int | None  # None: pay unknown; 0: known to be nothing
    currency: str  # "" when the file names none
    decisions: tuple[Decision, ...]  # oldest first, the last one stands; () = undecided
    decide_by_at_ms: int | None
    due_at_ms: int | None
    at_ms: int  # places a row without a clock in a week: ended, else started, else decided


class PaymentRow(NamedTuple):
    """One payment that left the vendor for one account."""

    line: int
    raw: bytes
    source: str
    account: str
    reference: str
    currency: str
    amount_micros: int  # what left the vendor, above 0
    sent_at_ms: int
    arrived_at_ms: int | None
    fee_micros: int  # lost on the way at the worker's cost, part of the amount
    works: tuple[str, ...]  # external ids that it pays; () = the file lists none
    arrived_micros: int | None = None  # what the recipient got, where it was exchanged on the way
    arrived_currency: str = ""

    @property
    def exchanged(self) -> tuple[int, str] | None:
        """What the recipient got in another currency, where the row says so."""
        return None if self.arrived_micros is None else (self.arrived_micros, self.arrived_currency)


class NoWork(NamedTuple):
    """A record that holds no work: an unassigned HIT, a repeated header, a blank line."""

    line: int
    reason: str


class Reject(NamedTuple):
    """A record that cannot be read, with what to do about it.

    cells: only the columns that the importer keeps, under the names that the file gives them, so
    that a file of rejects can be corrected and imported again.
    """

    line: int
    column: str
    value: str
    rule: str
    mend: str
    cells: dict[str, str]


Row = WorkRow | PaymentRow | NoWork | Reject
