"""Drives the ledger through its real doors beside the plain model, and compares the two."""

import csv
import io
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger import (
    agreeing,
    intake,
    jobs,
    lapsing,
    reference_rates,
    releasing,
    state,
    undo,
    week_facts,
    withholding,
)
from ledger.attempts import balances_of, sent_by_payment
from ledger.files import Refused
from ledger.grounds import Disagreed
from ledger.models import Batch, Import, Payment, Transfer, Withholding, Work
from ledger.money import Money
from ledger.moves import (
    FEES,
    IN_TRANSIT,
    PAYABLE,
    PENDING,
    RECEIVED,
    REFUSED,
    WITHHELD,
)  # fmt: skip
from ledger.periods import ms_of
from tests import factories
from tests.ledger.owed import grounds, until
from tests.ledger.plain_model import Import as Imported
from tests.ledger.plain_model import Key, Model, Paid, Told
from tests.ledger.soundness import (
    check_batches,
    check_money,
    check_revisions,
    check_streams,
    check_weeks,
    weeks_of,
)
from workers.models import Engagement

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
CENT = 10_000  # micros
DUE_DAYS = 10
DAY = timedelta(days=1)
MINUTE_MS = 60_000
CURRENCIES = ("USD", "EUR")  # by account
WORK_COLUMNS = (
    "external_id", "worker_external_id", "source_system", "project", "task_type", "status",
    "started_at", "ended_at", "wall_seconds", "active_seconds", "rate_amount", "currency",
    "status_at", "status_reason", "due_at", "decide_by",
)  # fmt: skip
PAID_COLUMNS = (
    "payment_reference", "worker_external_id", "source_system", "amount", "currency", "sent_at",
    "arrived_at", "fee", "work_ids",
)  # fmt: skip


def due_day(key: Key) -> int:
    """Two attempts of three are due on one day."""
    return 30 + (key[1] == 1)


def decide_day(key: Key) -> int:
    """Ten days before: work that lapses is due on the day on which it is due if it is approved."""
    return due_day(key) - DUE_DAYS


def usual_start(key: Key) -> datetime:
    """The attempts of an account overlap; one of them runs over the end of the week."""
    hours = (9, 9.5, 6 * 24 + 23.5, 7 * 24)[key[1]]
    return MONDAY + timedelta(hours=hours)


def work_text(rows: tuple[Told, ...]) -> str:
    """Return an export in the canonical form."""
    return _csv(WORK_COLUMNS, [_work_cells(told) for told in rows])


def _work_cells(told: Told) -> list[object]:
    account, attempt = told.key
    start = usual_start(told.key) + timedelta(minutes=told.start)
    end = start + timedelta(minutes=told.length)
    decided = told.decided_on is not None
    return [
        f"att-{attempt}", f"w-{account}", "tool", "boats", "boxes", told.status,
        start.isoformat() if told.has_clock else "", end.isoformat(),
        "" if told.has_clock else told.length * 60, told.active * 60,
        f"{told.promise / 100:.2f}", CURRENCIES[account],
        (MONDAY + timedelta(days=told.decided_on or 0)).isoformat() if decided else "",
        "poor" if told.status == "rejected" else "",
        (MONDAY + due_day(told.key) * DAY).isoformat(),
        (MONDAY + decide_day(told.key) * DAY).isoformat(),
    ]  # fmt: skip


