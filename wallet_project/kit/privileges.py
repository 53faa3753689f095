"""
What the application's database role may do, table by table.

The owner migrates; the application connects as WALLET_APP_ROLE. Each model may say
`app_role_may = ("SELECT",)`; models that say nothing get plain reading and writing. Granted again after
every migrate, so a new table is never forgotten and a forgotten one is never open.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections

WALLET_APP_ROLE = "wallet_app"
READ_WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")


def grant_after_migrate(sender: AppConfig, using: str, **_signal: Any) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WALLET_APP_ROLE])
        if not cursor.fetchone():
            return  # a server with a single role, checked for in production (wallet_project.checks)
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {WALLET_APP_ROLE}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {WALLET_APP_ROLE}")
        for model in sender.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            if model._meta.db_table not in existing or not model._meta.managed:
                continue
            allowed = ", ".join(getattr(model, "app_role_may", READ_WRITE))
            cursor.execute(f"REVOKE ALL ON {table} FROM {WALLET_APP_ROLE}")
            cursor.execute(f"GRANT {allowed} ON {table} TO {WALLET_APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WALLET_APP_ROLE}")
