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
        "payments.order_refund.requested": "申请订单退款",
        "payments.order_refund.accepted": "订单退款通过",
        "payments.order_refund.rejected": "订单退款未通过",
        "payments.order_refund.withdrawn": "撤回订单退款",
        "payments.order_refund.again": "重新向微信发起退款",
        "payments.order_refund.to_card": "异常退款转至其他银行卡",
        "payments.order_refund.to_balance": "退款转入余额",
        "payments.shop_notification.resent": "重新发送商城通知",
        "payments.bill.confirmed": "确认缴费",
        "payments.bill.paid": "缴费成功",
        "payments.bill.failed": "缴费失败，款项退回",
        "payments.bill.returned": "缴费被退回",
        "payments.payee.remembered": "保存缴费账户或信用卡",
        "payments.payee.forgotten": "删除缴费账户或信用卡",
        "payments.payout.begun": "余额退回微信",
        "payments.close.matched": "对账",
        "payments.close.fetch_again": "重新下载账单",
        "payments.close.signed": "日结",
        "payments.difference.assigned": "指派对账差异",
        "payments.difference.noted": "备注对账差异",
        "payments.difference.repaired": "对账差异已补记",
        "payments.difference.by_itself": "对账差异自动关闭",
        "payments.difference.resolved": "处理对账差异",
        "payments.transfer.begun": "发起商家转账",
        "payments.transfer.asked": "再次查询商家转账",
        "payments.transfer.stopped": "要求撤销商家转账",
        "payments.transfer.ended": "商家转账结束",
    },
)
name_actions(
    "风控",
    {
        "payments.risk_case.opened": "建立风控案件",
        "payments.risk_case.closed": "风控案件结束",
        "payments.aml.decided": "研判反洗钱线索",
        "payments.aml.exported": "导出反洗钱线索",
        "payments.risk_rule.state": "风控规则状态",
        "payments.risk_rule.snoozed": "暂停风控规则",
        "payments.risk_list.added": "加入风控名单",
        "payments.risk_list.ended": "移出风控名单",
    },
)