def paid_text(rows: tuple[Paid, ...]) -> str:
    """Return a remittance record in the canonical form."""
    sent = MONDAY + timedelta(days=31)
    return _csv(
        PAID_COLUMNS,
        [
            [
                f"ref-{row.key[1]}", f"w-{row.key[0]}", "tool", f"{row.amount / 100:.2f}",
                CURRENCIES[row.key[0]], sent.isoformat(),
                (sent + timedelta(days=1)).isoformat() if row.arrived else "",
                f"{row.fee / 100:.2f}", " ".join(f"att-{one}" for one in row.lists),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _csv(columns: tuple[str, ...], rows: list[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


class History:
    """A new vendor in the ledger, and the same one in the model."""

    def __init__(self, folder: Path) -> None:
        self.vendor = factories.vendor(f"Vendor {next(factories.numbers)}")
        self.folder, self.model = folder, Model(due_day)
        self.pairs: list[tuple[Imported, Import, str]] = []  # in force
        self.decisions: list[Withholding] = []  # in the order of their numbers
        self.has_lapsed = False
        agreeing.set_terms(
            vendor=self.vendor, review_days=7, due_days=DUE_DAYS, from_on=MONDAY.date(), at=NOW
        )

    # Doors

    def bring_in(self, kind: str, text: str, as_of: int = 0) -> tuple[Import, bool]:
        """Bring a file in by the real way in, and run its job to the end."""
        path = self.folder / "file.csv"
        path.write_text(text)
        imported, is_new = intake.receive(
            vendor=self.vendor, kind=kind, path=path, name="file.csv",
            exported_at=MONDAY + timedelta(days=as_of), at=NOW,
        )  # fmt: skip
        if is_new:
            jobs.run(job_id=intake.job_of(imported).pk, at=NOW)
            imported.refresh_from_db()
            assert imported.state == "done", (imported.state, imported.refusal)
            assert not imported.path
        return imported, is_new

    def work(self, rows: tuple[Told, ...], as_of: int) -> None:
        """Bring in an export of that day."""
        self._import("work", work_text(rows), as_of, lambda: self.model.work(rows, as_of))

    def pay(self, rows: tuple[Paid, ...]) -> None:
        """Bring in a remittance record."""
        self._import("payouts", paid_text(rows), 0, lambda: self.model.pay(rows))

    def _import(self, kind, text, as_of, expected) -> None:
        known = any(text == before for _, _, before in self.pairs)
        count = Transfer.objects.count(), Work.objects.count(), Batch.objects.count()
        imported, is_new = self.bring_in(kind, text, as_of)
        assert is_new != known
        if known:
            assert count == (
                Transfer.objects.count(), Work.objects.count(), Batch.objects.count(),
            )  # fmt: skip
            return
        one = expected()
        ended = {end: n for end, n in imported.counts.items() if end not in ("rows", "kept")}
        assert ended == dict(one.ended)
        assert imported.counts["kept"] == imported.counts["rows"] == one.ended.total()
        self.pairs.append((one, imported, text))

    def again(self, index: int) -> None:
        """Bring in the same file again: nothing happens."""
        if self.pairs:
            one, _, text = self.pairs[index % len(self.pairs)]
            self._import(one.kind, text, one.as_of + 1, lambda: None)

    def undo(self, index: int) -> None:
        """Take an import back, or see it refused."""
        if not self.pairs:
            return
        one, imported, text = self.pairs[index % len(self.pairs)]
        if self.model.built_upon(one):
            try:
                undo.start(imported=imported, by=None, at=NOW)
            except Refused:
                return
            raise AssertionError("an import that others were built upon was undone")
        job = undo.start(imported=imported, by=None, at=NOW)
        done = jobs.run(job_id=job.pk, at=NOW)
        assert done is not None
        assert done.state == "done", done.error
        imported.refresh_from_db()
        assert imported.state == "undone"
        self.model.undo(one)
        self.pairs.remove((one, imported, text))
        if self.has_lapsed:  # what the undoing left undecided again lapses on the same day
            self.lapse()

    def lapse(self) -> None:
        """Let the time to decide run out."""
        job = lapsing.start(vendor=self.vendor, as_of=MONDAY + 25 * DAY, at=NOW)
        done = jobs.run(job_id=job.pk, at=NOW)
        assert done is not None
        assert done.state == "done", done.error
        self.model.lapse()
        self.has_lapsed = True

    def withhold(self, move: str, key: Key, part: int) -> None:
        """Hold, deduct or remit a part of what is owed for one attempt; or see it refused."""
        attempt = self.model.attempts.get(key)
        owed = attempt.payable if attempt is not None else 0
        cents = -(-owed // part)
        people = Engagement.objects.filter(vendor=self.vendor, account=f"w-{key[0]}")
        if attempt is None or not people.exists():
            return
        given = {
            "engagement": people.get(), "works": [f"att-{key[1]}"], "at": NOW,
            "grounds": until() if move == "hold" else grounds(),
            "most": Money(max(cents, 1) * CENT, CURRENCIES[key[0]]),
        }  # fmt: skip
        if not cents:
            try:
                withholding.withhold(move, **given)
            except Disagreed:
                return
            raise AssertionError("money was withheld that is not owed")
        self.decisions.append(withholding.withhold(move, **given))
        self.model.withhold(move, key, len(self.decisions) - 1, cents)

    def release(self, index: int) -> None:
        """Give back what one hold or deduction took."""
        if self.decisions:
            number = index % len(self.decisions)
            decision = self.decisions[number]
            if decision.move != "remit":
                withholding.release(withholding=decision, reason="looked at", at=NOW)
                self.model.release({number})

    def end(self) -> None:
        """Let all holds run past their end."""
        at = NOW + 60 * DAY
        job = jobs.run(job_id=releasing.start(vendor=self.vendor, as_of=at, at=NOW).pk, at=NOW)
        assert job is not None
        assert job.state == "done", job.error
        holds = {n for n, one in enumerate(self.decisions) if one.move == "hold"}
        self.model.release(holds)

    def rates(self, cents: dict[int, int], day: int) -> None:
        """Record what a euro was in dollars on some days: no week that was priced changes."""
        path = self.folder / "rates.csv"
        path.write_text(
            "currency,base,day,rate,source\n"
            + "".join(
                f"USD,EUR,{MONDAY.date() + timedelta(days=on)},{one / 100:.2f},a-bank\n"
                for on, one in cents.items()
            )
        )
        at = MONDAY + timedelta(days=max(day, *cents))
        before = {week[0]: week for week in weeks_of(self.vendor) if week[1] == 0}
        reference_rates.bring_in(path=path, name=path.name, at=at)
        after = {week[0]: week for week in weeks_of(self.vendor)}
        assert {key: after[key] for key in before} == before

    # What must be true after each step

    def check(self) -> None:
        """Compare the ledger with the model, and with itself."""
        transfers = list(
            Transfer.objects.filter(engagement__vendor=self.vendor)
            .order_by("id")
            .select_related("payment", "work", "engagement")
        )
        self._check_attempts(transfers)
        self._check_payments(transfers)
        check_money(transfers)
        check_streams(self.vendor)
        check_revisions(self.vendor)
        check_batches(self.vendor)
        check_weeks(self.vendor)

    def _check_attempts(self, transfers: list[Transfer]) -> None:
        roots = {
            (int(work.engagement.account[2:]), int(work.external_id[4:])): work
            for work in Work.objects.filter(
                engagement__vendor=self.vendor, corrected_by=None
            ).select_related("engagement")
        }
        of_work = defaultdict(list)
        for transfer in transfers:
            of_work[transfer.work_id].append(transfer)
        pay = week_facts.pay({work.root_id for work in roots.values()}, self.vendor.zone)
        for key, attempt in self.model.attempts.items():
            latest = roots[key]
            history = of_work[latest.root_id]
            at = balances_of(history)
            money = tuple(at[name] // CENT for name in (PENDING, REFUSED, PAYABLE, WITHHELD))
            assert money == attempt.money, (key, money, attempt.money)
            sent = {self._number(ref.id): micros // CENT
                    for ref, micros in sent_by_payment(history).items() if micros}  # fmt: skip
            assert sent == {n: cents for n, cents in attempt.sent.items() if cents}, key
            assert latest.void == (not attempt.said), key
            if attempt.said:
                assert _view(latest) == attempt.view(), key
                paid = pay[latest.root_id]
                assert (paid.pending, paid.earned) == (
                    attempt.pending * CENT, attempt.earned * CENT,
                )  # fmt: skip
                assert paid.received == self._received(attempt), key

    def _received(self, attempt) -> int:
        return attempt.remitted.total() * CENT + sum(
            cents * CENT * payment.received // payment.row.amount
            for number, cents in attempt.sent.items()
            if (payment := self.model.payments.get(number)) is not None
        )

    def _number(self, payment_id: int) -> int:
        """The model's number of a payment: they are posted in the same order."""
        posted = Payment.objects.filter(engagement__vendor=self.vendor, void=False).order_by("id")
        return list(posted.values_list("id", flat=True)).index(payment_id)

    def _check_payments(self, transfers: list[Transfer]) -> None:
        at: dict[int, Counter[str]] = defaultdict(Counter)
        for transfer in transfers:
            if transfer.payment_id is not None:
                at[transfer.payment_id][transfer.source] -= transfer.amount_micros
                at[transfer.payment_id][transfer.target] += transfer.amount_micros
        payments = {self._number(pk): balances for pk, balances in at.items()}
        engagements = {transfer.engagement_id for transfer in transfers}
        ahead = {
            self._number(one.ref.id): one
            for queue in state.paid_ahead(engagements).values()
            for one in queue
        }
        for number, payment in self.model.payments.items():
            in_force = number in self.model.current.values()
            on_the_way = payment.row.amount - payment.received - payment.fees if in_force else 0
            expected = on_the_way, payment.received, payment.fees
            accounts = (IN_TRANSIT, RECEIVED, FEES)
            assert tuple(payments[number][name] // CENT for name in accounts) == expected
            left = payment.prepaid - sum(self.model._drawn(number).values()) if in_force else 0
            found = ahead[number].prepaid // CENT if number in ahead else 0
            assert found == left, number


def _view(latest: Work) -> tuple[object, ...]:
    account, attempt = int(latest.engagement.account[2:]), int(latest.external_id[4:])
    usual = ms_of(usual_start((account, attempt)))

    def minutes(ms: int | None) -> int | None:
        return None if ms is None else ms // MINUTE_MS

    stands = None
    if latest.decided_as:
        day = latest.decided_at_ms and (latest.decided_at_ms - ms_of(MONDAY)) // 86_400_000
        stands = {"approved": "approved", "refused": "rejected"}[latest.decided_as], day
    return (
        minutes(latest.started_at_ms - usual), minutes(latest.ended_at_ms - usual),
        minutes(latest.wall_ms), minutes(latest.said_ms), minutes(latest.active_ms),
        (latest.promised_micros or 0) // CENT, latest.ended_as, stands,
    )  # fmt: skip
