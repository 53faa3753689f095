"""What came to and left the money that WeChat holds for us, as a relation that a daily close can join with."""

from django.db import migrations

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0035_pooled_money")]

    operations = [sql_file("clearing.sql")]
