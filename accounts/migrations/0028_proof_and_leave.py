"""What stands behind a grant, using it up, and somebody's level: by functions that a session plans once."""

from django.db import migrations

from accounts.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("accounts", "0027_more_operations")]

    operations = [sql_file("step_up.sql"), sql_file("levels.sql")]
