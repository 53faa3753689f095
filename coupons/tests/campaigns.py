"""Campaigns that run, and what people are promised."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from coupons.models import Campaign, CampaignTask, Reward
from coupons.rules.campaigns import CampaignKind
from coupons.rules.rewards import RewardKind, RewardTerms
from coupons.services.rewards import give_reward
from coupons.services.sentences import REWARDS
from wallet.models import LedgerAccount
from wallet.tests.factories import new_key
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock


def campaign(*, tasks: dict[str, tuple[str, int]] | None = None, **columns: Any) -> Campaign:
    """One that runs: 5 % cashback of at most 10 yuan; or tasks, goal → what and how much."""
    now = clock.now()
    kind = (
        {"kind": CampaignKind.TASKS}
        if tasks
        else {"kind": CampaignKind.CASHBACK, "rate": 500, "per_order": 10_00}
    )
    terms = {
        "name": "周末返现",
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=30),
        "budget": 1_000_00,
        "state": AgreedState.LIVE,
        **kind,
    }
    made = Campaign.objects.create(**{**terms, **columns})
    CampaignTask.objects.bulk_create(
        CampaignTask(campaign=made, goal=goal, title=goal, reward=reward, amount=amount)
        for goal, (reward, amount) in (tasks or {}).items()
    )
    return made


def promise(user: Any, amount: int, **more: Any) -> Reward | None:
    """Cashback for somebody, later; or as `more` says."""
    wish: dict[str, Any] = {
        "terms": RewardTerms(
            kind=more.pop("kind", RewardKind.CASHBACK),
            amount=amount,
            template_id=more.pop("template_id", None),
        ),
        "source": new_key("r"),
        "title": "返现",
        "vests_at": clock.now() + timedelta(days=7),
        **more,
    }
    with transaction.atomic():
        return give_reward(user_id=user.pk, **wish)


def has_campaigns(user: Any, mark: str) -> None:
    """A draft, and something that is promised."""
    campaign(name=f"返现 {mark}", state=AgreedState.DRAFT)
    promise(user, 1_00, source=f"town:{mark}")


def committed(made: Campaign) -> int:
    return Campaign.objects.get(pk=made.pk).committed


def owed_in_rewards() -> int:
    return sum(LedgerAccount.objects.filter(code="reward_liability").values_list("balance", flat=True))


def broken() -> dict[str, list[str]]:
    """Sentences about rewards that do not hold, and of whom."""
    with connection.cursor() as cursor:
        found = {}
        for sentence in REWARDS:
            cursor.execute(sentence.broken)
            if rows := [str(row[0]) for row in cursor.fetchall()]:
                found[sentence.name] = rows
    return found
