"""What can go wrong when paying."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class OrderNotPayable(DomainError):
    code = "ORDER_NOT_PAYABLE"
    status = 409
    message = _("订单当前不能支付")
    facts = ("state",)


class OrderAlreadyPaid(DomainError):
    code = "ORDER_ALREADY_PAID"
    status = 409
    message = _("订单已支付")


class OrderExpired(DomainError):
    code = "ORDER_EXPIRED"
    status = 409
    message = _("订单已过支付时间")
    facts = ("expired_at",)


class OrderNotCancellable(DomainError):
    code = "ORDER_NOT_CANCELLABLE"
    status = 409
    message = _("订单当前不能取消")
    facts = ("state",)


class ShopOrderConflict(DomainError):
    """The shop sent an order number again with other contents."""

    code = "SHOP_ORDER_CONFLICT"
    status = 409
    message = _("该商城订单号已用于内容不同的订单")
    facts = ("order_no",)


class StoreNotOpen(DomainError):
    code = "STORE_NOT_OPEN"
    status = 409
    message = _("门店不存在或暂未营业")
    facts = ("store",)


class UnknownPayer(DomainError):
    code = "UNKNOWN_PAYER"
    status = 404
    message = _("没有这位顾客")
    remembered = False


class ChannelRefused(DomainError):
    """WeChat Pay refused the order; nothing was held or paid."""

    code = "CHANNEL_REFUSED"
    status = 409
    message = _("微信支付未接受这笔付款")
    facts = ("reason",)


class PaymentEnded(DomainError):
    """The attempt this request began was closed, refused or disputed before the answer; ask anew, new key."""

    code = "PAYMENT_ENDED"
    status = 409
    message = _("这次支付已结束，请重新发起")
    facts = ("state",)


class ChannelUnavailable(DomainError):
    """WeChat Pay did not answer: unknown. The same request may be sent again; it reuses the same number."""

    code = "CHANNEL_UNAVAILABLE"
    status = 503
    message = _("微信支付暂时没有应答，请稍后重试")
    facts = ("retry_after",)
    remembered = False
    retry_after = 2


class InvalidShopSignature(DomainError):
    code = "INVALID_SHOP_SIGNATURE"
    status = 401
    message = _("商城请求验签失败")
    facts = ("reason",)
    remembered = False


class ReplayedShopRequest(DomainError):
    code = "REPLAYED_SHOP_REQUEST"
    status = 409
    message = _("该请求已处理过（随机串重复）")
    remembered = False


class InvalidCallback(DomainError):
    """A callback that is not WeChat's, or was altered; WeChat sends real ones again."""

    code = "INVALID_CALLBACK"
    status = 401
    message = _("回调验签失败")
    remembered = False


class CallbackNotOpened(DomainError):
    """Signed by WeChat, but our APIv3 key does not open it; kept, and WeChat sends it again."""

    code = "CALLBACK_NOT_OPENED"
    status = 500
    message = _("回调无法解密")
    remembered = False


class CaseNotRefundable(DomainError):
    code = "CASE_NOT_REFUNDABLE"
    status = 409
    message = _("该异常没有可退的款项")
    facts = ("state",)


class CaseNotHonourable(DomainError):
    """Something differs from what was asked, or the order is closed, paid or being paid in another way."""

    code = "CASE_NOT_HONOURABLE"
    status = 409
    message = _("该异常不能入账：款项与订单不符，或订单已不再等待这笔付款")
    facts = ("state",)


class CaseNeedsApproval(DomainError):
    """More than `limit` fen: one person proposes, another one has it done."""

    code = "CASE_NEEDS_APPROVAL"
    status = 409
    message = _("超过单人可处理的限额")
    facts = ("limit",)


class CaseEnded(DomainError):
    code = "CASE_ENDED"
    status = 409
    message = _("该异常已结束")


class CaseRuleRefused(DomainError):
    """No rule may say this of such a case; `reason` in words."""

    code = "CASE_RULE_REFUSED"
    status = 409
    message = _("规则内容不允许")
    facts = ("reason",)


class CaseRuleChangesNothing(DomainError):
    code = "CASE_RULE_CHANGES_NOTHING"
    status = 409
    message = _("与现行规则相同")


class CaseHoldsMoney(DomainError):
    code = "CASE_HOLDS_MONEY"
    status = 409
    message = _("该异常有款项未退回，或已处理")
    facts = ("state",)


