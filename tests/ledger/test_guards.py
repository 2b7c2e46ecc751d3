"""Facts stay as they were written, whoever tries; money never falls below zero; rules are held."""

import itertools
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.utils import DatabaseError

from ledger import guards, journal
from ledger.models import Batch, Leaf, PayTerms, Rate, Transfer, Work
from ledger.moves import ACCOUNTS, MAY_GO_BELOW_ZERO, RULES
from tests import factories

APPEND_ONLY = [model for model in guards.guarded_models() if model._meta.app_label == "ledger"]
MOVES = sorted({*RULES, "reverse", "steal"})
ILLEGAL = [
    triple
    for triple in itertools.product(MOVES, ACCOUNTS, ACCOUNTS)
    if triple not in {(move, rule.source, rule.target) for move, rule in RULES.items()}
    and triple[0] != "reverse"
]


@pytest.fixture
def account(db):
    return factories.engagement(factories.vendor())


def rows(account):
    """Return one row of every kind of fact."""
    work = factories.work(account)
    agreed = {"from_on": date(2026, 1, 1), "recorded_at": factories.AT, "vendor": account.vendor}
    rate = Rate.objects.create(
        project="boats", per="piece", amount_micros=1, currency="USD", **agreed
    )
    leaf = Leaf.objects.create(
        batch=work.batch, position=0, line=1, line_hash=bytes(32), who=bytes(32), money=bytes(32)
    )
    made = [
        work,
        work.batch,
        leaf,
        rate,
        factories.transfer(work),
        factories.payment(account),
        factories.floor(),
        PayTerms.objects.create(review_days=7, due_days=30, **agreed),
        *factories.terms_of(account),
    ]
    return {type(row): row for row in made}


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture(autouse=True)
def nothing_is_checked_later(db):
    """PostgreSQL neither empties nor alters a table with checks put off to the commit."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        run("SET CONSTRAINTS ALL IMMEDIATE")


def column_of(row):
    """Return a column that is not the key, and its value."""
    field = next(field for field in row._meta.local_fields if not field.primary_key)
    return field.column, getattr(row, field.attname)


def save(row):
    row.save()


def update(row):
    name = next(field.attname for field in row._meta.local_fields if not field.primary_key)
    type(row)._base_manager.filter(pk=row.pk).update(**{name: getattr(row, name)})


def delete(row):
    type(row)._base_manager.filter(pk=row.pk)._raw_delete(using="default")


def bulk_update(row):
    name = next(field.name for field in row._meta.local_fields if not field.primary_key)
    type(row)._base_manager.bulk_update([row], [name])


def upsert(row):
    name = next(field.name for field in row._meta.local_fields if not field.primary_key)
    type(row)._base_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=["pk"], update_fields=[name]
    )


def raw_update(row):
    column, _ = column_of(row)
    run(f"UPDATE {row._meta.db_table} SET {column} = {column} WHERE id = %s", row.pk)


def raw_delete(row):
    run(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)


def delete_all(row):
    run(f"DELETE FROM {row._meta.db_table}")


WAYS = [save, update, delete, bulk_update, upsert, raw_update, raw_delete, delete_all]


def test_every_kind_of_fact_is_tried(account):
    assert set(rows(account)) == set(APPEND_ONLY)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_fact_cannot_be_changed(account, model, way):
    row = rows(account)[model]
    before = model._base_manager.values().get(pk=row.pk)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        way(row)

    assert model._base_manager.values().get(pk=row.pk) == before


@pytest.mark.postgres
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "prelude",
    [
        pytest.param("SELECT 1", id="plainly"),
        pytest.param("SET LOCAL session_replication_role = replica", id="as a replica"),
    ],
)
@pytest.mark.parametrize("sql", ["TRUNCATE {}", "TRUNCATE {} CASCADE", "DELETE FROM {}"])
def test_a_table_of_facts_cannot_be_emptied(account, model, prelude, sql):
    rows(account)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(f"{prelude}; {sql.format(model._meta.db_table)}")

    assert model._base_manager.exists()


@pytest.mark.postgres
def test_money_does_not_fall_below_zero_as_a_replica_either(account):
    work = factories.work(account)
    run("SET LOCAL session_replication_role = replica")

    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        factories.transfer(
            work, move="approve", source="pending", target="payable", due_at_ms=work.ended_at_ms
        )


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_insert_or_replace_replaces_nothing(model):
    row = rows(factories.engagement(factories.vendor()))[model]
    table, columns = model._meta.db_table, [field.column for field in model._meta.local_fields]
    keys = [["id"], *unique_keys(row)]
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw:  # without our pragmas
        before = raw.execute(f"SELECT * FROM {table}").fetchall()
        for key in keys:
            # The same row again, under another id unless it is the id that is the same.
            values = ", ".join(
                "id + 1000" if name == "id" and key != ["id"] else name for name in columns
            )
            names = ", ".join(columns)
            for verb in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    raw.execute(
                        f"{verb} INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = ?",
                        [row.pk],
                    )
        assert raw.execute(f"SELECT * FROM {table}").fetchall() == before
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(f"UPDATE OR REPLACE {table} SET id = id + 1 WHERE id = ?", [row.pk])


def unique_keys(row):
    """Return the columns of each unique key that is filled in, as the database has them."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, row._meta.db_table)
    found = [one["columns"] for one in constraints.values() if one["unique"]]
    return [key for key in found if all(getattr(row, name) is not None for name in key)]


