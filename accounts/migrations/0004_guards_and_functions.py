"""What is published or agreed to is never changed, by nobody; and what a session plans once."""

from django.db import migrations

from wallet_project.kit.migrating import sql_file


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_first_lessons")]

    operations = [sql_file("accounts.sql", f"{name}.sql") for name in ("agreements", "step_up", "levels")]
