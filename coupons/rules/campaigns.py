"""What a campaign gives, to whom and for what: arithmetic on its terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coupons.rules.baskets import Basket
from coupons.rules.experiments import Arm
from wallet_project.kit.money import ZERO, Fen, basis_points

WARNED_AT = 8_000  # basis points of a budget
MOST_CASHBACK = 1_000  # basis points: a tenth


class CampaignKind(TextChoices):
    CASHBACK = "CASHBACK", _("消费返现")
    TASKS = "TASKS", _("任务奖励")


class Goal(TextChoices):
    """What a task asks for; each is reached once in a customer's life, a purchase once in a campaign."""

    REGISTERED = "REGISTERED", _("注册")
    PHONE_BOUND = "PHONE_BOUND", _("绑定手机")
    PIN_SET = "PIN_SET", _("设置支付密码")
    REAL_NAME = "REAL_NAME", _("完成实名认证")
    FIRST_TOP_UP = "FIRST_TOP_UP", _("首次充值")
    PURCHASE = "PURCHASE", _("消费一次")
    ALL_DONE = "ALL_DONE", _("完成全部任务")


# What only a new customer does: rewarded once per real person, whomever else the campaign is for.
FIRST_TIMES = frozenset({Goal.REGISTERED, Goal.PHONE_BOUND, Goal.FIRST_TOP_UP})


@dataclass(frozen=True, kw_only=True)
class CashbackTerms:
    """`rate` basis points of the customer's own money, of at least `least` fen, at most `per_order` fen."""

    rate: int
    per_order: Fen
    least: Fen = ZERO
    places: Sequence[str] = ()


def cashback_of(basket: Basket, *, own: Fen, terms: CashbackTerms) -> Fen:
    """What a purchase brings back, in fen, before anything that limits a person or the campaign."""
    if own < terms.least or (terms.places and basket.place not in terms.places):
        return ZERO
    return Fen(min(basis_points(own, terms.rate), terms.per_order))


def is_for_arm(wanted: str, arm: Arm) -> bool:
    """Nobody who is held out; else one arm, or, where none is named, everybody."""
    return arm != Arm.HOLDOUT and wanted in ("", arm)


def task_source(campaign_id: int, goal: str, user_id: int) -> str:
    """What somebody's reward for a task is given under, once."""
    return f"campaign:{campaign_id}:{goal}:{user_id}"
