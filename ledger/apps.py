from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        pre_migrate.connect(take_guards_off, dispatch_uid="guards_off")
        post_migrate.connect(put_guards_back, dispatch_uid="guards_back")


def take_guards_off(using: str, **_: object) -> None:
    """SQLite rebuilds a table by replacing it, which a trigger on another table can prevent."""
    from ledger import guards

    guards.remove(using)


def put_guards_back(sender: AppConfig, using: str, **_: object) -> None:
    """Once all tables are there: the last app with guarded models has been migrated."""
    from django.db import connections

    from ledger import guards

    tables = set(connections[using].introspection.table_names())
    if {model._meta.db_table for model in guards.guarded_models()} <= tables:
        guards.install(using)
