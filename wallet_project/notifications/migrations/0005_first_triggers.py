"""What sets off a message by itself, until staff say otherwise, as data."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

# kind, wait, unit, at most once in so many days
_TRIGGERS = (
    ("COUPON_EXPIRING", 0, "MINUTES", 1),
    ("BUDGET_REACHED", 0, "MINUTES", 0),
    ("SURVEY_OPEN", 0, "MINUTES", 0),
    ("ORDER_WAITING", 5, "MINUTES", 0),
    ("NOT_SEEN", 30, "DAYS", 30),
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_triggers_and_broadcasts")]

    operations = [
        first_rows(
            "notifications.Trigger",
            lambda _apps: (
                {"kind": kind, "wait": wait, "unit": unit, "cap_days": cap_days}
                for kind, wait, unit, cap_days in _TRIGGERS
            ),
        )
    ]
