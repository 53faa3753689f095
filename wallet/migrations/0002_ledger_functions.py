"""The ledger's guards, functions and roles: what the database refuses, and the only way in."""

from django.db import migrations

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_first")]

    operations = [
        sql_file("roles.sql"),
        sql_file("guards.sql"),
        sql_file("posting.sql"),
        sql_file("wallets.sql"),
        sql_file("holds.sql"),
        sql_file("seals.sql"),
        sql_file("boundary.sql"),
    ]
