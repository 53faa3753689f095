"""One text to many people: who gets it, how fast, and what came of it."""

from dataclasses import dataclass

from django.db import models

from wallet_project.notifications.rules.notices import Category

WHOLE = 10_000  # of whom so many are held out
MOST_HELD_OUT = 5_000
FASTEST = 1_000  # a minute

NOTICES: dict[str, str] = {
    Category.GROWTH: "notifications.offer",
    Category.SERVICE: "notifications.announcement",
}
KINDS = [(category, Category(category).label) for category in NOTICES]


class Goal(models.TextChoices):
    """What people should do."""

    PAID = "PAID", "支付订单"
    TOPPED_UP = "TOPPED_UP", "充值"
    CLAIMED = "CLAIMED", "领取优惠券"


class RecipientState(models.TextChoices):
    """
    WAITING → TOLD, UNWANTED, or FAILED after several tries; staff have those tried again. HELD_OUT: never
    told, so that others can be compared with them.
    """

    WAITING = "WAITING", "待发送"
    TOLD = "TOLD", "已发送"
    UNWANTED = "UNWANTED", "顾客不接收"
    FAILED = "FAILED", "多次失败"
    HELD_OUT = "HELD_OUT", "对照组"


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """People. `delivered`: in their inbox or pushed to them; `acted` and the like within its days."""

    people: int
    waiting: int
    told: int
    unwanted: int
    failed: int
    held_out: int
    delivered: int
    read: int
    opened: int
    acted: int
    unwanted_acted: int
    failed_acted: int
    held_out_acted: int
    unsubscribed: int

    @property
    def lift(self) -> float | None:
        """
        How much more of those who were to be told acted, in shares of one; None: there is nobody to compare.

        Whoever does not want to be told, or was not for an error, is among the held-out, too. The first act
        less: counted on one side only, they would make any message look good.
        """
        meant = self.told + self.unwanted + self.failed
        if not meant or not self.held_out:
            return None
        acted = self.acted + self.unwanted_acted + self.failed_acted
        return acted / meant - self.held_out_acted / self.held_out
