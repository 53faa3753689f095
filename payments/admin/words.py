"""What payments do, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "资金",
    {
        "payments.payment.settled": "支付入账",
        "payments.order.closed": "订单关闭",
        "payments.case.opened": "登记支付异常",
        "payments.case.refund": "异常款退回",
        "payments.case.resolved": "异常已处理",
        "payments.bill.confirmed": "确认缴费",
        "payments.bill.paid": "缴费成功",
        "payments.bill.failed": "缴费失败，款项退回",
        "payments.bill.returned": "缴费被退回",
        "payments.payee.remembered": "保存缴费账户或信用卡",
        "payments.payee.forgotten": "删除缴费账户或信用卡",
        "payments.payout.begun": "余额退回微信",
    },
)
