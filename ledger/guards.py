"""Triggers that keep facts as they are and money above zero, for both databases.

Append-only: every model with APPEND_ONLY refuses UPDATE, DELETE, TRUNCATE and, on SQLite, the
REPLACE that walks round a delete trigger. Never below zero: no work's and no payment's money may
fall below zero in any account but `vendor` and `advance`. A reversal is the exact mirror of one
earlier transfer that is none itself, and gives its reason.

Triggers prevent accidents; malice is proved by the Merkle roots. SQLite drops triggers when Django
rebuilds a table, so they are taken off before a migration and put back after it (ledger/apps.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models

from ledger.moves import FEES, IN_TRANSIT, MAY_GO_BELOW_ZERO, RECEIVED, REVERSE

REFUSAL = "is append-only: post another fact that corrects it"
BELOW_ZERO = "money would fall below zero"
NO_MIRROR = "a reversal is the mirror of one earlier transfer, with a reason"
PAYMENT_ACCOUNTS = (IN_TRANSIT, RECEIVED, FEES)
TEST_NAMES = ("test_", ":memory:", "file:memory")  # how Django names the databases of its tests


def guarded_models() -> list[type[models.Model]]:
    """Return the models whose rows are added and never changed."""
    return [model for model in apps.get_models() if getattr(model, "APPEND_ONLY", False)]


def install(using: str = "default") -> None:
    """Put every guard in place; one that is there already is made anew."""
    remove(using)
    with connections[using].cursor() as cursor:
        for statement in _statements(connections[using].vendor).values():
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the guards off, for a migration."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table in _expected(connection.vendor).items():
            if table not in tables:
                continue
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(using: str = "default") -> list[str]:
    """Return the names of the guards that should be there and are not, or are switched off."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    return sorted(set(_expected(connection.vendor)) - there)


def require(using: str = "default") -> None:
    """Raise ImproperlyConfigured when a guard is missing: without them nothing is served."""
    gone = missing(using)
    if gone:
        raise ImproperlyConfigured(
            f"The ledger's guards {', '.join(gone)} are missing. Run `manage.py migrate`."
        )


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Take the guards off for a while: only for a test database that is being emptied."""
    name = str(connections[using].settings_dict["NAME"])
    if not Path(name).name.startswith(TEST_NAMES):
        raise ImproperlyConfigured(f"Guards are lifted only on a test database, not on {name!r}.")
    remove(using)
    try:
        yield
    finally:
        install(using)


def _expected(vendor: str) -> dict[str, str]:
    """Return {trigger name: table} of all guards for a database of this kind."""
    names: dict[str, str] = {}
    actions = ("change", "truncate") if vendor == "postgresql" else ("update", "delete", "replace")
    for model in guarded_models():
        table = model._meta.db_table
        names |= {f"guard_{table}_{action}": table for action in actions}
    names["guard_transfer_not_below_zero"] = "ledger_transfer"
    names["guard_transfer_mirrors"] = "ledger_transfer"
    return names


def _statements(vendor: str) -> dict[str, str]:
    return _postgresql() if vendor == "postgresql" else _sqlite()


def _sqlite() -> dict[str, str]:
    made: dict[str, str] = {}
    for model in guarded_models():
        table = model._meta.db_table
        stop = f"SELECT RAISE(ABORT, '{table} {REFUSAL}');"
        for action in ("update", "delete"):
            name = f"guard_{table}_{action}"
            made[name] = f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN {stop} END"
        name = f"guard_{table}_replace"
        made[name] = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
            f"WHEN {_same_row_is_there(model)} BEGIN {stop} END"
        )
    outside = ", ".join(f"'{account}'" for account in MAY_GO_BELOW_ZERO)
    of_payment = ", ".join(f"'{account}'" for account in PAYMENT_ACCOUNTS)
    made["guard_transfer_not_below_zero"] = f"""
        CREATE TRIGGER guard_transfer_not_below_zero AFTER INSERT ON ledger_transfer
        WHEN NEW.source NOT IN ({outside})
        BEGIN
            SELECT RAISE(ABORT, '{BELOW_ZERO}') WHERE NEW.work_id IS NOT NULL
                AND {_balance("work_id", "NEW")} < 0;
            SELECT RAISE(ABORT, '{BELOW_ZERO}') WHERE NEW.payment_id IS NOT NULL
                AND NEW.source IN ({of_payment}) AND {_balance("payment_id", "NEW")} < 0;
        END"""
    made["guard_transfer_mirrors"] = f"""
        CREATE TRIGGER guard_transfer_mirrors BEFORE INSERT ON ledger_transfer
        WHEN NEW.move = '{REVERSE}' AND (NEW.reason = '' OR NOT EXISTS (
            SELECT 1 FROM ledger_transfer one WHERE {_mirrors("NEW", "IS")}))
        BEGIN SELECT RAISE(ABORT, '{NO_MIRROR}'); END"""
    return made


def _mirrors(reversal: str, equal: str) -> str:
    """Return SQL that is true when `one` is what `reversal` mirrors. equal: "=" for NULL too."""
    same = ("engagement_id", "work_id", "payment_id", "currency", "amount_micros")
    return (
        f"one.id = {reversal}.reverses_id AND one.move <> '{REVERSE}'"
        f" AND one.source = {reversal}.target AND one.target = {reversal}.source AND "
        + " AND ".join(f"one.{column} {equal} {reversal}.{column}" for column in same)
    )


def _balance(column: str, row: str) -> str:
    """Return SQL for what is in the account that `row` draws on, of its work or its payment."""
    return f"""(SELECT SUM(CASE WHEN t.target = {row}.source THEN t.amount_micros ELSE 0 END
                         - CASE WHEN t.source = {row}.source THEN t.amount_micros ELSE 0 END)
                FROM ledger_transfer t
                WHERE t.{column} = {row}.{column} AND t.currency = {row}.currency)"""


def _same_row_is_there(model: type[models.Model]) -> str:
    """Return SQL that is true when NEW would replace a row by its key or a unique constraint."""
    meta: Any = model._meta
    keys = [[meta.pk.column]]
    keys += [
        [field.column] for field in meta.local_fields if field.unique and not field.primary_key
    ]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            keys.append([meta.get_field(name).column for name in constraint.fields])
    tests = [
        f"EXISTS (SELECT 1 FROM {meta.db_table} WHERE "
        + " AND ".join(f"{column} = NEW.{column}" for column in key)
        + ")"
        for key in keys
    ]
    return " OR ".join(tests)


def _postgresql() -> dict[str, str]:
    made = {
        "function_refuse": f"""
            CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        "function_below_zero": _postgresql_balance_function(),
        "function_mirrors": _postgresql_mirror_function(),
    }
    for model in guarded_models():
        table = model._meta.db_table
        for action, when, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            name = f"guard_{table}_{action}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION guard_refuse(); "
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
            )
    for name, function in (
        ("guard_transfer_not_below_zero", "guard_not_below_zero"),
        ("guard_transfer_mirrors", "guard_mirrors"),
    ):
        made[name] = f"""
            CREATE TRIGGER {name} AFTER INSERT ON ledger_transfer
            REFERENCING NEW TABLE AS fresh
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
            ALTER TABLE ledger_transfer ENABLE ALWAYS TRIGGER {name}"""
    return made


