"""What two people may do with the money of a case, of a top-up or of an order."""

from typing import Any

from payments.services.cases import refund_approved_case
from payments.services.delayed_refunds import give_to_balance
from payments.services.order_refunds import accept_proposed_refund
from payments.services.top_up_refunds import refund_for_merchants_fault
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit.money import Fen, yuan


@carries_out(
    "payments.case_refund",
    title="异常款退回",
    permission="payments.approve_case_refund",
    shows=lambda case, amount, **_: {
        "支付异常": case,
        "退款金额（元）": yuan(Fen(amount)),
        "去向": "原路退回付款人",
    },
)
def refund(*, case_id: int, reason: str, **_shown: Any) -> str:
    return f"已提交退款 {refund_approved_case(case_id=case_id, reason=reason).number}"


@carries_out(
    "payments.top_up_refund",
    title="充值退款（商家原因）",
    permission="payments.approve_top_up_refund",
    shows=lambda number, amount, **_: {
        "充值单": number,
        "退款金额（元）": yuan(Fen(amount)),
        "去向": "原路退回微信，剩余赠金收回",
    },
)
def refund_top_up(*, number: str, amount: int, **_shown: Any) -> str:
    return f"已提交退款 {refund_for_merchants_fault(number=number, amount=Fen(amount)).number}"


@carries_out(
    "payments.order_refund",
    title="大额订单退款",
    permission="payments.approve_order_refund",
    also=("checker_id",),
    shows=lambda number, order_no, amount, why, **_: {
        "退款单": number,
        "订单": order_no,
        "退款金额（元）": yuan(Fen(amount)),
        "原因": why,
        "去向": "按付款来源原路退回",
    },
)
def refund_order(*, number: str, checker_id: int, **_shown: Any) -> str:
    accept_proposed_refund(number=number, checker_id=checker_id)
    return f"已退款 {number}"


@carries_out(
    "payments.refund_to_balance",
    title="退款转入余额",
    permission="payments.approve_order_refund",
    shows=lambda number, order_no, amount, **_: {
        "退款单": number,
        "订单": order_no,
        "金额（元）": yuan(Fen(amount)),
        "去向": "微信未能退回，转入顾客钱包本金",
    },
)
def pay_to_balance(*, number: str, **_shown: Any) -> str:
    give_to_balance(number=number)
    return f"已转入余额 {number}"
