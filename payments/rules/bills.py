"""
What can be paid, and how the payment of a bill goes.

    CREATED → UNSURE → SENT → SUCCEEDED → REVERSED     the biller may send it back days later
    CREATED | UNSURE | SENT → FAILED                   only when the platform says so: that is the proof

An answer may leave out what comes before it: a platform that is fast says SUCCEEDED at once.
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BillerKind(TextChoices):
    """What is owed; a credit card is bound first, everything else has an account number."""

    CREDIT_CARD = "CREDIT_CARD", _("信用卡还款")
    ELECTRICITY = "ELECTRICITY", _("电费")
    WATER = "WATER", _("水费")
    GAS = "GAS", _("燃气费")
    PHONE = "PHONE", _("话费充值")


class BillState(StrEnum):
    CREATED = "CREATED"
    """Its money is held; the platform has certainly not been asked."""
    UNSURE = "UNSURE"
    """The platform was asked, and nothing that it said can be relied on (yet)."""
    SENT = "SENT"
    """The platform has it and will say how it ends."""
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    """It never happens: the money is free again."""
    REVERSED = "REVERSED"
    """It happened, and came back."""


_ENDS = {BillState.SUCCEEDED, BillState.FAILED}
BILL_MOVES = {
    BillState.CREATED: {BillState.UNSURE, BillState.SENT, *_ENDS},
    BillState.UNSURE: {BillState.SENT, *_ENDS},
    BillState.SENT: _ENDS,
    BillState.SUCCEEDED: {BillState.REVERSED},
}
UNDECIDED = (BillState.CREATED, BillState.UNSURE, BillState.SENT)

# Why it failed, in the customer's words; what is not here is told as `FAILED_SOMEHOW`.
FAILURES: dict[str, Promise] = {
    "ACCOUNT_UNKNOWN": _("户号不存在，请核对"),
    "NO_BILL": _("账单已缴清"),
    "AMOUNT_NOT_DUE": _("账单金额已变化，请重新查询"),
    "AMOUNT_OUT_OF_RANGE": _("金额超出收费单位允许的范围"),
    "CARD_RELEASED": _("这张卡已解绑，请重新绑定"),
    "BILLER_REFUSED": _("收费单位未受理"),
    "BANK_REFUSED": _("发卡行未受理"),
}
FAILED_SOMEHOW = _("收费单位未受理")


def failure_in_words(reason: str) -> str:
    return str(FAILURES.get(reason, FAILED_SOMEHOW)) if reason else ""
