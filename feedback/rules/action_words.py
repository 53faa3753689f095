"""What the conversation says of what was done; where a customer has nothing to read, staff do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.rules.actions import ActionKind, ActionState
from wallet_project.kit.money import Fen, yuan

_TOLD: Mapping[tuple[str, str], Promise] = {
    (ActionKind.REFUND, ActionState.PROPOSED): _("已为您申请退款 {amount} 元，正在复核"),
    (ActionKind.REFUND, ActionState.DONE): _(
        "已为您退款 {amount} 元，按付款方式原路退回，退款单 {reference}"
    ),
    (ActionKind.WITHDRAWAL, ActionState.UNDER_WAY): _("正在为您撤回提现 {reference}，结果会告诉您"),
    (ActionKind.WITHDRAWAL, ActionState.DONE): _("提现 {reference} 已撤回，款项已回到您的钱包"),
    (ActionKind.WITHDRAWAL, ActionState.FAILED): _(
        "提现 {reference} 在撤回之前已经到账；未到账的部分已回到您的钱包"
    ),
    (ActionKind.RENEWAL, ActionState.DONE): _("已为您补发优惠券，请在“我的优惠券”中查看"),
    (ActionKind.COUPON, ActionState.DONE): _("已赠送您一张优惠券，请在“我的优惠券”中查看"),
    (ActionKind.POINTS, ActionState.DONE): _("已补偿您 {points} 积分"),
    (ActionKind.CREDIT, ActionState.DONE): _("已补偿您 {amount} 元赠金，付款时可以使用"),
    (ActionKind.WALLET, ActionState.PROPOSED): _("已为您申请解冻钱包，正在复核"),
    (ActionKind.WALLET, ActionState.DONE): _("您的钱包已解冻"),
    (ActionKind.ACCOUNT, ActionState.PROPOSED): _("已为您申请解冻账户，正在复核"),
    (ActionKind.ACCOUNT, ActionState.DONE): _("您的账户已解冻，可以重新登录"),
    (ActionKind.RECEIPT, ActionState.DONE): _("电子回单已为您重新开具，打开即可查看：{address}"),
}


def told_to_customer(kind: str, state: str, *, amount: Fen, reference: str, address: str = "") -> str:
    """In the language in force; empty where there is nothing that concerns them."""
    words = _TOLD.get((kind, state))
    if words is None:
        return ""
    return str(words).format(amount=yuan(amount), points=amount, reference=reference, address=address)


def noted_for_staff(kind: str, state: str, *, amount: Fen) -> str:
    """“补偿赠金 5.00 元：待审批”."""
    return f"{with_worth(kind, amount)}：{ActionState(state).label}"


def with_worth(kind: str, amount: Fen) -> str:
    """“补偿赠金 5.00 元”, “补偿积分 300”, or the act alone."""
    if not amount:
        return str(ActionKind(kind).label)
    worth = str(amount) if kind == ActionKind.POINTS else f"{yuan(amount)} 元"
    return f"{ActionKind(kind).label} {worth}"
