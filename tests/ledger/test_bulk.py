"""Many rows at once: whose ids they have, what comes back, what they commit to, what stops them."""

import hashlib
import json
import uuid
from contextlib import nullcontext
from datetime import date
from itertools import islice

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ledger import arrays, bulk, commitments
from ledger.drafts import Draft, money_form, who_form
from ledger.facts import LEAF_COLUMNS, UNPLACED, Account, PaymentFact, Ref, WorkFact
from ledger.models import Leaf, Payment, Stream, Transfer, WeekMark, Work
from tests import factories

ODD = ["-", "NULL", "", "None", '"', "\\", 'a","b', "{x}", "\\N", "é漢", "a\tb", "t"]
APPROVALS = [
    pytest.param([{"amount_micros": 3_000_000}] * 2, id="two that take more together"),
    pytest.param([{"currency": "EUR"}], id="money of another currency"),
    pytest.param([{"work": "other"}], id="money of other work"),
]


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("model", [Work, Payment, Transfer], ids=lambda model: model.__name__)
def test_two_batches_at_once_never_take_one_id(model):
    one, other = bulk.ids(model), bulk.ids(model)
    taken = [list(islice(which, 6_000)) for which in (one, other, one, other)]
    everything = [pk for part in taken for pk in part]

    assert len(set(everything)) == len(everything)
    assert taken[0] == sorted(taken[0])


@pytest.mark.django_db
@pytest.mark.postgres
def test_rows_that_take_their_own_ids_take_none_of_a_batch():
    account = factories.engagement(factories.vendor())
    work = factories.work(account)
    taken = bulk.ids(Transfer)
    first, own, second = next(taken), factories.transfer(work).pk, list(islice(taken, 5_000))

    assert own not in {first, *second}


@pytest.mark.django_db
@pytest.mark.postgres
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_texts_come_back_from_postgresql_as_they_went(texts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::text[]", [arrays.of_texts(texts)] * 2)

        assert cursor.fetchone() == (texts, texts)


@pytest.mark.django_db
def test_rows_that_are_there_stay_or_change_as_said():
    one, two, three = (factories.engagement(vendor) for vendor in [factories.vendor()] * 3)
    update = "(engagement_id) DO UPDATE SET n = excluded.n"
    bulk.put(Stream, ("engagement_id", "n"), [(one.pk, 5), (two.pk, 6)], update)
    bulk.put(Stream, ("engagement_id", "n"), [(two.pk, 7), (three.pk, 8)], update)
    bulk.put(Stream, ("engagement_id", "n"), [], update)
    assert dict(Stream.objects.values_list("engagement", "n")) == {
        one.pk: 5,
        two.pk: 7,
        three.pk: 8,
    }

    columns = ("vendor_id", "engagement_id", "starts_on", "starts_at_ms", "ends_at_ms")
    for ends in (9, 10):
        row = (one.vendor_id, one.pk, "2026-10-05", 3, ends)
        bulk.put(WeekMark, columns, [row], "DO NOTHING")
    assert list(WeekMark.objects.values_list("starts_on", "ends_at_ms")) == [(date(2026, 10, 5), 9)]


@pytest.mark.django_db
@pytest.mark.postgres
def test_what_is_done_meanwhile_ends_when_it_is_done():
    batch, answers = factories.batch(factories.vendor()), [True, True, False]

    bulk.insert(Leaf, LEAF_COLUMNS, leaves(batch, 1_000), lambda: answers.pop(0))  # never a fourth

    assert len(answers) < 3
    assert Leaf.objects.filter(batch=batch).count() == 1_000


@pytest.mark.django_db
@pytest.mark.postgres
def test_what_fails_meanwhile_takes_the_rows_back_and_leaves_the_connection_whole():
    batch = factories.batch(factories.vendor())

    def fail() -> bool:
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="the file is gone"), transaction.atomic():
        bulk.insert(Leaf, LEAF_COLUMNS, leaves(batch, 1_000), fail)

    assert not Leaf.objects.filter(batch=batch).exists()