def test_money_of_a_work_does_not_fall_below_zero(account):
    work = factories.work(account)
    factories.transfer(work)
    due = {"due_at_ms": work.ended_at_ms}

    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        factories.transfer(
            work, move="approve", source="pending", target="payable",
            amount_micros=work.promised_micros + 1, **due,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        factories.transfer(
            work, move="approve", source="pending", target="payable", currency="EUR", **due
        )
    other = factories.work(account)
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        factories.transfer(other, move="approve", source="pending", target="payable", **due)

    factories.transfer(work, move="approve", source="pending", target="payable", **due)


def test_money_of_a_payment_does_not_fall_below_zero(account):
    work, payment = factories.work(account), factories.payment(account)
    factories.transfer(work, move="prepay", source="advance", target="in_transit", payment=payment)
    settle = {"move": "settle", "source": "in_transit", "target": "received"}

    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        factories.transfer(work, payment=payment, amount_micros=5_000_001, **settle)
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        factories.transfer(work, payment=factories.payment(account), **settle)

    factories.transfer(work, payment=payment, **settle)


@pytest.mark.django_db
def test_no_move_leaves_the_rule_book(account):
    work, payment = factories.work(account), factories.payment(account)
    kept = []
    with guards.lifted():  # so that only the constraints speak
        for move, source, target in ILLEGAL:
            try:
                with transaction.atomic():
                    factories.transfer(
                        work, move=move, source=source, target=target, payment=payment,
                        reason="x", due_at_ms=1,
                    )  # fmt: skip
            except IntegrityError:
                continue
            kept.append((move, source, target))

    assert not kept
    assert len(ILLEGAL) == len(MOVES[:-1]) * len(ACCOUNTS) ** 2 - len(RULES)


@pytest.mark.parametrize("move", RULES)
def test_a_move_gives_what_it_needs(account, move):
    work, rule = factories.work(account), RULES[move]
    whole = {
        "move": move, "source": rule.source, "target": rule.target, "reason": "x",
        "due_at_ms": 1, "payment": factories.payment(account),
        "withholding": factories.withholding(account),
    }  # fmt: skip
    lacking = {"work": {"work": None}, "payment": {"payment": None}, "reason": {"reason": ""},
               "due": {"due_at_ms": None}, "decision": {"withholding": None}}  # fmt: skip
    with guards.lifted():
        for need, without in lacking.items():
            if getattr(rule, need):
                with pytest.raises(IntegrityError), transaction.atomic():
                    changed(work, {**whole, **without})
        changed(work, whole)


def changed(of, values):
    """Post a transfer of `of`, or of no work where `values` say so."""
    batch_of = {"batch": of.batch, "position": 0, "engagement": of.engagement, "n": of.n + 1}
    money = {"currency": "USD", "amount_micros": 5_000_000, "happened_at_ms": 0}
    Transfer.objects.create(**{**batch_of, **money, "work": of, **values})


MIRROR_BREAKS = [
    pytest.param({"reverses": None}, id="of nothing"),
    pytest.param({"source": "payable"}, id="from another account"),
    pytest.param({"target": "refused"}, id="to another account"),
    pytest.param({"amount_micros": 4_999_999}, id="of another amount"),
    pytest.param({"currency": "EUR"}, id="in another currency"),
    pytest.param({"work": None}, id="of no work"),
    pytest.param({"reason": ""}, id="without a reason"),
]


@pytest.mark.parametrize("wrong", MIRROR_BREAKS)
def test_a_reversal_is_an_exact_mirror(account, wrong):
    work = factories.work(account)
    one = factories.transfer(work)
    # Money in every account, so that only the mirror is missing.
    due = {"due_at_ms": 1, "reason": "x"}
    factories.transfer(work)
    factories.transfer(work, move="award", source="vendor", target="payable", **due)
    mirror = {"move": "reverse", "source": "pending", "target": "vendor", "reverses": one,
              "reason": "a mistake", "n": 10_000_000}  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        changed(work, {**mirror, **wrong})

    changed(work, mirror)
    with pytest.raises(IntegrityError), transaction.atomic():
        changed(work, {**mirror, "n": 10_000_001})  # twice
    with pytest.raises(IntegrityError), transaction.atomic():  # of a reversal
        changed(
            work,
            {**mirror, "n": 10_000_002, "source": "vendor", "target": "pending",
             "reverses": Transfer.objects.get(n=10_000_000)},
        )  # fmt: skip


@pytest.mark.parametrize("name", sorted(guards._expected(connection.vendor)))
def test_a_guard_that_is_gone_is_missed(account, name):
    table = guards._expected(connection.vendor)[name]
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    assert guards.missing() == []
    run(f"DROP TRIGGER {name}{on}")

    assert guards.missing() == [name]
    with pytest.raises(ImproperlyConfigured, match=name):
        guards.require()
    with (
        pytest.raises(ImproperlyConfigured, match=name),
        journal.batch(vendor=account.vendor, kind="work", at=factories.AT),
    ):
        pytest.fail("the journal opened a batch that nothing guards")


@pytest.mark.postgres
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE", "ENABLE REPLICA"])
def test_a_guard_that_is_switched_off_is_missed(account, how):
    run(f"ALTER TABLE ledger_transfer {how} TRIGGER guard_ledger_transfer_change")

    assert guards.missing() == ["guard_ledger_transfer_change"]


@pytest.mark.django_db(transaction=True)
def test_guards_come_back_after_a_migration():
    with connection.schema_editor() as editor:
        old = Work._meta.get_field("project")
        new = models.CharField(max_length=121)
        new.set_attributes_from_name("project")
        new.model = Work
        editor.alter_field(Work, old, new, strict=True)
        editor.alter_field(Work, new, old, strict=True)
    lost = guards.missing()
    assert bool(lost) == (connection.vendor == "sqlite")  # which makes a new table

    call_command("migrate", verbosity=0)

    assert guards.missing() == []


@pytest.mark.django_db(transaction=True)
def test_facts_survive_migrations_back_and_forth_and_are_guarded_again():
    work = factories.work(factories.engagement(factories.vendor()))
    factories.transfer(work)
    before = list(Transfer.objects.values())

    call_command("migrate", "ledger", "0001", verbosity=0)
    call_command("migrate", verbosity=0)

    assert list(Transfer.objects.values()) == before
    assert guards.missing() == []
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Work.objects.filter(pk=work.pk).update(revision=9)


def test_guards_are_lifted_only_where_tests_run(db, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "/srv/latest/var/paid.sqlite3")

    with pytest.raises(ImproperlyConfigured, match="only on a test database"), guards.lifted():
        pytest.fail("lifted")


@pytest.mark.django_db(transaction=True)
def test_lifted_guards_come_back_when_the_test_fails():
    account = factories.engagement(factories.vendor())
    factories.transfer(factories.work(account))

    def empty_and_fail():
        run("DELETE FROM ledger_transfer")
        run("SELECT nothing FROM nowhere")

    with pytest.raises(DatabaseError), guards.lifted():
        empty_and_fail()

    assert guards.missing() == []
    assert not Transfer.objects.exists()
    assert set(MAY_GO_BELOW_ZERO) == {"vendor", "advance"}
    assert Batch.objects.exists()
