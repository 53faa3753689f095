"""When the status of a wallet was last set."""

from django.db import migrations, models

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0031_statements")]

    operations = [
        migrations.AddField(
            model_name="wallet",
            name="status_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="状态自"),
        ),
        sql_file("status_since.sql"),
    ]
