"""Holds name the accounts that pay; a freeze has a direction and an end; lots are kept in step."""

from django.db import migrations

from wallet.sql import sql_again, sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0011_lots")]

    operations = [
        sql_again("boundary.sql"),
        sql_again("seals.sql"),
        sql_again("holds.sql"),
        sql_again("wallets.sql"),
        sql_file("lots.sql"),
        sql_file("lot_moves.sql"),
    ]
