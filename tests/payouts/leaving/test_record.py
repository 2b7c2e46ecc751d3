"""A vendor declares its paying accounts, and their banks' statements tell how far pay is known."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger import jobs
from ledger.grounds import Disagreed
from payouts.leaving import record
from payouts.models import PayingAccounts, SettlementEntry, SettlementFile
from payouts.runs import looking
from payouts.settlement import unsettling
from tests import bringing, factories
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import NOW, Bank
from tests.payouts.settlement.reports import OWN_IBAN, Line

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 9, 28)
OTHER_IBAN = "FR1420041010050500013M02606"


@pytest.fixture
def bank(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    bringing.floor_since_2010()
    made = Bank(tmp_path)
    made.work(("a1", "w1", "10.00"))
    return made


def declare(vendor, *accounts, from_on=OCTOBER, at=NOW, **given):
    said = {"reason": "the only accounts we have", "decided_by": "Mary", **given}
    kept = accounts or ((OWN_IBAN, "USD"),)
    return record.declare(vendor=vendor, accounts=kept, from_on=from_on, at=at, **said)


def statement(bank, first, last, opening="1000.00", *lines, **given):
    bank.report(reports.camt(*lines, opening=opening, days=(first, last), **given))


def test_statements_without_a_gap_say_up_to_when_payments_are_known(bank):
    declare(bank.vendor)
    assert record.known(bank.vendor).until is None

    statement(bank, "2026-09-25", "2026-10-20", "1000.00", Line("X", "10.00"))
    assert record.known(bank.vendor).until == date(2026, 10, 20)
    statement(bank, "2026-10-31", "2026-11-05", "980.00", Line("Y", "1.00"))
    assert record.known(bank.vendor).until == date(2026, 10, 20)
    (gap,) = record.known(bank.vendor).gaps
    assert "one ends with 990.00 USD on 20 Oct 2026, the next begins with 980.00 USD" in gap.what

    statement(bank, "2026-10-20", "2026-10-31", "990.00", Line("Z", "10.00"))
    assert record.known(bank.vendor).until == date(2026, 11, 5)
    assert record.known(bank.vendor).gaps == ()


def test_each_declared_account_needs_its_statements(bank):
    declare(bank.vendor, (OWN_IBAN, "USD"), (OTHER_IBAN, "usd"))
    statement(bank, "2026-09-25", "2026-10-20")
    assert record.known(bank.vendor).until is None
    statement(bank, "2026-09-25", "2026-10-15", iban=OTHER_IBAN)
    assert record.known(bank.vendor).until == date(2026, 10, 15)


def test_a_statement_that_does_not_agree_proves_nothing(bank):
    declare(bank.vendor)
    content = reports.camt(Line("X", "10.00"), days=("2026-09-25", "2026-10-20"))
    bank.report(content.replace(b'"USD">990.00', b'"USD">991.00'))

    assert record.known(bank.vendor).until is None
    assert "does not agree" in record.known(bank.vendor).gaps[0].what


def test_mt940_statements_count_as_well(bank):
    declare(bank.vendor, ("DE89370400440532013000", "EUR"))
    bank.report(
        b":20:A\n:25:DE89370400440532013000\n:28C:7/1\n:60F:C260925EUR100,\n"
        b":61:2610010101D40,NTRFPAY-1\n:62F:C261002EUR60,\n-\n"
        b":20:A\n:25:DE89370400440532013000\n:28C:8/1\n:60F:C261012EUR60,\n:62F:C261014EUR60,\n-\n"
    )
    assert record.known(bank.vendor).until == date(2026, 10, 14)


def test_periods_that_overlap_count_each_movement_once_and_go_on(bank):
    declare(bank.vendor)
    x, y, z = (Line(name, "10.00", day=f"2026-10-{on}", bank_reference=name)
               for name, on in (("X", "05"), ("Y", "15"), ("Z", "25")))  # fmt: skip
    statement(bank, "2026-09-25", "2026-10-20", "1000.00", x, y)
    statement(bank, "2026-10-10", "2026-10-31", "990.00", y, z, number=7)
    statement(bank, "2026-10-10", "2026-10-31", "990.00", y, z, number=8)  # sent again

    assert record.known(bank.vendor).until == date(2026, 10, 31)
    assert SettlementEntry.objects.count() == 3


def test_periods_that_overlap_and_contradict_each_other_say_where(bank):
    declare(bank.vendor)
    x, y = Line("X", "10.00", day="2026-10-05"), Line("Y", "10.00", day="2026-10-15")
    statement(bank, "2026-09-25", "2026-10-20", "1000.00", x, y)
    statement(bank, "2026-10-10", "2026-10-31", "990.00")

    known = record.known(bank.vendor)
    assert known.until == date(2026, 10, 20)
    assert (
        "at the end of 15 Oct 2026 one has 980.00 USD, the other 990.00 USD" in known.gaps[0].what
    )


def test_statements_of_one_file_may_overlap(bank):
    declare(bank.vendor, (OWN_IBAN, "EUR"))
    days = (b":60F:C260925EUR100,", b":60F:C261001EUR100,")
    bank.report(b"".join(
        b":20:A\n:25:%s\n:28C:%d/1\n%s\n:61:2610020102D40,NTRFPAY-1//B1\n:62F:C2610%sEUR60,\n-\n"
        % (OWN_IBAN.encode(), number, opening, closing)
        for number, (opening, closing) in enumerate(zip(days, (b"05", b"12"), strict=True))
    ))  # fmt: skip

    assert SettlementEntry.objects.count() == 1
    assert SettlementFile.objects.get().counts == {
        "new": 1, "known": 1, "entries": 2, "unreadable": 0,
    }  # fmt: skip


def test_who_looks_at_a_run_reads_no_statement_that_was_read_before(bank):
    declare(bank.vendor)
    run = bank.vendor.pay_runs.create(
        number=1, currency="USD", first_on=OCTOBER, last_on=NOW.date(), drafted_at=NOW
    )

    def look():
        with CaptureQueriesContext(connection) as queries:
            looking.checked(run, as_of=NOW)
        return [one["sql"] for one in queries]

    def reads(asked):
        return sum('"payouts_settlementfile"."statements"' in sql for sql in asked)

    statement(bank, "2026-09-25", "2026-10-01")
    look()
    few = look()
    for number in range(1, 9):
        statement(bank, f"2026-10-0{number}", f"2026-10-0{number + 1}")
    assert reads(look()) == 1
    many = look()
    assert (reads(few), reads(many)) == (0, 0)
    assert len(many) == len(few)


def test_what_is_remembered_of_statements_goes_with_their_file(bank):
    declare(bank.vendor)
    content = reports.camt(days=("2026-09-25", "2026-10-20"))
    file = bank.report(content)
    assert record.known(bank.vendor).until == date(2026, 10, 20)

    jobs.run(job_id=unsettling.start(file=file, by=None, at=NOW).pk, at=NOW)
    assert record.known(bank.vendor).until is None
    bank.report(content)
    assert record.known(bank.vendor).until == date(2026, 10, 20)


def test_work_that_is_older_than_the_declaration_needs_a_word(bank):
    declare(bank.vendor, from_on=date(2026, 10, 12))
    statement(bank, "2026-10-11", "2026-10-20")

    assert record.known(bank.vendor).until is None
    assert "work is older than 12 Oct 2026" in record.known(bank.vendor).gaps[0].what


def test_two_vendors_do_not_share_a_record(bank, tmp_path):
    declare(bank.vendor)
    statement(bank, "2026-09-25", "2026-10-20")
    other = factories.vendor("Birch Imaging")
    declare(other)

    known = record.known_of([bank.vendor, other])
    assert known[bank.vendor.pk].until == date(2026, 10, 20)
    assert known[other.pk].reaches == (((OWN_IBAN, "USD"), None),)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"reason": " "}, "no reason", id="why"),
        pytest.param({"decided_by": ""}, "no decided-by", id="who"),
        pytest.param({"accounts": [("--", "EUR")]}, "4 to 40 letters and digits", id="no number"),
        pytest.param({"accounts": [("DE893704", "EURO")]}, "EURO", id="no currency"),
        pytest.param({"accounts": []}, "the first declaration names accounts", id="nothing"),
        pytest.param({"accounts": [("rubbish", "USD")]}, "letters and digits", id="no digit"),
        pytest.param(
            {"accounts": [("DE88370400440532013000", "EUR")]}, "checksum is wrong", id="a slip"
        ),
    ],
)
def test_a_declaration_says_which_accounts_why_and_who(bank, given, said):
    with pytest.raises(Disagreed, match=said):
        record.declare(
            **{"vendor": bank.vendor, "accounts": [(OWN_IBAN, "EUR")], "from_on": OCTOBER,
               "reason": "so", "decided_by": "Mary", "at": NOW, **given}
        )  # fmt: skip
    assert not PayingAccounts.objects.exists()


def test_only_the_first_declaration_reaches_back_and_none_is_changed(bank):
    first = declare(bank.vendor)
    with pytest.raises(Disagreed, match="only the first may reach back"):
        declare(bank.vendor, from_on=date(2026, 11, 1))
    declare(bank.vendor, from_on=NOW.date())
    with pytest.raises(Disagreed, match="declared from that day on already"):
        declare(bank.vendor, from_on=NOW.date())
    first.reason = "another"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        first.save()


def test_the_command_declares_and_says_what_is_in_the_way(bank):
    def say(*words):
        out = StringIO()
        call_command("pay_accounts", "--vendor", bank.vendor.name, *words, stdout=out)
        return out.getvalue()

    assert "nobody knows" in say()
    with pytest.raises(CommandError, match="no --from"):
        say("--account", f"{OWN_IBAN}/USD", "--reason", "all we have")
    why = ("--decided-by", "Mary", "--reason", "all we have", "--from", "2026-09-28")
    assert "no statement covers 28 Sep 2026" in say("--account", f"{OWN_IBAN}/USD", *why)
    statement(bank, "2026-09-25", "2026-10-20")
    told = say()
    assert "known up to 2026-10-20, by their banks' statements" in told
    assert f"{OWN_IBAN} USD: without a gap up to 2026-10-20" in told
    with pytest.raises(CommandError, match="only the first may reach back"):
        say("--account", f"{OWN_IBAN}/USD", *why)


def test_the_page_says_up_to_when_and_takes_a_declaration(bank, client):
    client.force_login(factories.staff(bank.vendor, "mary"))
    address = f"/v/{bank.vendor.slug}/settlement/accounts/"
    said = {"accounts": f"{OWN_IBAN}/USD\n", "from_on": "2026-09-28", "reason": "all we have"}

    assert "Nobody knows up to when" in client.get(address).content.decode()
    refused = client.post(f"{address}declare/", {**said, "reason": ""})
    assert "Say it in a few words." in refused.content.decode()
    client.post(f"{address}declare/", said)
    statement(bank, "2026-09-25", "2026-10-20")
    page = client.get(address).content.decode()
    assert "Payments are known up to" in page
    assert "20 Oct 2026" in page
    assert PayingAccounts.objects.get().decided_by == "mary"
    assert "20 Oct 2026" in client.get(f"/v/{bank.vendor.slug}/settlement/").content.decode()
