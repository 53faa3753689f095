"""What every move of money asks, by functions: a session plans them once."""

from django.db import migrations

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0038_withdrawals_by_sending")]

    operations = [sql_file("filing.sql"), sql_file("limits.sql"), sql_file("own_money.sql")]
