"""The way to close a wallet, and the guard that keeps it closed."""

from django.db import migrations

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0003_closing")]

    operations = [sql_file("closing.sql")]