@pytest.mark.django_db
@pytest.mark.postgres
def test_what_the_database_refuses_is_told_also_where_something_is_done_meanwhile():
    batch = factories.batch(factories.vendor())
    twice = [*leaves(batch, 3), *leaves(batch, 1)]

    with pytest.raises(psycopg.errors.UniqueViolation), transaction.atomic():
        bulk.insert(Leaf, LEAF_COLUMNS, twice, lambda: False)

    assert not Leaf.objects.filter(batch=batch).exists()


def leaves(batch, count):
    return [(batch.pk, at, at + 2, bytes(32), bytes(32), bytes(32)) for at in range(count)]


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ODD)
def test_a_fact_is_stored_as_it_was_posted(odd):
    account = factories.engagement(factories.vendor())
    batch = factories.batch(account.vendor)
    ids = bulk.ids(Work)
    facts = [
        work(id=next(ids), n=n, external_id=f"{odd}{n or ''}", project=odd, wall_ms=wall_ms)
        for n, wall_ms in enumerate((None, 0, 1 << 62))
    ]
    facts = [one._replace(root_id=one.id) for one in facts]
    bulk.insert(
        Work,
        ("batch_id", "position", "engagement_id", *WorkFact._fields),
        [(batch.pk, 0, account.pk, *fact) for fact in facts],
    )

    stored = Work.objects.order_by("n").values_list(*WorkFact._fields)
    assert [WorkFact(*row) for row in stored] == facts


def work(**given):
    values = dict(zip(WorkFact._fields[:3], UNPLACED, strict=True)) | {
        "revision": 1, "corrects_id": None, "void": False, "external_id": "att-1",
        "project": "boats", "task_type": "draw", "kind": "task", "ended_as": "submitted",
        "started_at_ms": 1_000, "ended_at_ms": 3_000, "wall_ms": None, "said_ms": 5,
        "active_ms": 0, "paid_ms": None, "promised_micros": 250_000, "currency": "USD",
        "decide_by_at_ms": None, "decided_as": "approved", "decided_at_ms": 4_000,
        "said_at_ms": 9_000,
    }  # fmt: skip
    return WorkFact(**{**values, **given})


@pytest.mark.django_db
def test_what_a_leaf_commits_to_is_the_same_bytes_as_ever():
    """Whoever holds a receipt computes these bytes: a change of one is a new version."""
    draft = Draft(factories.vendor(), uuid.UUID(int=5))
    row = draft.row(Account(7, "ab" * 16, bytes(32), bytes(32)), line=17, raw=b"att-1,boats")
    root = row.work(work(), root=None)
    row.move("submit", 250_000, "USD", work=root, happened_at_ms=3_000)
    row.move("approve", 250_000, "USD", work=root, due_at_ms=6_000, reason="no reason given")
    row.payments.append(
        PaymentFact(1, 4, 1, None, False, "P-1", "USD", 100_000, 8_000, '["att-1"]')
    )
    row.move("pay", 100_000, "USD", work=root, payment=Ref(1, 4), happened_at_ms=8_000)
    who = who_form(draft.uuid.hex, 3, row, hashlib.sha256(b"line").digest())
    money = money_form(draft.uuid.hex, 3, row)
    place = '"{}5",3,"{}"'.format("0" * 31, "ab" * 16)

    assert who.decode() == (
        f'["paid-in-full/2","who",{place},17,"{hashlib.sha256(b"line").hexdigest()}",'
        '"work",1,1,false,"att-1","boats","draw","task","submitted",1000,3000,null,5,0,null,'
        'null,"approved",4000,9000,"payment",4,"P-1","[\\"att-1\\"]"]'
    )
    assert money.decode() == (
        f'["paid-in-full/2","money",{place},"work",1,250000,"USD",'
        '"payment",4,1,false,"P-1","USD",100000,8000,'
        '"transfer",2,1,null,null,"submit","vendor","pending","USD",250000,3000,null,"",'
        '"transfer",3,1,null,null,"approve","pending","payable","USD",250000,null,6000,'
        '"no reason given",'
        '"transfer",4,1,4,null,"pay","payable","in_transit","USD",100000,8000,null,""]'
    )


