"""
How a withdrawal moves.

    REVIEW → APPROVED | REJECTED | CANCELLED    large ones wait for a person; the money is held
    APPROVED → SENDING | REVIEW                 to be sent; back where it cannot be
    SENDING → PAID | FAILED | CANCELLED         on its way; only proof ends it
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen


class WithdrawalWay(TextChoices):
    SOURCE = "source", _("原路退回，退不回的转入微信零钱")
    TRANSFER = "transfer", _("转入微信零钱")


class WithdrawalState(TextChoices):
    REVIEW = "REVIEW", _("审核中")
    APPROVED = "APPROVED", _("待转出")
    SENDING = "SENDING", _("转出中")
    PAID = "PAID", _("已到账")
    FAILED = "FAILED", _("未成功，已退回钱包")
    REJECTED = "REJECTED", _("审核未通过，已退回钱包")
    CANCELLED = "CANCELLED", _("已取消")


WITHDRAWAL_MOVES: dict[str, set[str]] = {
    WithdrawalState.REVIEW: {
        WithdrawalState.APPROVED,
        WithdrawalState.REJECTED,
        WithdrawalState.CANCELLED,
    },
    WithdrawalState.APPROVED: {WithdrawalState.SENDING, WithdrawalState.REVIEW},
    WithdrawalState.SENDING: {
        WithdrawalState.PAID,
        WithdrawalState.FAILED,
        WithdrawalState.CANCELLED,
    },
}
UNDER_WAY = tuple(WITHDRAWAL_MOVES)


def fee_for(*, fee: Fen, paid: Fen, amount: Fen) -> Fen:
    """The part of the fee for what really arrived, rounded in the customer's favour."""
    return Fen(fee * paid // amount)
