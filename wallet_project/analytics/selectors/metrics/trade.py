"""What is ordered, paid for and given back."""

from collections.abc import Iterable

from payments.selectors import figures
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, ratio, spread


def _placed(window: Window) -> list[figures.Placed]:
    return figures.orders_placed(since=window.first, until=window.end, among=window.among)


def _sales(window: Window) -> list[figures.Sales]:
    return figures.sales(since=window.first, until=window.end, among=window.among)


def _attempts(window: Window) -> list[figures.Attempts]:
    found = figures.attempts(since=window.first, until=window.end, among=window.among)
    return [each for each in found if each.purpose == "ORDER"]


def _refunds(window: Window) -> list[figures.Refunds]:
    return figures.refunds(since=window.first, until=window.end, among=window.among)


@metric("下单数", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True)
def orders_placed(window: Window) -> Iterable[Value]:
    """当天下单的订单，按下单时间"""
    return spread(window.once(_placed), "orders")


@metric("下单后已支付", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True)
def orders_placed_paid(window: Window) -> Iterable[Value]:
    """当天下单的订单中到统计时已支付的"""
    return spread(window.once(_placed), "paid")


@metric("下单后未支付关闭", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True)
def orders_lost(window: Window) -> Iterable[Value]:
    """当天下单的订单中到统计时未支付就关闭的"""
    return spread(window.once(_placed), "lost")


@metric(
    "支付订单数", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True, parts=("method", "place")
)
def orders_paid(window: Window) -> Iterable[Value]:
    """当天支付成功的订单，按支付时间"""
    return spread(window.once(_sales), "orders", method="method", place="place")


@metric("交易额", unit=Unit.FEN, topic=Topic.TRADE, hourly=True, by_person=True, parts=("method", "place"))
def volume(window: Window) -> Iterable[Value]:
    """当天支付成功的订单金额，含优惠券和积分抵扣，不减退款；与账簿“商户销售收入”的订单支付相等"""
    return spread(window.once(_sales), "amount", method="method", place="place")


@metric("实付金额", unit=Unit.FEN, topic=Topic.TRADE, hourly=True, by_person=True)
def volume_own(window: Window) -> Iterable[Value]:
    """交易额中用余额和微信支付的部分"""
    return spread(window.once(_sales), "own")


@metric("优惠券抵扣", unit=Unit.FEN, topic=Topic.TRADE, hourly=True, by_person=True)
def volume_coupons(window: Window) -> Iterable[Value]:
    """交易额中用优惠券抵扣的部分"""
    return spread(window.once(_sales), "coupons")


@metric("积分抵扣", unit=Unit.FEN, topic=Topic.TRADE, hourly=True, by_person=True)
def volume_points(window: Window) -> Iterable[Value]:
    """交易额中用积分抵扣的部分"""
    return spread(window.once(_sales), "points")


@metric("支付人数", unit=Unit.PEOPLE, topic=Topic.TRADE, adds=Adds.NEVER, by_person=True)
def buyers(window: Window) -> Iterable[Value]:
    """当天至少支付了一笔订单的不同顾客"""
    yield Value(None, "", figures.buyers(since=window.first, until=window.end, among=window.among))


@metric("支付尝试数", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True)
def attempts_ended(window: Window) -> Iterable[Value]:
    """当天发起、到统计时已有结果的订单支付，按发起时间；结果未知的不计"""
    return spread(window.once(_attempts), "ended")


@metric("支付成功数", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True)
def attempts_paid(window: Window) -> Iterable[Value]:
    """支付尝试中成功的，按发起时间"""
    return spread(window.once(_attempts), "paid")


@metric("微信拒绝数", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True)
def attempts_refused(window: Window) -> Iterable[Value]:
    """支付尝试中微信不接受下单的，按发起时间"""
    return spread(window.once(_attempts), "refused")


@metric("退款笔数", unit=Unit.COUNT, topic=Topic.TRADE, hourly=True, by_person=True, parts=("refund_reason",))
def refunds(window: Window) -> Iterable[Value]:
    """当天通过的订单退款"""
    return spread(window.once(_refunds), "refunds", refund_reason="reason")


@metric("退款金额", unit=Unit.FEN, topic=Topic.TRADE, hourly=True, by_person=True, parts=("refund_reason",))
def refunded(window: Window) -> Iterable[Value]:
    """当天通过的订单退款的金额；与账簿“商户销售收入”的订单退款相等"""
    return spread(window.once(_refunds), "amount", refund_reason="reason")


ratio(
    "success_rate",
    "支付成功率",
    "支付成功数 ÷ 支付尝试数；顾客放弃的也算未成功",
    over="attempts_paid",
    under="attempts_ended",
    topic=Topic.TRADE,
)
ratio(
    "paid_of_placed",
    "下单支付率",
    "下单后已支付 ÷ 下单数",
    over="orders_placed_paid",
    under="orders_placed",
    topic=Topic.TRADE,
)
ratio("order_value", "客单价", "交易额 ÷ 支付订单数", over="volume", under="orders_paid", topic=Topic.TRADE)
ratio("refund_rate", "退款率", "退款金额 ÷ 交易额", over="refunded", under="volume", topic=Topic.TRADE)
ratio(
    "discount_rate",
    "优惠券抵扣率",
    "优惠券抵扣 ÷ 交易额",
    over="volume_coupons",
    under="volume",
    topic=Topic.TRADE,
)
