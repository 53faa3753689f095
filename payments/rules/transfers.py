"""
Merchant transfers move along these lines and no others; WeChat may leave states out.

    REQUESTED → ACCEPTED → PROCESSING → WAIT_USER_CONFIRM → TRANSFERING → SUCCESS | FAIL
    … → CANCELING → CANCELLED                   until its person confirms, who may be faster
    REQUESTED → REFUSED                         it is proven that WeChat has none, and will have none
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen


class TransferState(StrEnum):
    REQUESTED = "REQUESTED"
    """Ours: WeChat has not accepted it yet, or has not answered."""
    ACCEPTED = "ACCEPTED"
    PROCESSING = "PROCESSING"
    WAIT_USER_CONFIRM = "WAIT_USER_CONFIRM"
    TRANSFERING = "TRANSFERING"
    CANCELING = "CANCELING"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    CANCELLED = "CANCELLED"
    REFUSED = "REFUSED"
    """Ours: it never came to be at WeChat."""


_ENDS = {TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED}
_CONFIRMED = {TransferState.TRANSFERING, *_ENDS}
_WAITING = {TransferState.WAIT_USER_CONFIRM, TransferState.CANCELING, *_CONFIRMED}
TRANSFER_MOVES: dict[str, set[TransferState]] = {
    TransferState.REQUESTED: {
        TransferState.ACCEPTED,
        TransferState.PROCESSING,
        TransferState.REFUSED,
        *_WAITING,
    },
    TransferState.ACCEPTED: {TransferState.PROCESSING, *_WAITING},
    TransferState.PROCESSING: _WAITING,
    TransferState.WAIT_USER_CONFIRM: {TransferState.CANCELING, *_CONFIRMED},
    TransferState.CANCELING: _CONFIRMED,
    TransferState.TRANSFERING: _ENDS,
}
UNDECIDED = tuple(TRANSFER_MOVES)
# Nobody has confirmed it, as far as we know: it may be called off.
STOPPABLE = frozenset(
    {
        TransferState.REQUESTED,
        TransferState.ACCEPTED,
        TransferState.PROCESSING,
        TransferState.WAIT_USER_CONFIRM,
    }
)

# WeChat's own limits (WeChat Pay v3 doc 4012716434).
LEAST = Fen(10)
NAMED_FROM = Fen(2_000_00)
CONFIRMABLE_FOR = timedelta(hours=24)
QUERYABLE_FOR = timedelta(days=30)
# A signature is accepted for five minutes (doc 4012365336), so what we sent longer ago cannot come to be.
TOO_OLD_TO_BE_ACCEPTED = timedelta(minutes=6)
# How long we try to have one accepted where something on our side is in the way, an empty account say.
TRIED_FOR = timedelta(hours=24)
# Its customer is reminded that it waits, so long before it is over.
REMINDED_BEFORE = timedelta(hours=4)

_STEPS = (5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600)
_WAITING_STEPS = (30, 60, 300, 600, 1800, 3600)
_AFTER_THE_DAY = timedelta(minutes=2)


def next_transfer_query(*, state: str, at: datetime, asked: int, begun_at: datetime) -> datetime:
    """One that waits for its customer is asked about seldom, and when its day is over."""
    if state != TransferState.WAIT_USER_CONFIRM:
        return at + timedelta(seconds=_STEPS[min(asked, len(_STEPS) - 1)])
    later = at + timedelta(seconds=_WAITING_STEPS[min(asked, len(_WAITING_STEPS) - 1)])
    over = begun_at + CONFIRMABLE_FOR + _AFTER_THE_DAY
    return over if at < over < later else later


def is_overdue(*, begun_at: datetime, at: datetime) -> bool:
    """WeChat closes it after a day by itself; what still waits then is called off."""
    return at > begun_at + CONFIRMABLE_FOR + _AFTER_THE_DAY


def is_proven_absent(*, asked_at: datetime | None, at: datetime) -> bool:
    """Whether a WeChat that knows no such transfer now never will."""
    return asked_at is None or at > asked_at + TOO_OLD_TO_BE_ACCEPTED


def needs_name(amount: Fen) -> bool:
    return amount >= NAMED_FROM


# Why one failed, in the customer's words; what is not here is told as FAILED_SOMEHOW.
_ACCOUNT = _("微信支付账户暂时不能收款，请在微信中检查账户状态")
_NAME = _("姓名与微信实名不一致，请使用本人实名的微信")
_QUOTA = _("超过微信的收款限额，请改日再试或减少金额")
_CARD = _("微信绑定的收款银行卡有问题，请在微信中检查")
_OURS = _("商户暂时不能转账，请稍后再试")
FAILURES: Mapping[str, Promise] = {
    "ACCOUNT_FROZEN": _ACCOUNT,
    "ACCOUNT_NOT_EXIST": _ACCOUNT,
    "PAYEE_ACCOUNT_ABNORMAL": _ACCOUNT,
    "OPENID_INVALID": _ACCOUNT,
    "RECEIVE_ACCOUNT_NOT_CONFIGURE": _ACCOUNT,
    "REAL_NAME_CHECK_FAIL": _("请先在微信中完成实名认证"),
    "NAME_NOT_CORRECT": _NAME,
    "ID_CARD_NOT_CORRECT": _NAME,
    "DAY_RECEIVED_COUNT_EXCEED": _QUOTA,
    "DAY_RECEIVED_QUOTA_EXCEED": _QUOTA,
    "REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED": _QUOTA,
    "TRANSFER_QUOTA_EXCEED": _QUOTA,
    "EXCEEDED_ESTIMATED_AMOUNT": _QUOTA,
    "RELATED_ORDER_TRANSFER_AMOUNT_EXCEED": _QUOTA,
    "RELATED_ORDER_TRANSFER_COUNT_EXCEED": _QUOTA,
    "BLOCK_B2C_USERLIMITAMOUNT_BSRULE_MONTH": _QUOTA,
    "BLOCK_B2C_USERLIMITAMOUNT_MONTH": _QUOTA,
    "BANK_CARD_ACCOUNT_ABNORMAL": _CARD,
    "BANK_CARD_BANK_INFO_WRONG": _CARD,
    "BANK_CARD_CARD_INFO_WRONG": _CARD,
    "BANK_CARD_COLLECTIONS_ABOVE_QUOTA": _CARD,
    "BANK_CARD_PARAM_ERROR": _CARD,
    "BANK_CARD_STATUS_ABNORMAL": _CARD,
    "OVERDUE_CLOSE": _("超过 24 小时未确认收款"),
    "TRANSFER_RISK": _("微信认为这笔转账有风险，未予办理"),
    "MCH_CANCEL": _("已取消"),
    "MERCHANT_REJECT": _OURS,
    "MERCHANT_NOT_CONFIRM": _OURS,
    "BUDGET_NOT_ENOUGH": _OURS,
    "PAYER_ACCOUNT_ABNORMAL": _OURS,
    "PRODUCT_AUTH_CHECK_FAIL": _OURS,
    "RESERVATION_INFO_NOT_MATCH": _OURS,
    "RESERVATION_SCENE_NOT_MATCH": _OURS,
    "RESERVATION_STATE_INVALID": _OURS,
    "TRANSFER_REMARK_SET_FAIL": _OURS,
    "TRANSFER_SCENE_INVALID": _OURS,
    "TRANSFER_SCENE_UNAVAILABLE": _OURS,
}
FAILED_SOMEHOW = _("微信未能完成转账")


def failure_in_words(reason: str) -> str:
    return str(FAILURES.get(reason, FAILED_SOMEHOW))


# What WeChat wants to be told of each scene (doc 4012711988); others are kept in its portal.
REPORTED: Mapping[str, frozenset[str]] = {
    "1000": frozenset({"活动名称", "奖励说明"}),
    "1005": frozenset({"岗位类型", "报酬说明"}),
}


def problem_with_scene(code: str, reports: Mapping[str, str]) -> str:
    """What WeChat would say of it, or empty."""
    wanted = REPORTED.get(code)
    if wanted is not None and set(reports) != wanted:
        return f"scene {code} is reported with {'、'.join(sorted(wanted))}"
    too_long = [kind for kind, content in reports.items() if not 0 < len(content) <= 32 or len(kind) > 15]
    return f"too long, or empty: {'、'.join(too_long)}" if too_long or not reports else ""
