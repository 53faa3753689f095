"""What two people may do with the money of a case or of a top-up."""

from typing import Any

from payments.services.cases import refund_approved_case
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
