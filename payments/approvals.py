"""What two people may do with a case."""

from typing import Any

from payments.services.cases import refund_approved_case
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
