"""Posts a chunk of an export of work: each row is compared with what is known of its attempt."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ledger import journal, snapshots, state
from ledger.agreed import PayTermsInForce, RatesInForce
from ledger.allocation import Debt
from ledger.bulk import Meanwhile
from ledger.drafts import Draft, Row
from ledger.facts import Account
from ledger.importers.rows import WorkRow
from ledger.known import Known
from ledger.models import Import, Remark
from ledger.moves import PAYABLE
from ledger.periods import ms_of
from ledger.vanished import SaidLater
from workers.models import Engagement, Vendor


@dataclass
class Tally:
    """How the rows of a chunk ended, and what two exports disagree about."""

    counts: Counter[str] = field(default_factory=Counter)
    conflicts: list[Remark] = field(default_factory=list)


@dataclass
class Accounts:
    """The accounts of one vendor that an import has met, kept from chunk to chunk."""

    vendor: Vendor
    by_name: dict[tuple[str, str], Account] = field(default_factory=dict)
    countries: dict[int, str] = field(default_factory=dict)

    def meet(self, names: dict[tuple[str, str], str]) -> None:
        """Read or make these accounts. names: (source, account) and the country, "" if not told.

        A country is shown and never computed with, so an account's may change at any time.
        """
        fresh = [name for name in names if name not in self.by_name]
        for source in {source for source, _ in fresh}:
            wanted = [account for its_source, account in fresh if its_source == source]
            self._read(source, wanted)
            lacking = [name for name in wanted if (source, name) not in self.by_name]
            Engagement.objects.bulk_create(
                [
                    Engagement(
                        vendor=self.vendor, source=source, account=name,
                        country=names[source, name],
                    )
                    for name in lacking
                ]
            )  # fmt: skip
            self._read(source, lacking)
        for name, country in names.items():
            pk = self.by_name[name].id
            if country and self.countries[pk] != country:
                Engagement.objects.filter(pk=pk).update(country=country)
                self.countries[pk] = country

    def _read(self, source: str, accounts: Sequence[str]) -> None:
        found = Engagement.objects.filter(
            vendor=self.vendor, source=source, account__in=list(accounts)
        )
        refs = journal.accounts(found)
        for engagement in found:
            self.by_name[source, engagement.account] = refs[engagement.pk]
            self.countries[engagement.pk] = engagement.country


class Posted(NamedTuple):
    """A row that was posted, and what is known of its attempt since."""

    row: Row
    known: Known


def key_of(source: str, account: str, external_id: str) -> bytes:
    """Return the 8 bytes by which an import remembers that it has seen this key."""
    name = f"{source}\x1f{account}\x1f{external_id}".encode()
    return hashlib.blake2b(name, digest_size=8).digest()


def post(
    *,
    imported: Import,
    chunk: int,
    rows: Sequence[WorkRow],
    accounts: Accounts,
    superseded: SaidLater,
    at: datetime,
    meanwhile: Meanwhile | None = None,
) -> Tally:
    """Post one chunk of an import of work, in one transaction. Returns how its rows ended.

    superseded: keys of which a later-dated export has said something. meanwhile: see bulk.py.
    """
    tally = Tally()
    vendor = imported.vendor
    terms, rates = PayTermsInForce.of(vendor), RatesInForce.of(vendor)
    with journal.batch(
        vendor=vendor, kind="work", at=at, by=imported.by, imported=imported, chunk=chunk,
        meanwhile=meanwhile,
    ) as draft:  # fmt: skip
        superseded.read_on()
        accounts.meet({(row.source, row.account): row.country or "" for row in rows})
        ids = [accounts.by_name[row.source, row.account].id for row in rows]
        draft.load_streams(ids)
        keys = [(pk, row.external_id) for pk, row in zip(ids, rows, strict=True)]
        known = state.known_work({key for key in keys if draft.was_there(key[0])})
        ahead = state.paid_ahead(set(ids))
        as_of_ms = ms_of(imported.as_of)
        posted: dict[state.Key, Posted] = {}
        for row, key in zip(rows, keys, strict=True):
            seen = key_of(row.source, row.account, row.external_id)
            draft.keys += seen
            there = known.get(key)
            claimed = row.started_at_ms if row.started_at_ms is not None else row.at_ms
            priced = _priced(row, rates, claimed)
            agreed = terms.at(source=row.source, project=row.project, claimed_at_ms=claimed)
            change = snapshots.compare(priced, there, agreed, as_of_ms, seen in superseded)
            tally.counts[change.outcome] += 1
            if change.conflict:
                tally.conflicts.append(_conflict(imported, row, change.conflict))
            if change.outcome != "unchanged":
                account = accounts.by_name[row.source, row.account]
                one = posted[key] = _draft_row(draft, account, priced, there, change)
                known[key] = one.known
        meet_debts(list(posted.values()), ahead)
    return tally


def _draft_row(
    draft: Draft,
    account: Account,
    said: WorkRow,
    known: Known | None,
    change: snapshots.Change,
) -> Posted:
    """Post one changed row; return it with what is known of its work afterwards."""
    row, after = draft.row(account, line=said.line, raw=said.raw), change.after
    if known is not None and known.latest is not None:  # the weeks that it was in, wherever it is
        draft.touch(account.id, known.latest.started_at_ms, known.latest.ended_at_ms)
    if change.work is not None:
        after.root = row.work(change.work, root=after.root)
        after.latest = row.works[-1]
    assert after.root is not None
    assert after.latest is not None
    row.follow(change.moves, after.latest.currency, after.root)
    return Posted(row, after)


def meet_debts(posted: list[Posted], ahead: dict[int, list[state.Ahead]]) -> None:
    """Meet what the posted rows leave owed by what was paid ahead, the oldest payment first.

    posted: the last row of each attempt. The debts of all rows are looked at together, as they are
    when a payment comes later: the order of the rows in the file decides nothing.
    """
    by_account: dict[int, list[Posted]] = defaultdict(list)
    for one in posted:
        if one.row.account.id in ahead:
            by_account[one.row.account.id].append(one)
    for account_id, own in by_account.items():
        for payment in ahead[account_id]:
            _meet_with(payment, own)


def _meet_with(payment: state.Ahead, posted: list[Posted]) -> None:
    by_root: dict[int, Posted] = {}
    debts = []
    for one in posted:
        known, latest = one.known, one.known.latest
        assert known.root is not None
        assert latest is not None
        if known.balances[PAYABLE] > 0 and latest.currency == payment.currency:
            by_root[known.root.id] = one
            debts.append(
                Debt(known.root, latest.external_id, known.due_at_ms or 0, known.balances[PAYABLE])
            )
    for work, micros in payment.meet(debts):
        one = by_root[work.id]
        one.row.move(
            "apply",
            micros,
            payment.currency,
            work=work,
            payment=payment.ref,
            happened_at_ms=payment.sent_at_ms,
        )
        one.known.balances[PAYABLE] -= micros


def _priced(row: WorkRow, rates: RatesInForce, claimed_at_ms: int) -> WorkRow:
    """Return the row with its agreed price, where its export names none."""
    if row.promised_micros is not None or row.rate_kind is not None or not rates.rates:
        return row
    price: Callable[..., tuple[int, str] | None] = rates.price
    agreed = price(
        project=row.project,
        task_type=row.task_type,
        claimed_at_ms=claimed_at_ms,
        paid_ms=row.paid_ms,
    )
    return row if agreed is None else row._replace(promised_micros=agreed[0], currency=agreed[1])


def _conflict(imported: Import, row: WorkRow, what: str) -> Remark:
    return Remark(
        imported=imported,
        kind="conflict",
        line=row.line,
        column="status",
        value=f"{row.external_id} {what}"[:500],
        rule="of two decisions the later-dated one stands, and one of these has no date",
        mend="Export again with the date of the decision. Until then the earlier one stands.",
    )
