"""Whatever of a batch is changed behind the ledger's back no longer fits what it committed to."""

import pytest
from django.db import connection

from ledger import guards, proofs
from ledger.models import Batch
from tests.ledger.histories import History
from tests.ledger.plain_model import Paid, Told

TAMPERING = [
    pytest.param("UPDATE ledger_transfer SET amount_micros = amount_micros + 1", id="an amount"),
    pytest.param("UPDATE ledger_transfer SET due_at_ms = due_at_ms + 1", id="a due date"),
    pytest.param("UPDATE ledger_transfer SET reason = 'another' WHERE reason <> ''", id="a reason"),
    pytest.param("UPDATE ledger_work SET ended_at_ms = ended_at_ms + 1", id="a time"),
    pytest.param("UPDATE ledger_work SET promised_micros = 1", id="a promise"),
    pytest.param("UPDATE ledger_work SET decided_at_ms = 1", id="the date of a decision"),
    pytest.param("UPDATE ledger_payment SET sent_at_ms = sent_at_ms + 1", id="when it was sent"),
    pytest.param("UPDATE ledger_leaf SET line = line + 1", id="the line of the file"),
    pytest.param("DELETE FROM ledger_transfer WHERE move = 'approve'", id="a transfer is gone"),
    pytest.param("DELETE FROM ledger_leaf WHERE position = 1", id="a leaf is gone"),
    pytest.param("UPDATE ledger_transfer SET n = n + 100", id="a number in the stream"),
]


@pytest.fixture
def history(tmp_path, db):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    one = History(tmp_path)
    row = Told((0, 0), 100, "approved", 1, 0, 60, True, 20)
    refused = Told((0, 1), 60, "rejected", 2, 0, 60, True, 20)
    one.work((row, refused), 3)
    one.pay((Paid((0, 0), 90, True, 10, ()),))
    return one


def found(history):
    batches = Batch.objects.filter(vendor=history.vendor)
    return [text for batch in batches for text in proofs.recheck(batch)]


@pytest.mark.parametrize("sql", TAMPERING)
def test_what_was_changed_shows(history, sql):
    assert found(history) == []
    with guards.lifted(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0

    assert found(history)


def test_control_totals_are_held_too(history):
    one = Batch.objects.filter(vendor=history.vendor).first()
    one.totals = {"USD": {"submit": 1}}

    assert any("control totals" in text for text in proofs.recheck(one))
