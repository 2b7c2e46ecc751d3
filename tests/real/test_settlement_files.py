"""Real bank files, file by file: what is read, what their balances prove, what is refused.

They lie outside the repository (tests/surroundings.py says where); nothing of them is copied here.
The figures were found by grep, a few lines over the standard library's XML, mt-940 and ofxparse.
"""

import subprocess
import sys
from collections import Counter

import pytest

from ledger.importers.reading import UnreadableFile
from payouts.models import SettlementEntry
from payouts.settlement import formats
from payouts.settlement.entries import IN, OUT
from tests.payouts.settlement.bank import Bank
from tests.real.settlement import files, reconciled
from tests.surroundings import ROOT, real_data

pytestmark = pytest.mark.real

CENTS = 10_000  # micros
# file: entries, problems, and whether each statement agrees with its balances, in cents in and out
EXPECTED = {
    "test-camt053-no-ntry.xml": (0, 0, [True]),
    "test-camt053-txdtls.xml": (2, 0, [True]),
    "test-camt053.xml": (4, 0, [False]),
    "test-camt054.xml": (1, 0, [None]),
    "betterplace__amount_formats.sta": (0, 5, [None]),
    "betterplace__currency_in_25.sta": (0, 0, [None]),
    "betterplace__empty_entry_date.sta": (0, 1, [None]),
    "betterplace__missing_crlf_at_end.sta": (0, 0, [None]),
    "betterplace__sepa_mt9401.sta": (97, 0, [True] * 26),
    "betterplace__sepa_snippet.sta": (11, 0, [True, False]),
    "betterplace__sepa_snippet_broken.sta": (1, 1, [False]),
    "betterplace__with_binary_character.sta": (4, 0, [True, True]),
    "cmxl__account_balance_credit.sta": (0, 0, [None]),
    "cmxl__account_balance_debit.sta": (0, 0, [None]),
    "cmxl__account_identification_iban.sta": (0, 0, [None]),
    "cmxl__account_identification_legacy.sta": (0, 0, [None]),
    "cmxl__closing_balance.sta": (0, 0, [None]),
    "cmxl__mt940.sta": (16, 0, [True, True, True]),
    "cmxl__statement_details.sta": (0, 1, [None]),
    "cmxl__statement_line.sta": (0, 1, [None]),
    "jejik__postfinance.sta": (4, 0, [True, False]),
    "mBank__mt940.sta": (3, 0, [True]),
    "mBank__mt942.sta": (3, 0, [True]),
    "mBank__with_newline_in_tnr.sta": (2, 0, [False]),
    "sberbank__171011_01234945.sta": (3, 0, [True]),
    "self-provided__february_30.sta": (1, 0, [True]),
    "self-provided__whitespace.sta": (1, 0, [False]),
    "anzcc.ofx": (1, 0, [None]),
    "bank_medium.ofx": (3, 0, [None]),
    "checking.ofx": (3, 0, [None]),
    "fail_nice__date_missing.ofx": (3, 0, [None]),
    "fail_nice__decimal_error.ofx": (0, 1, [None]),
    "fail_nice__empty_balance.ofx": (1, 0, [None]),
    "multiple_accounts.ofx": (0, 0, [None, None]),
    "ofx-v102-empty-tags.ofx": (1, 0, [None]),
    "suncorp.ofx": (1, 0, [None]),
}
REFUSED = {
    "betterplace__empty_86.sta": "no account, entry, opening or closing balance",
    "betterplace__empty_line.sta": "no account, entry, opening or closing balance",
    "cmxl__available_balance.sta": "no account, entry, opening or closing balance",
    "cmxl__reference.sta": "no account, entry, opening or closing balance",
    "cmxl__statement_number.sta": "no account, entry, opening or closing balance",
    "self-provided__invalid_statement.sta": "a file is one of",
    "error_message.ofx": "2000 General Server Error",
}
# In and out of each file with entries, in cents: over all its statements.
SUMS = {
    "test-camt053-txdtls.xml": (348_300, 0),
    "test-camt053.xml": (140_531, 141_830),
    "test-camt054.xml": (500, 0),
    # mt-940 takes its two reversals of credits (RC) for credits; the balances say otherwise.
    "betterplace__sepa_mt9401.sta": (518_847_494, 1_445_761_084),
    "betterplace__sepa_snippet.sta": (143_074_572, 357_406_911),
    "betterplace__with_binary_character.sta": (1_421_530, 19_328_205),
    "cmxl__mt940.sta": (7_243_674, 6_010_944),
    "jejik__postfinance.sta": (23_930, 7_990),
    "mBank__mt940.sta": (3, 0),
    "mBank__mt942.sta": (3, 0),
    "sberbank__171011_01234945.sta": (0, 943_700),
    "self-provided__february_30.sta": (0, 600),
    "anzcc.ofx": (0, 550),
    "bank_medium.ofx": (0, 34_527),
    "checking.ofx": (1, 5_951),
    "fail_nice__date_missing.ofx": (40_000, 8_000),
    "suncorp.ofx": (0, 1_685),
}
# Of each file's entries: recorded by the vendor, matched by reference, by account, by name, not
# matched though recorded, and not recorded. The matched ones were gone through by hand.
BECAME = {
    "test-camt053.xml": (1, 1, 0, 0, 0, 0),
    "betterplace__sepa_mt9401.sta": (48, 24, 6, 0, 19, 23),
    "betterplace__sepa_snippet.sta": (4, 2, 0, 0, 2, 1),
    "betterplace__with_binary_character.sta": (1, 0, 0, 0, 1, 0),
    "cmxl__mt940.sta": (6, 3, 1, 0, 2, 3),
    "jejik__postfinance.sta": (1, 1, 0, 0, 0, 0),
    "sberbank__171011_01234945.sta": (2, 1, 0, 0, 1, 1),
    "self-provided__whitespace.sta": (1, 0, 1, 0, 0, 0),
    "anzcc.ofx": (1, 0, 0, 0, 1, 0),
    "bank_medium.ofx": (2, 0, 0, 2, 0, 1),
    "checking.ofx": (2, 0, 0, 2, 0, 0),
    "fail_nice__date_missing.ofx": (1, 0, 0, 0, 1, 0),
    "suncorp.ofx": (1, 1, 0, 0, 0, 0),
}
PATHS = [pytest.param(path, id=path.name) for path in files(real_data())]


