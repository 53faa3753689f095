"""What the database refuses, the only way into the ledger, and what a session plans once."""

from django.db import migrations

from wallet_project.kit.migrating import sql_file

FILES = [
    "roles",
    "guards",
    "posting",
    "lot_moves",
    "wallets",
    "closing",
    "holds",
    "seals",
    "boundary",
    "categories",
    "red_packets",
    "clearing",
    "filing",
    "limits",
    "own_money",
    "moments",
]


class Migration(migrations.Migration):
    dependencies = [("wallet", "0002_first_rows")]

    operations = [sql_file("wallet.sql", f"{name}.sql") for name in FILES]
