"""What two people may put in force, and give."""

from datetime import date
from typing import Any

from coupons.models import (
    Campaign,
    CouponTemplate,
    Good,
    GrowthRule,
    JointPromotion,
    MembershipTier,
    PointRule,
    PointsPolicy,
    RecommendationPolicy,
    ReferralProgram,
    Story,
)
from coupons.services.campaigns import go_on
from coupons.services.codes import open_batch
from coupons.services.grants import open_grant
from coupons.services.membership import give_tier
from coupons.services.partners import take_payment
from coupons.services.templates import add_stock, put_on_offer
from wallet_project.approvals.agreed import Agreed
from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit.money import Fen, yuan


@carries_out(
    CouponTemplate._meta.label_lower,
    title="优惠券上线",
    permission="coupons.approve_coupon_template",
    shows=lambda terms, foreseen, **_: {**CouponTemplate.shown(terms), **foreseen},
)
def offer_coupons(*, row_id: int, terms: dict[str, Any], reason: str, **_shown: Any) -> str:
    return f"已上线 {put_on_offer(row_id=row_id, terms=terms, reason=reason)}"


@carries_out(
    "coupons.more_stock",
    title="增加优惠券数量",
    permission="coupons.approve_coupon_template",
    shows=lambda template, more, total, face, **_: {
        "优惠券": template,
        "总量": (f"{total} 张", f"{total + more} 张"),
        "最多多承担（元）": yuan(face * more),
    },
)
def add_coupons(*, template_id: int, more: int, reason: str, **_shown: Any) -> str:
    add_stock(template_id=template_id, more=more, reason=reason)
    return f"已增加 {more} 张"


@carries_out(
    "coupons.codes",
    title="生成兑换码",
    permission="coupons.approve_code_batch",
    shows=lambda template, count, face, **_: {
        "优惠券": template,
        "数量": count,
        "最多承担（元）": yuan(face * count),
    },
    also=("maker_id", "checker_id"),
)
def make_codes(
    *, template_id: int, count: int, reason: str, maker_id: int, checker_id: int, **_shown: Any
) -> str:
    batch = open_batch(
        template_id=template_id, count=count, reason=reason, maker_id=maker_id, checker_id=checker_id
    )
    return f"批次 {batch}"


@carries_out(
    "coupons.grant",
    title="发放优惠券",
    permission="coupons.approve_coupon_grant",
    shows=lambda template, face, user_ids, **_: {
        "优惠券": template,
        "人数": len(user_ids),
        "最多承担（元）": yuan(face * len(user_ids)),
    },
    also=("maker_id", "checker_id"),
)
def give_coupons(
    *,
    template_id: int,
    user_ids: list[int],
    reason: str,
    maker_id: int,
    checker_id: int,
    **_shown: Any,
) -> str:
    grant = open_grant(
        template_id=template_id, user_ids=user_ids, reason=reason, maker_id=maker_id, checker_id=checker_id
    )
    return f"发放单 {grant}，{len(user_ids)} 人"


@carries_out(
    "coupons.tier",
    title="调整会员等级",
    permission="coupons.approve_change_tier",
    shows=lambda names, months, **_: {"会员等级": tuple(names), "保级": f"{months} 个整月"},
    also=("maker_id", "checker_id"),
)
def change_tier(*, names: list[str], **decided: Any) -> str:
    give_tier(**decided)
    return f"已调整为{names[1]}"


def _takes_two(model: type[Agreed]) -> None:
    """A draft of this model is put in force by somebody who may approve it."""
    label = model._meta.label_lower

    @carries_out(
        label,
        title=f"{model._meta.verbose_name}生效",
        permission=f"coupons.approve_{model._meta.model_name}",
        shows=lambda terms, foreseen, **_: {**model.shown(terms), **foreseen},
    )
    def put_in_force(*, row_id: int, terms: dict[str, Any], reason: str, **_shown: Any) -> str:
        return f"已生效 {go_live(label=label, row_id=row_id, terms=terms, reason=reason)}"


for each in (
    PointsPolicy,
    PointRule,
    Good,
    GrowthRule,
    MembershipTier,
    RecommendationPolicy,
    Campaign,
    JointPromotion,
    Story,
    ReferralProgram,
):
    _takes_two(each)


@carries_out(
    "coupons.campaign_goes_on",
    title="活动继续或调整预算",
    permission="coupons.approve_campaign",
    shows=lambda name, before, budget, committed, paused_because, **_: {
        "活动": name,
        "预算（元）": (yuan(before), yuan(budget)),
        "已占用（元）": yuan(committed),
        "暂停原因": paused_because or "—",
    },
)
def let_campaign_go_on(*, campaign_id: int, budget: int, reason: str, **_shown: Any) -> str:
    return f"已继续 {go_on(campaign_id=campaign_id, budget=Fen(budget), reason=reason)}"


@carries_out(
    "coupons.partner_payment",
    title="合作方付款入账",
    permission="coupons.approve_partnerpayment",
    shows=lambda partner, amount, bank_reference, received_on, owed, **_: {
        "合作方": partner,
        "金额（元）": yuan(amount),
        "应付余额（元）": yuan(owed),
        "银行流水号": bank_reference,
        "到账日期": received_on,
    },
    also=("maker_id", "checker_id"),
)
def book_what_partner_paid(
    *,
    partner_id: int,
    amount: int,
    bank_reference: str,
    received_on: str,
    maker_id: int,
    checker_id: int,
    **_shown: Any,
) -> str:
    take_payment(
        partner_id=partner_id,
        amount=Fen(amount),
        bank_reference=bank_reference,
        received_on=date.fromisoformat(received_on),
        maker_id=maker_id,
        checker_id=checker_id,
    )
    return f"已入账 {yuan(amount)} 元"
