"""What decides about new lines, asked for all lines of a journal by a function that is planned once."""

from django.db import migrations

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0038_withdrawals_by_sending")]

    operations = [sql_file("filing.sql")]