def test_every_file_is_expected_here():
    assert {path.name for path in files(real_data())} == EXPECTED.keys() | REFUSED.keys()


@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_read_or_refused_with_its_reason(path):
    if path.name in REFUSED:
        with pytest.raises(UnreadableFile, match=REFUSED[path.name]):
            formats.read(path.read_bytes())
        return
    report = formats.read(path.read_bytes())
    told = [statement.agrees for statement in report.statements]

    assert (len(report.entries), len(report.all_problems), told) == EXPECTED[path.name]
    if path.name in SUMS:
        sums = tuple(sum(one.sum_of(way) for one in report.statements) for way in (IN, OUT))
        assert sums == tuple(cents * CENTS for cents in SUMS[path.name])


def read(name):
    (path,) = [path for path in files(real_data()) if path.name == name]
    return formats.read(path.read_bytes())


def test_returned_transfers_are_known_as_such():
    """17 RETOUREN, and two reversals of collective postings, in one real file."""
    entries = read("betterplace__sepa_mt9401.sta").entries
    returned = [entry for entry in entries if entry.status == "returned"]
    reasons = Counter(entry.reason_code for entry in returned)

    assert (reasons["914"], reasons["903"], reasons["901"], reasons[""]) == (14, 2, 1, 2)
    assert all(entry.end_to_end_id for entry in returned if entry.reason_code)


def test_the_thirtieth_of_february_stays_in_sight():
    (entry,) = read("self-provided__february_30.sta").entries

    assert (entry.dates_said, str(entry.on)) == ("160230", "2016-03-01")


@pytest.mark.django_db
def test_every_file_is_kept_without_loss_and_moves_no_money(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    bank = Bank(tmp_path)
    for path in files(real_data()):
        file = bank.report(path.read_bytes(), name=path.name)
        if path.name in REFUSED:
            assert file.state == "refused"
            continue
        entries, problems, _ = EXPECTED[path.name]
        assert file.state == "done"
        assert file.counts["entries"] == entries == file.counts["new"] + file.counts["known"]
        assert file.counts["unreadable"] == problems
    kept = SettlementEntry.objects.count()

    assert bank.balances() == {}
    assert {outcome for *_, outcome in bank.outcomes()} == {"unmatched", "ignored"}
    for path in files(real_data()):
        if path.name in EXPECTED:
            bank.report(path.read_bytes(), name=path.name)
    assert SettlementEntry.objects.count() == kept


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_matched_with_what_its_vendor_recorded_and_never_with_another(
    path, tmp_path, settings
):
    """Real banks put "KREF", "N", "X" and tellers' numbers where a payer's reference belongs."""
    if path.name in REFUSED:
        return
    settings.VAR_DIR = tmp_path
    became = reconciled(path, tmp_path)
    by = [became.matched[f"by {what}"] for what in ("reference", "account", "name")]
    not_recorded = became.unmatched["not recorded"]
    not_found = became.unmatched.total() - not_recorded

    assert became.entries == EXPECTED[path.name][0], "each entry is in one place"
    assert became.mistaken == 0
    found = (became.recorded, *by, not_found, not_recorded)
    assert found == BECAME.get(path.name, (0, 0, 0, 0, 0, 0))


def test_the_table_is_printed():
    done = subprocess.run(
        [sys.executable, "-m", "tests.real.settlement"],
        cwd=ROOT, text=True, capture_output=True, check=True,
    )  # fmt: skip

    for path in files(real_data()):
        assert path.name[:38] in done.stdout
