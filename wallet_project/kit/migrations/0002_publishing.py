"""Events that SQL functions publish."""

from django.db import migrations

from wallet_project.kit.migrating import sql_file


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_first")]

    operations = [sql_file("wallet_project.kit.sql", "outbox.sql")]
