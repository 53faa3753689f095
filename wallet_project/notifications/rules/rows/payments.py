"""What people hear of what they pay, and get back."""

from wallet_project.notifications.rules.notices import Category, ChannelKind, NoticeRow
from wallet_project.notifications.rules.variables import moment, money, text

_SEEN = (ChannelKind.INBOX,)
_PUSHED = (ChannelKind.INBOX, ChannelKind.SUBSCRIBE)
_TEXTED = (ChannelKind.INBOX, ChannelKind.SMS, ChannelKind.SUBSCRIBE)

_ORDER = text("订单号", "O20261129083000123")
_PLACE = text("在哪里，或买了什么", "人民路店")
_BILLER = text("收费单位", "国家电网")
_BILL = text("缴费单号", "B20261129083000123")

ROWS = (
    # Kept, and not pushed: WeChat shows its own receipt, and nothing else happens as often.
    NoticeRow(
        code="payments.order_paid",
        category=Category.MONEY,
        title="订单已支付",
        channels=_SEEN,
        variables={
            "amount": money("订单金额"),
            "place": _PLACE,
            "at": moment("支付时间"),
            "order_no": _ORDER,
        },
        zh=("支付成功", "您已支付“{place}”¥{amount}，支付时间 {at}。"),
        en=("Payment successful", "You paid ¥{amount} for “{place}” at {at}."),
        link="pages/orders/show?number={order_no}",
    ),
    NoticeRow(
        code="payments.order_waiting",
        category=Category.SERVICE,
        title="订单未完成支付",
        channels=_PUSHED,
        is_urgent=True,
        variables={
            "amount": money("订单金额"),
            "place": _PLACE,
            "until": moment("支付截止"),
            "order_no": _ORDER,
        },
        zh=("订单还未完成支付", "您的订单“{place}”¥{amount} 还未完成支付，{until} 后关闭。如已支付请忽略。"),
        en=(
            "Your order is not paid",
            "Your order “{place}” over ¥{amount} is not paid yet and closes at {until}. If you have paid,"
            " ignore this.",
        ),
        link="pages/orders/show?number={order_no}",
    ),
    NoticeRow(
        code="payments.refund_arrived",
        category=Category.MONEY,
        title="退款到账",
        channels=_PUSHED,
        variables={"amount": money("退款金额"), "place": _PLACE, "order_no": _ORDER},
        zh=("退款已到账", "“{place}”退款 ¥{amount} 已原路退回。"),
        en=("Refund arrived", "¥{amount} for “{place}” went back the way it was paid."),
        link="pages/orders/show?number={order_no}",
    ),
    NoticeRow(
        code="payments.refund_delayed",
        category=Category.MONEY,
        title="退款延迟",
        channels=_PUSHED,
        variables={"amount": money("退款金额"), "place": _PLACE, "order_no": _ORDER},
        zh=("退款需要更多时间", "“{place}”退款 ¥{amount} 未能自动退回，工作人员正在处理。"),
        en=(
            "Your refund takes longer",
            "¥{amount} for “{place}” could not go back by itself. Our staff is looking after it.",
        ),
        link="pages/orders/show?number={order_no}",
    ),
    NoticeRow(
        code="payments.refund_rejected",
        category=Category.MONEY,
        title="退款未通过",
        channels=_PUSHED,
        variables={
            "amount": money("退款金额"),
            "place": _PLACE,
            "answer": text("答复", "商品已使用"),
            "order_no": _ORDER,
        },
        zh=("退款申请未通过", "“{place}”退款 ¥{amount} 未通过：{answer}"),
        en=("Refund declined", "Your refund of ¥{amount} for “{place}” was declined: {answer}"),
        link="pages/orders/show?number={order_no}",
    ),
    NoticeRow(
        code="payments.withdrawal_waits",
        category=Category.MONEY,
        title="提现待确认收款",
        channels=_PUSHED,
        is_urgent=True,
        variables={"amount": money("金额"), "until": moment("确认截止")},
        zh=("提现待您确认收款", "您的提现 ¥{amount} 需要您在 {until} 前确认收款，逾期退回钱包。"),
        en=(
            "Confirm your withdrawal",
            "Please confirm your withdrawal of ¥{amount} before {until}, or it returns to your wallet.",
        ),
        link="pages/wallet/withdrawals",
    ),
    NoticeRow(
        code="payments.bill_paid",
        category=Category.MONEY,
        title="缴费成功",
        channels=_PUSHED,
        variables={"amount": money("金额"), "biller": _BILLER, "number": _BILL},
        zh=("缴费成功", "您已向“{biller}”缴费 ¥{amount}。"),
        en=("Bill paid", "You paid ¥{amount} to “{biller}”."),
        link="pages/bills/show?number={number}",
    ),
    NoticeRow(
        code="payments.bill_failed",
        category=Category.MONEY,
        title="缴费失败",
        channels=_PUSHED,
        variables={
            "amount": money("金额"),
            "biller": _BILLER,
            "reason": text("原因", "账单已缴清"),
            "number": _BILL,
        },
        zh=("缴费未成功", "向“{biller}”缴费 ¥{amount} 未成功：{reason}。款项已退回钱包。"),
        en=(
            "Bill not paid",
            "Your payment of ¥{amount} to “{biller}” failed: {reason}. The money is in your wallet.",
        ),
        link="pages/bills/show?number={number}",
    ),
    NoticeRow(
        code="payments.bill_returned",
        category=Category.MONEY,
        title="缴费被退回",
        channels=_PUSHED,
        variables={"amount": money("金额"), "biller": _BILLER, "number": _BILL},
        zh=("缴费已退回", "“{biller}”退回了您缴纳的 ¥{amount}，款项和手续费已回到钱包。"),
        en=(
            "Bill payment returned",
            "“{biller}” returned your ¥{amount}; it is in your wallet, with the fee.",
        ),
        link="pages/bills/show?number={number}",
    ),
    NoticeRow(
        code="payments.move_stopped",
        category=Category.SECURITY,
        title="操作被拦截",
        channels=_TEXTED,
        sms="move_stopped",
        variables={
            "at": moment("发起时间"),
            "operation": text("操作", "转账"),
            "outcome": text("结果", "正在人工核实"),
            "number": text("编号", "V20261129083000123"),
        },
        zh=(
            "操作未完成",
            "您于 {at} 发起的“{operation}”{outcome}。若非本人操作，请立即修改支付密码；"
            "如有异议，可凭编号 {number} 申诉。",
        ),
        en=(
            "An operation was stopped",
            "Your “{operation}” of {at}: {outcome}. If it was not you, change your payment PIN now;"
            " if you object, appeal with number {number}.",
        ),
        link="pages/support/appeal?number={number}",
    ),
    NoticeRow(
        code="payments.move_released",
        category=Category.SECURITY,
        title="操作可重新发起",
        channels=_TEXTED,
        sms="move_released",
        variables={
            "at": moment("发起时间"),
            "operation": text("操作", "转账"),
            "number": text("编号", "V20261129083000123"),
        },
        zh=(
            "操作已核实通过",
            "您于 {at} 发起、编号 {number} 的“{operation}”已核实通过，请在 24 小时内重新发起。",
        ),
        en=(
            "You can try again",
            "“{operation}” of {at}, number {number}, was cleared. Please do it again within 24 hours.",
        ),
    ),
)
