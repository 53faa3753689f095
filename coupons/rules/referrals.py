"""What is given for bringing somebody, to whom, and how it is said."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
_LENGTH: Final = 8
CODE: Final = re.compile(rf"[{_LETTERS}]{{{_LENGTH}}}")


class ReferralEvent(TextChoices):
    """What a newcomer does that both are rewarded for, in the order in which it usually happens."""

    REGISTERED = "REGISTERED", _("注册并绑定手机号")
    FIRST_TOP_UP = "FIRST_TOP_UP", _("首次充值")
    FIRST_PURCHASE = "FIRST_PURCHASE", _("首次消费")


class Side(TextChoices):
    INVITER = "INVITER", _("邀请人")
    NEWCOMER = "NEWCOMER", _("新朋友")


class StepState(TextChoices):
    """
    REACHED → GRANTED, HELD or REFUSED once somebody has judged it; HELD → GRANTED or REFUSED when its case
    ends; GRANTED → HELD while nothing of it has been given, → REFUSED when what it was for is undone.
    """

    REACHED = "REACHED", _("处理中")
    GRANTED = "GRANTED", _("已记奖励")
    HELD = "HELD", _("核实中")
    REFUSED = "REFUSED", _("不符合条件")


STEP_MOVES: Final = {
    StepState.REACHED: {StepState.GRANTED, StepState.HELD, StepState.REFUSED},
    StepState.HELD: {StepState.GRANTED, StepState.REFUSED},
    StepState.GRANTED: {StepState.HELD, StepState.REFUSED},
}

# What a customer reads: that it takes a while, or that it is no more; never what was found.
TOLD: Final = {
    StepState.HELD: _("奖励核实中，一般 1 至 3 个工作日"),
    StepState.REFUSED: _("不符合活动条件，不发放奖励"),
}


class NoBinding(TextChoices):
    """Why a code cannot be bound."""

    NO_PROGRAM = "NO_PROGRAM", _("现在没有邀请活动")
    BOUND = "BOUND", _("您已经绑定过邀请人")
    TOO_LATE = "TOO_LATE", _("注册后超过了可以绑定的时间")
    OWN_CODE = "OWN_CODE", _("不能绑定自己的邀请码")
    NOT_BEFORE = "NOT_BEFORE", _("对方注册得比您晚，不能做您的邀请人")
    INVITER_GONE = "INVITER_GONE", _("邀请人的账户现在不能使用")


def new_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))


def why_not_bound(
    *, inviter_id: int, user_id: int, registered_at: datetime, at: datetime, within: timedelta
) -> NoBinding | None:
    """
    Nobody invites themselves, nor whoever was here before: numbers of accounts ascend, so that no circle of
    any length can be.
    """
    if inviter_id == user_id:
        return NoBinding.OWN_CODE
    if inviter_id > user_id:
        return NoBinding.NOT_BEFORE
    if at - registered_at > within:
        return NoBinding.TOO_LATE
    return None
