"""The posting function keeps lots; holds name the accounts that pay; a freeze has a direction and an end."""

from django.db import migrations

from wallet.sql import sql_again, sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0011_lots")]

    operations = [
        sql_again("boundary.sql"),
        sql_again("seals.sql"),
        sql_again("holds.sql"),
        sql_again("wallets.sql"),
        sql_again("posting.sql"),
        sql_file("lots.sql"),
    ]
