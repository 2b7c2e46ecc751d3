"""What falls with an import that is undone: decisions on its work's money, and its lapsed reviews.

A decision to withhold was about money that the import had made owed, so it is given back: nothing
stays held of an attempt whose money is taken back. An approval because the review window had lapsed
stays where it can, and the next lapsing asks again. Where money has to be then, the exports that
are left say.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ledger import state
from ledger.drafts import Row
from ledger.facts import Ref, WorkFact
from ledger.known import LAPSED, UNDONE, Known
from ledger.models import Transfer, Withholding, Work
from ledger.moves import MAY_GO_BELOW_ZERO, REMITTED, REVERSE
from ledger.standing import settled

Decisions = Mapping[int, Withholding]  # by id


def decisions_of(histories: Iterable[Sequence[Transfer]]) -> dict[int, Withholding]:
    """Return the decisions that these transfers name. One query, none where they name none."""
    named = {one.withholding_id for history in histories for one in history} - {None}
    return Withholding.objects.in_bulk(list(named)) if named else {}


def of_exports(history: Sequence[Transfer]) -> list[Transfer]:
    """Return a history without what decisions withheld or remitted, which they have given back."""
    return [one for one in history if one.withholding_id is None or one.payment_id is not None]


def give_back(
    row: Row, work: Work, history: Sequence[Transfer], decisions: Decisions, at_ms: int
) -> None:
    """Post the release of all that decisions hold of an attempt, and the mirrors of remittances."""
    ref = Ref(work.pk, work.n)
    gone = {one.reverses_id for one in history}
    for withholding_id, micros in known_of(ref, None, history).held.items():
        if micros > 0:
            decision = decisions[withholding_id]
            row.move(
                "release",
                micros,
                history[0].currency,
                work=ref,
                happened_at_ms=at_ms,
                reason=UNDONE,
                decision=decision.as_fact(),
            )
    for one in history:
        if one.target == REMITTED and one.move != REVERSE and one.pk not in gone:
            one.work, one.withholding = work, decisions[one.withholding_id or 0]
            row.reverse(one, reason=UNDONE, happened_at_ms=at_ms)


def lapsed_since(posted: Sequence[Transfer], history: Sequence[Transfer]) -> list[Transfer]:
    """Return the approvals by a lapsed window that came after what is undone, the newest first."""
    first = min(one.pk for one in posted)
    gone = {one.reverses_id for one in history}
    found = []
    for one in reversed(history):
        if one.reason == LAPSED and one.move != REVERSE and one.pk > first and one.pk not in gone:
            one.work = posted[0].work
            found.append(one)
    return found


def can_be_mirrored(transfers: Iterable[Transfer], balances: Mapping[str, int]) -> bool:
    """Tell whether these can be mirrored one after the other, with an attempt's money so."""
    at = Counter(balances)
    for one in transfers:
        at[one.target] -= one.amount_micros
        at[one.source] += one.amount_micros
        if one.target not in MAY_GO_BELOW_ZERO and at[one.target] < 0:
            return False
    return True


def known_of(root: Ref, latest: WorkFact | Work | None, history: Sequence[Transfer]) -> Known:
    """Return what this history of one attempt comes to."""
    known = Known(root, latest)  # type: ignore[arg-type]
    state.replay(known, history)
    return known


def settle(row: Row, root: Ref, latest: Work, history: Sequence[Transfer], at_ms: int) -> None:
    """Post what brings an attempt's money where the exports that are left say it has to be."""
    known = known_of(root, latest, history)
    for fact in row.transfers:
        if fact.work_id == root.id:
            known.shift(fact.source, fact.target, fact.amount_micros, fact.withholding_id)
    row.follow(settled(known, at_ms), latest.currency, root)
