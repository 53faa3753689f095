"""What does not fit, and what is done about it by itself: the kinds, and the terms of a rule."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen, yuan

MOST_HOURS: Final = 24 * 60


class CaseKind(StrEnum):
    LATE_PAYMENT = "LATE_PAYMENT"
    DOUBLE_PAYMENT = "DOUBLE_PAYMENT"
    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    PAYER_MISMATCH = "PAYER_MISMATCH"
    MERCHANT_MISMATCH = "MERCHANT_MISMATCH"
    REFUNDED_ELSEWHERE = "REFUNDED_ELSEWHERE"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    UNREADABLE_NOTICE = "UNREADABLE_NOTICE"
    UNKNOWN_REFUND = "UNKNOWN_REFUND"
    REFUND_MISMATCH = "REFUND_MISMATCH"
    REFUND_ABNORMAL = "REFUND_ABNORMAL"
    REFUND_REFUSED = "REFUND_REFUSED"
    REFUND_UNDECIDED = "REFUND_UNDECIDED"
    REFUND_UNCLAIMED = "REFUND_UNCLAIMED"
    UNKNOWN_TRANSFER = "UNKNOWN_TRANSFER"
    TRANSFER_MISMATCH = "TRANSFER_MISMATCH"
    TRANSFER_UNDECIDED = "TRANSFER_UNDECIDED"
    UNKNOWN_BILL = "UNKNOWN_BILL"
    BILL_MISMATCH = "BILL_MISMATCH"
    BILL_UNCLAIMED = "BILL_UNCLAIMED"
    SHIPPING_REFUSED = "SHIPPING_REFUSED"
    WECHAT_WARNING = "WECHAT_WARNING"


class Handling(TextChoices):
    """HONOUR settles the order where it is still wanted, and gives the money back where it is not."""

    HONOUR = "HONOUR", _("订单仍有效则入账，否则原路退回")
    REFUND = "REFUND", _("自动原路退回")
    HAND = "HAND", _("人工处理")


# Everything was as asked, only too late. What differs in anything is never credited, whatever a rule says.
HONOURABLE: Final = (CaseKind.LATE_PAYMENT,)
# Money came with it that can go back to whoever paid it.
WITH_MONEY: Final = (
    CaseKind.LATE_PAYMENT,
    CaseKind.DOUBLE_PAYMENT,
    CaseKind.AMOUNT_MISMATCH,
    CaseKind.PAYER_MISMATCH,
    CaseKind.UNKNOWN_ORDER,
)
# Opened by the watch, so many hours after a request that has no outcome.
WATCHED: Final = (CaseKind.REFUND_UNDECIDED, CaseKind.TRANSFER_UNDECIDED)


@dataclass(frozen=True, kw_only=True)
class CaseTerms:
    """
    What a rule says of one kind. Amounts in fen.

    `up_to`: what is handled by itself, at most; None: any amount. `alone_up_to`: what one person decides
    alone; None: any amount. Due `due_hours` after it was opened, with a warning `warn_hours` before.
    `opens_after_hours` is for the kinds that the watch opens.
    """

    handling: Handling
    up_to: int | None = None
    alone_up_to: int | None = None
    due_hours: int
    warn_hours: int
    opens_after_hours: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return asdict(self)

    def handling_of(self, amount: int) -> Handling:
        """What is done by itself with so much."""
        within = self.up_to is None or amount <= self.up_to
        return self.handling if within else Handling.HAND


def terms_in_words(terms: CaseTerms) -> dict[str, str]:
    """Label → value, as whoever approves a rule reads it."""
    after = terms.opens_after_hours
    return {
        "自动处理": str(Handling(terms.handling).label),
        "自动处理上限": _amount_in_words(terms.up_to),
        "单人处理上限": _amount_in_words(terms.alone_up_to),
        "处理时限": f"{terms.due_hours} 小时，提前 {terms.warn_hours} 小时预警",
        "登记": "立即" if after is None else f"{after} 小时仍无结果时",
    }


def _amount_in_words(amount: int | None) -> str:
    return "不限" if amount is None else f"{yuan(Fen(amount))} 元"


def problem_with(terms: CaseTerms, *, kind: CaseKind) -> Promise | None:
    """Why no rule may say this of a kind; the table refuses the same."""
    if terms.handling == Handling.HONOUR and kind not in HONOURABLE:
        return _("金额、币种、付款人、商户或 AppID 不符，以及重复、未知的付款，一律不得入账")
    if kind not in WITH_MONEY and (terms.handling, terms.up_to, terms.alone_up_to) != (
        Handling.HAND,
        None,
        None,
    ):
        return _("这类异常没有可退的款项，只能人工处理，也没有金额界限")
    if not 0 < terms.due_hours <= MOST_HOURS or not 0 <= terms.warn_hours < terms.due_hours:
        return _("时限为 1 小时到 60 天，预警须早于时限")
    if (terms.opens_after_hours is not None) != (kind in WATCHED):
        return _("只有久无结果的退款和转账，才需要填写登记前等待的小时数")
    if terms.opens_after_hours is not None and not 0 < terms.opens_after_hours <= MOST_HOURS:
        return _("登记前等待 1 小时到 60 天")
    return None
