"""What the wallet does, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "资金",
    {
        "wallet.wallet.status": "冻结或解冻钱包",
        "wallet.wallet.closed": "关闭钱包",
        "wallet.statement.downloaded": "下载对账单",
        "wallet.withdrawal.approved": "批准大额提现",
        "wallet.withdrawal.reviewed": "提现转入审核",
        "wallet.withdrawal.ended": "提现结束",
        "wallet.fee.set": "公布收费标准",
        "wallet.limits.set": "调整限额",
        "wallet.top_up_package.state": "充值套餐上架或下架",
        "wallet.ledger.check_asked": "要求核对账簿",
        "wallet.ledger.acknowledged": "确认账务告警",
        "wallet.red_packet.sent": "发红包",
        "wallet.red_packet.returned": "红包过期退回",
    },
)
name_actions("消费分类", {"wallet.category_rule.switched": "启用或停用分类规则"})
name_actions("顾客账户", {"wallet.person.blocked": "屏蔽某人的收款请求"})