class BillerNotOffered(DomainError):
    """No such biller, or none that can be paid at the moment, or in this way."""

    code = "BILLER_NOT_OFFERED"
    status = 409
    message = _("该缴费机构不存在或暂停服务")
    facts = ("biller",)
    remembered = False


class CardNotAccepted(DomainError):
    """Only credit cards of the banks that take part can be repaid."""

    code = "CARD_NOT_ACCEPTED"
    status = 409
    message = _("暂不支持这张卡，请使用信用卡")


class CardHolderMismatch(DomainError):
    code = "CARD_HOLDER_MISMATCH"
    status = 409
    message = _("持卡人姓名与卡不符，请核对")


class CardNotBound(DomainError):
    """The platform repays this card no more; bound anew, it does."""

    code = "CARD_NOT_BOUND"
    status = 409
    message = _("这张卡的绑定已失效，请重新绑定")
    remembered = False


class BillAccountUnknown(DomainError):
    code = "BILL_ACCOUNT_UNKNOWN"
    status = 409
    message = _("户号不存在，请核对")
    remembered = False


class NothingOwed(DomainError):
    code = "NOTHING_OWED"
    status = 409
    message = _("没有待缴的账单")
    remembered = False


class TooManyPayees(DomainError):
    """A customer keeps `limit` cards and accounts at most."""

    code = "TOO_MANY_PAYEES"
    status = 409
    message = _("保存的信用卡和缴费账户已达上限，请先删除不用的")
    facts = ("limit",)


class PayeeInUse(DomainError):
    """What is being paid may be forgotten when the result is known."""

    code = "PAYEE_IN_USE"
    status = 409
    message = _("有缴费正在处理，完成后才能删除")


class BillersUnavailable(DomainError):
    """The platform gave no clear answer to a question; it may be asked again."""

    code = "BILLERS_UNAVAILABLE"
    status = 503
    message = _("缴费平台暂时没有应答，请稍后重试")
    remembered = False
    retry_after = 2


class NothingToPayOut(DomainError):
    """No own money is free, or no top-up of the last year can take it back."""

    code = "NOTHING_TO_PAY_OUT"
    status = 409
    message = _("没有可以原路退回的余额：套餐充值请在该笔充值中申请退款，其余请先消费或联系客服")


class TopUpNotRefundable(DomainError):
    """Spent, refunded before, older than a year, or used up by what its gift paid for."""

    code = "TOP_UP_NOT_REFUNDABLE"
    status = 409
    message = _("这笔充值目前没有可退的金额")


class TopUpRefundChanged(DomainError):
    """`expected` fen were asked for, `amount` would come back now; nothing has moved."""

    code = "TOP_UP_REFUND_CHANGED"
    status = 409
    message = _("可退金额有变化，请重新确认")
    facts = ("expected", "amount")


class WithdrawalNotCovered(DomainError):
    """So much cannot leave this way: `available` fen can."""

    code = "WITHDRAWAL_NOT_COVERED"
    status = 409
    message = _("本次可提现的金额不足")
    facts = ("available",)


class OrderNotRefundable(DomainError):
    """Not paid, or older than a year; `state` is the order's."""

    code = "ORDER_NOT_REFUNDABLE"
    status = 409
    message = _("该订单当前不能退款")
    facts = ("state",)


class RefundExceedsPaid(DomainError):
    """At most `refundable` fen of the order are left to be given back."""

    code = "REFUND_EXCEEDS_PAID"
    status = 409
    message = _("退款金额超过可退金额")
    facts = ("refundable",)


class TooManyRefunds(DomainError):
    code = "TOO_MANY_REFUNDS"
    status = 409
    message = _("该订单的退款次数已达上限")
    facts = ("limit",)


class RefundUnderReview(DomainError):
    """The payer's earlier request, `number`, is not decided yet."""

    code = "REFUND_UNDER_REVIEW"
    status = 409
    message = _("已有退款申请正在审核")
    facts = ("number",)


class RefundRejectedBefore(DomainError):
    """Refused, asked again, and refused again: whoever disagrees talks to a person."""

    code = "REFUND_REJECTED_BEFORE"
    status = 409
    message = _("退款申请已两次未通过，请联系客服")


