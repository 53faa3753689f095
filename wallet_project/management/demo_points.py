"""The demo's points: how they are earned, and what they are exchanged for."""

from datetime import datetime
from typing import Any

from coupons.models import Good, PointRule
from coupons.rules.mall import GoodKind
from coupons.rules.point_rules import EarnEvent
from wallet_project.approvals.agreed import AgreedState

RULES: list[dict[str, Any]] = [
    {"name": "消费得积分", "event": EarnEvent.PURCHASE, "rate": 100},
    {"name": "周三门店双倍", "event": EarnEvent.PURCHASE, "rate": 100, "kind": "STORE", "weekdays": [3]},
    {"name": "绑定手机", "event": EarnEvent.PHONE_BOUND, "points": 50},
    {"name": "首次充值", "event": EarnEvent.FIRST_TOP_UP, "points": 100},
    {"name": "通过安全测验", "event": EarnEvent.QUIZ_PASSED, "points": 30},
    {"name": "完成问卷", "event": EarnEvent.SURVEY_ANSWERED, "points": 10},
    {"name": "每日签到", "event": EarnEvent.CHECK_IN, "points": 2},
    {"name": "连续签到七天", "event": EarnEvent.CHECK_IN, "points": 20, "every_days": 7},
]
GOODS: list[dict[str, Any]] = [
    {
        "name": "1 元赠金",
        "kind": GoodKind.CREDIT,
        "points": 100,
        "credit": 1_00,
        "credit_days": 90,
        "stock": 1000,
    },
    {"name": "补签卡", "kind": GoodKind.MAKE_UP_CARD, "points": 20, "stock": 1000, "per_person": 12},
    {
        "name": "马克杯",
        "kind": GoodKind.PHYSICAL,
        "description": "白色，350 毫升",
        "points": 2_500,
        "stock": 50,
        "per_person": 2,
        "pick_up_at": "人民路店",
    },
]


def offer_points(*, since: datetime) -> None:
    """In force at once, as if two people had agreed; harmless when repeated."""
    for model, rows in ((PointRule, RULES), (Good, GOODS)):
        for row in rows:
            model.objects.get_or_create(
                name=row["name"],
                defaults={**row, "state": AgreedState.LIVE, "starts_at": since, "live_at": since},
            )
