"""What growth begins with: how long points last, what makes people grow, and how offers are ranked."""

from datetime import datetime, timedelta, timezone

from django.db import migrations

from wallet_project.kit.migrating import first_rows

_BEGAN = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))
_IN_FORCE = {"state": "LIVE", "live_at": _BEGAN}


def points_policy(_apps):
    """A year, as is usual; a week in which a purchase may go back; a yuan for a hundred, half an order at most."""
    yield {
        **_IN_FORCE,
        "mode": "ROLLING",
        "months": 12,
        "notice_days": 30,
        "refund_days": 7,
        "per_yuan": 100,
        "order_share": 5_000,
    }


def growth_rules(_apps):
    """A yuan is a point of growth; a first time as much as a coffee or two, a day a little."""
    values = {
        "SPENT": 1,
        "CHECK_IN": 1,
        "TASK": 10,
        "PHONE_BOUND": 20,
        "REAL_NAME": 50,
        "FIRST_TOP_UP": 50,
        "TUTORIAL_DONE": 20,
        "QUIZ_PASSED": 20,
    }
    for event, value in values.items():
        yield {**_IN_FORCE, "event": event, "value": value}


def tiers(_apps):
    """Fees and coupons of a tier's own come with the version that two people agree to."""
    for place, (code, name, name_en, threshold, points_rate, limit_uplift) in enumerate(
        (
            ("member", "普通会员", "Member", 0, 10_000, 0),
            ("silver", "银卡会员", "Silver", 1_000, 11_000, 0),
            ("gold", "金卡会员", "Gold", 3_000, 12_500, 2_000),
            ("diamond", "钻石会员", "Diamond", 10_000, 15_000, 5_000),
        )
    ):
        yield {
            **_IN_FORCE,
            "code": code,
            "name": name,
            "name_en": name_en,
            "threshold": threshold,
            "protected_months": 3 if place else 0,
            "grace_days": 30,
            "points_rate": points_rate,
            "fee_tier": "",
            "limit_uplift": limit_uplift,
            "support_priority": place,
        }


def recommendation_policy(_apps):
    """What ends soon comes first, then what is close to being reached, then where one goes."""
    weights = {"expiring": 5, "next_tier": 4, "recent": 3, "hour": 2, "similar": 2, "popular": 1}
    yield {**_IN_FORCE, **weights}


def recommendation_experiment(_apps):
    """A tenth sees what anybody would see."""
    yield {
        "key": "recommendations",
        "name": "个性化推荐",
        "holdout": 1_000,
        "state": "RUNNING",
        "started_at": _BEGAN,
    }


class Migration(migrations.Migration):
    dependencies = [("coupons", "0001_first"), ("accounts", "0004_guards_and_functions")]

    operations = [
        first_rows("coupons.PointsPolicy", points_policy),
        first_rows("coupons.GrowthRule", growth_rules),
        first_rows("coupons.MembershipTier", tiers),
        first_rows("coupons.RecommendationPolicy", recommendation_policy),
        first_rows("coupons.Experiment", recommendation_experiment),
    ]
