"""The facts of a move, counted by a function that is planned once."""

from django.db import migrations

from payments.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_shipping")]

    operations = [sql_file("risk_facts.sql")]
