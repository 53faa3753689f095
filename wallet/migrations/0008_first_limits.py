"""
The limits that a new wallet begins with: those of 银发〔2015〕43 号 for what leaves the balance, and below them
what is usual. In force since the day the regulation was: there is no moment without a limit.
"""

from datetime import datetime, timedelta, timezone

from django.db import migrations

SINCE = datetime(2016, 7, 1, tzinfo=timezone(timedelta(hours=8)))
NONE, FIRST, SECOND, THIRD = range(4)

# yuan: single, day, month, year, lifetime; then how often a day
OFF = (0, 0, None, None, None, None)
LIMITS = {
    "top_up": {
        NONE: (1_000, 1_000, None, None, None, None),
        FIRST: (5_000, 5_000, 20_000, None, None, None),
        SECOND: (10_000, 20_000, 100_000, None, None, None),
        THIRD: (20_000, 50_000, 200_000, None, None, None),
    },
    "out": {
        NONE: (None, 500, None, None, 1_000, None),
        FIRST: (None, 1_000, None, None, 1_000, None),
        SECOND: (None, 5_000, 50_000, 100_000, None, None),
        THIRD: (None, 5_000, 100_000, 200_000, None, None),
    },
    "pay": {
        NONE: (200, 500, None, None, 1_000, None),
        FIRST: (1_000, 1_000, None, None, 1_000, None),
        SECOND: (5_000, 5_000, 50_000, None, None, None),
        THIRD: (5_000, 5_000, 100_000, None, None, None),
    },
    "transfer": {
        NONE: OFF,
        FIRST: (200, 500, None, None, None, 10),
        SECOND: (2_000, 5_000, 50_000, None, None, 30),
        THIRD: (5_000, 5_000, 100_000, None, None, 50),
    },
    "red_packet": {
        NONE: OFF,
        FIRST: (200, 500, None, None, None, 20),
        SECOND: (2_000, 5_000, 20_000, None, None, 50),
        THIRD: (2_000, 5_000, 50_000, None, None, 100),
    },
    "withdraw": {
        NONE: OFF,
        FIRST: (1_000, 5_000, 20_000, None, None, 5),
        SECOND: (10_000, 20_000, 200_000, None, None, 10),
        THIRD: (20_000, 50_000, 500_000, None, None, 10),
    },
    "bill": {
        NONE: OFF,
        FIRST: (500, 1_000, None, None, None, 20),
        SECOND: (5_000, 5_000, 50_000, None, None, 50),
        THIRD: (5_000, 5_000, 100_000, None, None, 50),
    },
}


def seed(apps, _schema_editor):
    apps.get_model("wallet", "LimitPolicy").objects.bulk_create(
        _policy(apps, move, level, *row) for move, rows in LIMITS.items() for level, row in rows.items()
    )


def _policy(apps, move, level, single, day, month, year, lifetime, times):
    return apps.get_model("wallet", "LimitPolicy")(
        move=move,
        level=level,
        single=_fen(single),
        per_day=_fen(day),
        per_month=_fen(month),
        per_year=_fen(year),
        lifetime=_fen(lifetime),
        times_a_day=times,
        effective_from=SINCE,
        made_at=SINCE,
        proposed_by="system",
        approved_by="system",
        reason="初始限额",
    )


def _fen(yuan):
    return yuan and yuan * 100


def forget(apps, _schema_editor):
    apps.get_model("wallet", "LimitPolicy").objects.filter(proposed_by="system").delete()


class Migration(migrations.Migration):
    dependencies = [("wallet", "0007_limits")]

    operations = [migrations.RunPython(seed, forget)]
