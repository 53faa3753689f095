"""The first fees: taking money out costs a little, everything else nothing. Amounts in fen, rates in basis points."""

from datetime import UTC, datetime

from django.db import migrations

_MADE = datetime(2025, 12, 24, 16, tzinfo=UTC)
_EFFECTIVE = datetime(2025, 12, 31, 16, tzinfo=UTC)  # New Year in Shanghai, as the first agreements

FREE = {}
FEES = {
    "top_up": FREE,
    "pay": FREE,
    "transfer": FREE,
    "red_packet": FREE,
    "withdraw": {"rate": 10, "least": 10, "most": 25_00, "free_amount": 1_000_00},
    "bill": FREE,
}


def seed(apps, _schema_editor):
    schedule = apps.get_model("wallet", "FeeSchedule")
    for kind, terms in FEES.items():
        first = {"effective_from": _EFFECTIVE, "made_at": _MADE, **terms}
        schedule.objects.get_or_create(kind=kind, tier="", version=1, defaults=first)


def forget(apps, _schema_editor):
    apps.get_model("wallet", "FeeSchedule").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("wallet", "0013_fees_and_quotes")]

    operations = [migrations.RunPython(seed, forget)]
