"""Totals by category, written by the database with every line."""

from django.db import migrations

from wallet.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("wallet", "0023_categories_and_budgets")]

    operations = [sql_file("categories.sql")]
