"""What points are exchanged for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GoodKind(models.TextChoices):
    COUPON = "COUPON", _("优惠券")
    CREDIT = "CREDIT", _("余额（赠金）")
    PHYSICAL = "PHYSICAL", _("实物")
    MAKE_UP_CARD = "MAKE_UP_CARD", _("补签卡")


class MallOrderState(models.TextChoices):
    """WAITING → PICKED_UP | CANCELLED for what is picked up; anything else is DONE at once."""

    WAITING = "WAITING", _("待自提")
    PICKED_UP = "PICKED_UP", _("已自提")
    CANCELLED = "CANCELLED", _("已取消")
    DONE = "DONE", _("已到账")


MOVES: dict[str, set[str]] = {
    MallOrderState.WAITING: {MallOrderState.PICKED_UP, MallOrderState.CANCELLED},
}
