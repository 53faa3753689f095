"""The demo's campaigns: cashback that runs now, and what a newcomer may do."""

from datetime import datetime, timedelta
from typing import Any

from coupons.models import Campaign, CampaignTask
from coupons.rules.campaigns import CampaignKind, Goal
from coupons.rules.rewards import RewardKind
from wallet_project.approvals.agreed import AgreedState

LASTS = timedelta(days=60)
CASHBACK: dict[str, Any] = {
    "name": "节日消费返现 5%",
    "notes": "满 20 元返 5%，每单最多返 10 元，每人最多返 50 元；付款 7 天后到账，退款按比例扣回。",
    "kind": CampaignKind.CASHBACK,
    "budget": 5_000_00,
    "rate": 500,
    "per_order": 10_00,
    "least": 20_00,
    "per_person": 50_00,
    "lasts_days": 90,
}
WELCOME: dict[str, Any] = {
    "name": "新人任务礼",
    "notes": "完成每项任务各得一份，全部完成再得一份；7 天后到账。",
    "kind": CampaignKind.TASKS,
    "budget": 10_000_00,
    "new_people_only": True,
    "lasts_days": 90,
}
TASKS: list[dict[str, Any]] = [
    {"goal": Goal.PHONE_BOUND, "title": "绑定手机", "reward": RewardKind.POINTS, "amount": 100},
    {"goal": Goal.FIRST_TOP_UP, "title": "首次充值", "reward": RewardKind.BONUS, "amount": 2_00},
    {"goal": Goal.PURCHASE, "title": "消费一次", "reward": RewardKind.CASHBACK, "amount": 3_00},
    {"goal": Goal.ALL_DONE, "title": "全部完成", "reward": RewardKind.BONUS, "amount": 5_00},
]


def run_campaigns(*, since: datetime) -> None:
    """Running at once, as if two people had agreed; harmless when repeated."""
    _run(CASHBACK, since)
    welcome = _run(WELCOME, since)
    for task in TASKS:
        CampaignTask.objects.get_or_create(campaign=welcome, goal=task["goal"], defaults=task)


def _run(terms: dict[str, Any], since: datetime) -> Campaign:
    running = {"state": AgreedState.LIVE, "live_at": since, "starts_at": since, "ends_at": since + LASTS}
    return Campaign.objects.get_or_create(name=terms["name"], defaults={**terms, **running})[0]