def _postgresql_mirror_function() -> str:
    return f"""
        CREATE OR REPLACE FUNCTION guard_mirrors() RETURNS trigger LANGUAGE plpgsql
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM fresh WHERE fresh.move = '{REVERSE}' AND (fresh.reason = ''
                OR NOT EXISTS (
                    SELECT 1 FROM ledger_transfer one
                    WHERE {_mirrors("fresh", "IS NOT DISTINCT FROM")}))
            ) THEN RAISE EXCEPTION '{NO_MIRROR}'
                USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NULL;
        END $$"""


def _postgresql_balance_function() -> str:
    """Return the function that sums, for each work and payment, the accounts that lost money.

    What the new rows together leave or add was at zero or above before, so it still is: only
    where they take more than they give is the whole account summed. It must never scan the whole
    table for that, so it may not choose to: only its index look-ups are on.
    """
    outside = ", ".join(f"'{account}'" for account in MAY_GO_BELOW_ZERO)
    of_payment = ", ".join(f"'{account}'" for account in PAYMENT_ACCOUNTS)
    checks = ""
    for column, accounts in (
        ("work_id", f"NOT IN ({outside})"),
        ("payment_id", f"IN ({of_payment})"),
    ):
        sides = " UNION ALL ".join(
            f"""SELECT {column}, {side} AS source, currency, {sign}amount_micros AS change
                FROM fresh WHERE {column} IS NOT NULL AND {side} {accounts}"""
            for side, sign in (("source", "-"), ("target", ""))
        )
        checks += f"""
            IF EXISTS (
                SELECT 1 FROM (SELECT {column}, source, currency FROM ({sides}) moved
                               GROUP BY 1, 2, 3 HAVING SUM(change) < 0) drawn
                WHERE {_balance(column, "drawn")} < 0
            ) THEN RAISE EXCEPTION '{BELOW_ZERO}'
                USING ERRCODE = 'integrity_constraint_violation'; END IF;"""
    return f"""
        CREATE OR REPLACE FUNCTION guard_not_below_zero() RETURNS trigger LANGUAGE plpgsql
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
        BEGIN {checks} RETURN NULL; END $$"""
