"""One statement issues a coupon."""

from django.db import migrations

from wallet_project.kit.migrating import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0002_first_rows"),
        ("kit", "0002_publishing"),
        ("wallet", "0003_guards_and_functions"),
    ]

    operations = [sql_file("coupons.sql", "issuing.sql")]
