"""A batch takes ids by the thousand: each step of a fact's sequence reserves a block of them."""

from django.db import migrations

BLOCK = 5_000  # what a batch does not use is left out
TABLES = ("ledger_work", "ledger_payment", "ledger_transfer")


def _advance_by(step):
    def change(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for table in TABLES:
                schema_editor.execute(
                    f"ALTER TABLE {table} ALTER COLUMN id SET INCREMENT BY {step}"
                )

    return change


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_arrivals_by_banks")]

    operations = [migrations.RunPython(_advance_by(BLOCK), _advance_by(1))]
