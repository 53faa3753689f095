"""What two people may do to a wallet, to all money, and to what customers are offered."""

from datetime import datetime
from typing import Any

from accounts.rules.kyc import KycLevel
from wallet.rules.adjustments import AdjustmentCause, Colour
from wallet.rules.fee_words import terms_in_words
from wallet.rules.fees import SAMPLES, FeeTerms, FreeQuota, fee_of
from wallet.rules.kinds import MoveKind
from wallet.rules.limits import NAMES, Limits, Period, limit_in_words
from wallet.services.adjustments import post_adjustment
from wallet.services.fees import set_fee
from wallet.services.freezes import lift_freeze
from wallet.services.limit_policies import set_limits
from wallet.services.top_up_packages import put_on_sale
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit import clock
from wallet_project.kit.money import yuan


def _moment(kept: str | None) -> str:
    """A moment among a proposal's facts, as people read it."""
    return clock.in_words(datetime.fromisoformat(kept)) if kept else ""


@carries_out(
    "wallet.unfreeze",
    title="解冻钱包",
    permission="wallet.approve_unfreeze",
    shows=lambda wallet_id, status, told="", since=None, **_: {
        "钱包": wallet_id,
        "状态": (status, "正常"),
        "冻结原因": told or "—",
        "冻结时间": _moment(since) or "—",
    },
)
def unfreeze(*, wallet_id: int, reason: str, since: str | None = None, **_shown: Any) -> None:
    lift_freeze(wallet_id=wallet_id, since=since, reason=reason)


@carries_out(
    "wallet.top_up_package",
    title="充值套餐上架",
    permission="wallet.approve_top_up_package",
    shows=lambda name, amount, bonus, bonus_days, per_person, sold_from, sold_until, **_: {
        "套餐": name,
        "充值（元）": yuan(amount),
        "赠送（元）": yuan(bonus),
        "赠金有效期": f"{bonus_days} 天" if bonus_days else "长期有效",
        "每人限购": f"{per_person} 次" if per_person else "不限",
        "开售": _moment(sold_from),
        "停售": _moment(sold_until) or "长期",
    },
)
def sell(*, package_id: int, reason: str, **terms: Any) -> str:
    return f"已上架 {put_on_sale(package_id=package_id, terms=terms, reason=reason)}"


@carries_out(
    "wallet.adjustment",
    title="人工调账",
    permission="wallet.approve_adjustment",
    shows=lambda number, wallet_id, colour, amount, cause, ticket, **_: {
        "调账单": number,
        "钱包": wallet_id,
        "科目": Colour(colour).label,
        "金额（元）": ("+" if amount > 0 else "") + yuan(amount),
        "原因": AdjustmentCause(cause).label,
        "工单号": ticket,
    },
    also=("maker_id", "checker_id"),
)
def adjust(*, number: str, maker_id: int, checker_id: int, **_shown: Any) -> str:
    post_adjustment(number=number, maker_id=maker_id, checker_id=checker_id)
    return f"已入账 {number}"


def _fee_shown(
    *, kind: str, tier: str, terms: dict[str, Any], before: dict[str, Any], effective_from: str | None
) -> dict[str, Any]:
    """What the checker decides about: the words, and what it means for some amounts once nothing is free."""
    change = FeeTerms.of(**before), FeeTerms.of(**terms)
    return {
        "业务": MoveKind(kind).label,
        "会员等级": tier or "所有人",
        "收费": tuple(terms_in_words(each) for each in change),
        "生效时间": _moment(effective_from) or "批准后立即生效",
        **{
            f"¥{yuan(amount)} 的手续费（额度用完后）": tuple(
                yuan(fee_of(amount, each, left=FreeQuota()).amount) for each in change
            )
            for amount in SAMPLES
        },
    }


@carries_out(
    "wallet.fee_schedule",
    title="收费标准",
    permission="wallet.approve_feeschedule",
    shows=_fee_shown,
    also=("maker_id", "checker_id"),
)
def change_fee(
    *,
    kind: str,
    tier: str,
    terms: dict[str, Any],
    effective_from: str | None,
    maker_id: int,
    checker_id: int,
    **_shown: Any,
) -> str:
    made = set_fee(
        kind=MoveKind(kind),
        tier=tier,
        terms=FeeTerms.of(**terms),
        effective_from=datetime.fromisoformat(effective_from) if effective_from else None,
        maker_id=maker_id,
        checker_id=checker_id,
    )
    return f"已公布{made}"


@carries_out(
    "wallet.limit_policy",
    title="调整限额",
    permission="wallet.approve_limitpolicy",
    also=("maker_id", "checker_id"),
    shows=lambda level, move, limits, before, effective_from, **_: {
        "实名等级": KycLevel(level).label,
        "资金操作": NAMES[move],
        **{
            str(period.label): (
                limit_in_words(period, Limits(**before)),
                limit_in_words(period, Limits(**limits)),
            )
            for period in Period
        },
        "生效时间": _moment(effective_from) or "批准后立即生效",
    },
)
def change_limits(
    *,
    level: int,
    move: str,
    limits: dict[str, Any],
    effective_from: str | None,
    maker_id: int,
    checker_id: int,
    **_shown: Any,
) -> str:
    policy = set_limits(
        level=KycLevel(level),
        move=move,
        limits=Limits(**limits),
        effective_from=datetime.fromisoformat(effective_from) if effective_from else None,
        maker_id=maker_id,
        checker_id=checker_id,
    )
    return f"{policy} 自 {clock.in_words(policy.effective_from)} 起生效"
