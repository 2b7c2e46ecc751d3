"""Facts as plain tuples, as they are written: the columns of ledger/models/facts.py, in order."""

from typing import NamedTuple


class Account(NamedTuple):
    """An engagement, as far as facts need it. Keys are 32 bytes each."""

    id: int
    pseudonym: str
    who_key: bytes
    money_key: bytes


class WorkFact(NamedTuple):
    """A revision of a piece of work; the fields are those of models.Work."""

    id: int
    n: int
    root_id: int
    revision: int
    corrects_id: int | None
    void: bool
    external_id: str
    project: str
    task_type: str
    kind: str
    ended_as: str
    started_at_ms: int
    ended_at_ms: int
    wall_ms: int | None
    said_ms: int | None
    active_ms: int | None
    paid_ms: int | None
    promised_micros: int | None
    currency: str
    decide_by_at_ms: int | None
    decided_as: str
    decided_at_ms: int | None
    said_at_ms: int


class PaymentFact(NamedTuple):
    """A revision of a payment; `lists` is JSON text."""

    id: int
    n: int
    revision: int
    corrects_id: int | None
    void: bool
    reference: str
    currency: str
    amount_micros: int
    sent_at_ms: int
    lists: str


class TransferFact(NamedTuple):
    """One movement of money; the fields are those of models.Transfer."""

    id: int
    n: int
    work_id: int | None
    payment_id: int | None
    move: str
    source: str
    target: str
    currency: str
    amount_micros: int
    happened_at_ms: int | None
    due_at_ms: int | None
    reason: str
    reverses_id: int | None
    withholding_id: int | None


class Decision(NamedTuple):
    """A withholding that a transfer names: its id, and what the commitment says of it."""

    id: int
    said: tuple[str | int | None, ...]


class Ref(NamedTuple):
    """What another fact needs to name a fact: its id, and its number in the stream."""

    id: int
    n: int


PLACE = ("batch_id", "position", "engagement_id")
WORK_COLUMNS = (*PLACE, *WorkFact._fields)
PAYMENT_COLUMNS = (*PLACE, *PaymentFact._fields)
TRANSFER_COLUMNS = (*PLACE, *TransferFact._fields)
UNPLACED = (0, 0, 0)  # id, number and root of a revision that no draft has taken yet
REVISED = slice(WorkFact._fields.index("revision"), None)
# What commitments say of a fact, besides its number: never an id, which is this database's own.
DESCRIBED = slice(WorkFact._fields.index("external_id"), WorkFact._fields.index("promised_micros"))
SAID = slice(WorkFact._fields.index("decide_by_at_ms"), None)
SENT = slice(PaymentFact._fields.index("void"), PaymentFact._fields.index("lists"))
MOVED = slice(TransferFact._fields.index("move"), TransferFact._fields.index("reverses_id"))
LEAF_COLUMNS = ("batch_id", "position", "line", "line_hash", "who", "money")


def award(
    *,
    external_id: str,
    project: str,
    names: str,
    on_ms: int,
    micros: int,
    currency: str,
    decided_at_ms: int,
) -> WorkFact:
    """Return the only revision of an award that this ledger made: pay without time, on one day.

    project: why it was made. names: its type of task, which says what it is for. on_ms: an instant
    of the day on which it was earned.
    """
    return WorkFact(
        *UNPLACED,
        revision=1,
        corrects_id=None,
        void=False,
        external_id=external_id,
        project=project,
        task_type=names,
        kind="award",
        ended_as="submitted",
        started_at_ms=on_ms,
        ended_at_ms=on_ms,
        wall_ms=None,
        said_ms=None,
        active_ms=None,
        paid_ms=None,
        promised_micros=micros,
        currency=currency,
        decide_by_at_ms=None,
        decided_as="approved",
        decided_at_ms=decided_at_ms,
        said_at_ms=decided_at_ms,
    )
