"""What two people may do to a customer, or to a member of staff."""

from typing import Any

from accounts.rules.kyc import ChangeReason, KycLevel
from accounts.rules.step_up import in_words
from accounts.services.agreements import publish_agreement
from accounts.services.freezing import unfreeze_user
from accounts.services.kyc_levels import lower_level
from accounts.services.phone_requests import carry_out_phone_request
from accounts.services.second_factors import remove_second_factor
from accounts.services.staff import end_staff_sessions, give_role
from accounts.services.step_up_policies import change_policy
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit.money import yuan


@carries_out(
    "accounts.agreement_publication",
    title="发布协议",
    permission="accounts.publish_agreementversion",
    shows=lambda agreement, effective_at, is_material, summary, sha256, **_: {
        "协议": agreement,
        "生效时间": effective_at,
        "需要用户重新同意": "是" if is_material else "否",
        "变更说明": summary or "—",
        "正文指纹": sha256[:16],
    },
)
def publish_draft(*, agreement_id: int, agreement: str, **approved: Any) -> str:
    return f"已公布{publish_agreement(agreement_id=agreement_id, approved=approved)}"


@carries_out(
    "accounts.kyc_downgrade",
    title="降低实名等级",
    permission="accounts.approve_kyc_downgrade",
    shows=lambda user_id, level, **_: {
        "用户": user_id,
        "实名等级": (KycLevel(level).label, "仅凭手机号"),
    },
)
def downgrade(*, user_id: int, reason: str, **_shown: Any) -> str:
    lowered = lower_level(user_id=user_id, reason=ChangeReason.RISK, note=reason)
    return "等级已降低" if lowered else "等级本来就没有高于手机号"


@carries_out(
    "accounts.staff_role",
    title="员工角色",
    permission="accounts.approve_staff_change",
    shows=lambda before, role, **who: {"员工": _name(**who), "角色": (before or "无", role)},
)
def change_role(*, user_id: int, role: str, **_shown: Any) -> None:
    give_role(staff_id=user_id, role=role)


@carries_out(
    "accounts.second_factor_reset",
    title="重置双重验证",
    permission="accounts.approve_staff_change",
    shows=lambda **who: {"员工": _name(**who), "双重验证": ("已启用", "下次登录重新设置")},
)
def reset_second_factor(*, user_id: int, **_shown: Any) -> None:
    remove_second_factor(staff_id=user_id)
    end_staff_sessions(user_id)


@carries_out(
    "accounts.phone_change",
    title="更换手机号（原号码丢失）",
    permission="accounts.approve_phone_change",
    shows=lambda before, after, **_: {"手机号": (before, after)},
)
def change_phone(*, request_id: int, **_shown: Any) -> str:
    carry_out_phone_request(request_id=request_id)
    return "手机号已更换，24 小时内暂停提现"


@carries_out(
    "accounts.unfreeze",
    title="解冻账户",
    permission="accounts.approve_unfreeze_user",
    shows=lambda user, **_: {"用户号": user, "状态": ("冻结", "正常")},
)
def unfreeze(*, user_id: int, reason: str, **_shown: Any) -> None:
    unfreeze_user(user_id=user_id, reason=reason)


@carries_out(
    "accounts.step_up_policy",
    title="验证策略",
    permission="accounts.approve_step_up_policy",
    shows=lambda policy, before, factors, amount_up_to, day_up_to, **_: {
        "策略": policy,
        "验证方式": (in_words(before["factors"]), in_words(factors)),
        "单笔上限（元）": (_limit(before["amount_up_to"]), _limit(amount_up_to)),
        "单日上限（元）": (_limit(before["day_up_to"]), _limit(day_up_to)),
    },
)
def change_step_up_policy(
    *, policy_id: int, factors: str, amount_up_to: int | None, day_up_to: int | None, **_shown: Any
) -> None:
    change_policy(policy_id=policy_id, factors=factors, amount_up_to=amount_up_to, day_up_to=day_up_to)


def _limit(amount: int | None) -> str:
    return "不限" if amount is None else yuan(amount)


def _name(*, name: str = "", username: str = "", **_: Any) -> str:
    """Earlier proposals say what somebody logs in with."""
    return name or username