@given(
    st.lists(
        st.none()
        | st.booleans()
        | st.integers(-(1 << 63), (1 << 63) - 1)
        | st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_what_a_leaf_commits_to_is_as_json_of_another_make_writes_it(fields):
    said = json.dumps(
        [commitments.VERSION, "who", *fields], separators=(",", ":"), ensure_ascii=False
    )

    assert commitments.form("who", fields) == said.encode()


@pytest.mark.parametrize("field", [1 << 64, "\ud800"], ids=["too large", "half a character"])
def test_what_has_no_bytes_of_its_own_is_not_committed_to(field):
    with pytest.raises(ValueError, match=r"64-bit|UTF-8"):
        commitments.form("money", [field])


@pytest.mark.django_db
def test_more_rows_than_are_read_at_once_come_all_and_once():
    batch = factories.batch(factories.vendor())
    bulk.insert(Leaf, LEAF_COLUMNS, leaves(batch, 1_003))

    found = bulk.select(
        "SELECT position FROM ledger_leaf WHERE batch_id = %s ORDER BY 1", [batch.pk]
    )

    assert list(found) == [(position,) for position in range(1_003)]
    assert not list(bulk.select("SELECT 1 FROM ledger_leaf WHERE batch_id = %s", [batch.pk + 1]))


@pytest.mark.django_db
def test_who_watches_the_queries_sees_a_read_too():
    batch, seen = factories.batch(factories.vendor()), []
    bulk.insert(Leaf, LEAF_COLUMNS, leaves(batch, 3))

    def watch(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch), CaptureQueriesContext(connection) as logged:
        found = list(bulk.select("SELECT position FROM ledger_leaf ORDER BY 1", []))

    assert found == [(0,), (1,), (2,)]
    assert (len(seen), len(logged)) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("watched", [False, True], ids=["unseen", "watched"])
def test_a_query_inside_a_read_is_refused_and_does_not_wait_for_itself(watched):
    batch = factories.batch(factories.vendor())
    bulk.insert(Leaf, LEAF_COLUMNS, leaves(batch, 1_003))

    with CaptureQueriesContext(connection) if watched else nullcontext():
        for _ in bulk.select("SELECT position FROM ledger_leaf", []):
            with pytest.raises(RuntimeError, match="SELECT 5"), connection.cursor() as cursor:
                cursor.execute("SELECT 5")

    assert Leaf.objects.filter(batch=batch).count() == 1_003


@pytest.mark.django_db
def test_a_read_that_fails_says_so_as_django_does_and_leaves_the_connection_whole():
    batch = factories.batch(factories.vendor())
    bulk.insert(Leaf, LEAF_COLUMNS, leaves(batch, 1_003))

    with pytest.raises(DatabaseError), transaction.atomic():
        list(bulk.select("SELECT nothing FROM ledger_leaf", []))

    assert Leaf.objects.filter(batch=batch).count() == 1_003


@pytest.mark.django_db
@pytest.mark.parametrize("approvals", APPROVALS)
def test_money_that_is_moved_on_at_once_does_not_fall_below_zero(approvals):
    """Handed in and approved by one statement: what it adds covers only the same money."""
    account = factories.engagement(factories.vendor())
    one, other = factories.work(account), factories.work(account)
    given = {"batch": one.batch, "position": 0, "engagement": account, "currency": "USD"}
    given |= {"work": one, "amount_micros": 5_000_000}
    submit = Transfer(**given, n=101, move="submit", source="vendor", target="pending")

    def approve(n, **wrong):
        wrong = {name: other if name == "work" else value for name, value in wrong.items()}
        way = {"move": "approve", "source": "pending", "target": "payable", "due_at_ms": 1}
        return Transfer(**{**given, **way, **wrong}, n=n)

    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        Transfer.objects.bulk_create(
            [submit, *(approve(102 + n, **wrong) for n, wrong in enumerate(approvals))]
        )
    Transfer.objects.bulk_create([submit, approve(102)])
