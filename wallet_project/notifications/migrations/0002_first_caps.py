"""How often people are pushed to, until staff say otherwise, as data."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

_CAPS = (("GROWTH", 1, 3), ("SERVICE", 6, 20))


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_first")]

    operations = [
        first_rows(
            "notifications.FrequencyCap",
            lambda _apps: (
                {"category": category, "per_day": per_day, "per_week": per_week}
                for category, per_day, per_week in _CAPS
            ),
        )
    ]