class RefundNotInReview(DomainError):
    code = "REFUND_NOT_IN_REVIEW"
    status = 409
    message = _("退款申请已处理，不能再更改")
    facts = ("state",)


class ShopRefundConflict(DomainError):
    """The shop sent a refund number again with other contents."""

    code = "SHOP_REFUND_CONFLICT"
    status = 409
    message = _("该商城退款号已用于内容不同的退款")
    facts = ("refund_no",)


class RefundNotDelayed(DomainError):
    """Nobody needs to help it on; or WeChat may still do it."""

    code = "REFUND_NOT_DELAYED"
    status = 409
    message = _("这笔退款没有受阻，或微信尚未给出最终结果")
    facts = ("state",)


class NameNeeded(DomainError):
    """WeChat transfers `from_amount` fen and more to a verified name only: finish real-name verification."""

    code = "NAME_NEEDED"
    status = 409
    message = _("转入微信零钱满 2000 元需要先完成实名认证")
    facts = ("from_amount",)
    remembered = False


class TransferNotStoppable(DomainError):
    """Its customer has confirmed it, or it is over."""

    code = "TRANSFER_NOT_STOPPABLE"
    status = 409
    message = _("已确认收款或已结束，不能取消")
    facts = ("state",)
    remembered = False


class TransferStillAsked(DomainError):
    """WeChat can still be asked how it ended, or it has ended: there is nothing for people to decide."""

    code = "TRANSFER_STILL_ASKED"
    status = 409
    message = _("仍可向微信查询结果，或已有结果，不需要人工认定")
    facts = ("state",)


class RiskCaseOver(DomainError):
    code = "RISK_CASE_OVER"
    status = 409
    message = _("该案件已结束")
    facts = ("state",)


class RuleChanged(DomainError):
    """What was approved is not what the draft says now."""

    code = "RULE_CHANGED"
    status = 409
    message = _("规则在提交之后改动过，请重新提交")


class RuleSnoozedTooLong(DomainError):
    code = "RULE_SNOOZED_TOO_LONG"
    status = 400
    message = _("一个人最多暂停规则一天；长期停用请提交退役审批")
    facts = ("hours",)


class RuleSnoozedLately(DomainError):
    """One person let it rest within a week."""

    code = "RULE_SNOOZED_LATELY"
    status = 409
    message = _("这条规则一周内已暂停过，再次暂停须由两人批准")
    facts = ("days",)


class AlreadyListed(DomainError):
    code = "ALREADY_LISTED"
    status = 409
    message = _("已在该名单中")


class NotANetwork(DomainError):
    code = "NOT_A_NETWORK"
    status = 400
    message = _("请填写 IP 或网段，例如 203.0.113.0/24")


class DayOutOfRange(DomainError):
    """The day is not over yet, or so long ago that WeChat does not hand its bills out any more."""

    code = "DAY_OUT_OF_RANGE"
    status = 409
    message = _("这一天还没有结束，或早于微信可下载账单的期限")
    facts = ("day",)


class DayLocked(DomainError):
    """Two people have signed the day."""

    code = "DAY_LOCKED"
    status = 409
    message = _("这一天已日结，不能再变更")
    facts = ("day",)


class DayNotExplained(DomainError):
    """Bills are missing, or something of the day is not explained; `unexplained` fen."""

    code = "DAY_NOT_EXPLAINED"
    status = 409
    message = _("账单未齐或仍有未解释的差异，不能日结")
    facts = ("state", "open", "unexplained")


class DifferenceEnded(DomainError):
    code = "DIFFERENCE_ENDED"
    status = 409
    message = _("这条差异已经结束")


class NotificationWaits(DomainError):
    code = "NOTIFICATION_WAITS"
    status = 409
    message = _("这条通知仍在自动发送，不必重发")


class OrderNotShippable(DomainError):
    code = "ORDER_NOT_SHIPPABLE"
    status = 409
    message = _("订单没有支付，不能发货")
    facts = ("state",)


class ShippingConflict(DomainError):
    """An order is shipped once; what was said of it first stands."""

    code = "SHIPPING_CONFLICT"
    status = 409
    message = _("该订单已按其他方式发货")
    facts = ("way",)


class ShipmentNotRefused(DomainError):
    code = "SHIPMENT_NOT_REFUSED"
    status = 409
    message = _("微信没有拒绝这条发货信息，不必重新上传")
    facts = ("state",)
