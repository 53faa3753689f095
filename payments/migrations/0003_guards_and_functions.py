"""A day that two people have signed stays as it was signed; and what a session plans once."""

from django.db import migrations

from wallet_project.kit.migrating import sql_file


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_first_rows")]

    operations = [sql_file("payments.sql", f"{name}.sql") for name in ("daily_close", "risk_facts")]
