"""What keeps a customer of ours from closing their account."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.rules.closures import Blocker
from payments.models import ExceptionCase, Order, OrderRefund, Payment, Refund
from payments.rules.order_refunds import UNDER_WAY
from payments.rules.order_states import LIVE, OrderState, PaymentState
from payments.rules.refund_states import UNDECIDED
from payments.rules.transfers import UNDECIDED as TRANSFER_UNDECIDED
from payments.selectors.bills import bills_under_way
from payments.selectors.transfers import transfers_of
from wallet_project.kit.money import Fen

_ORDERS = "/api/v1/orders"


def closure_blockers(user_id: int) -> list[Blocker]:
    """Orders that are not over, payments, refunds, transfers and bills under way, undecided cases."""
    orders = Order.objects.filter(payer=user_id, state__in=(OrderState.OPEN, OrderState.PAYING))
    payments = Payment.objects.filter(payer=user_id, state__in=(*LIVE, PaymentState.DISPUTED))
    cases = ExceptionCase.objects.filter(payment__payer=user_id).exclude(state=ExceptionCase.State.RESOLVED)
    refunds = Refund.objects.filter(
        Q(case__payment__payer=user_id) | Q(payment__payer=user_id), state__in=UNDECIDED
    )
    of_orders = OrderRefund.objects.filter(order__payer=user_id, state__in=UNDER_WAY)
    found = (
        (
            "ORDERS_OPEN",
            _("有未完成的订单"),
            _("请完成支付或取消订单"),
            _ORDERS,
            orders.values_list("amount", flat=True),
        ),
        (
            "PAYMENTS_UNDER_WAY",
            _("有支付正在确认"),
            _("请等待支付结果，通常在几分钟内完成"),
            _ORDERS,
            payments.values_list("from_channel", flat=True),
        ),
        (
            "CASES_OPEN",
            _("有异常款项正在处理"),
            _("我们正在核对，处理完毕后即可注销；如有疑问请联系客服"),
            _ORDERS,
            cases.values_list("amount", flat=True),
        ),
        (
            "REFUNDS_UNDER_WAY",
            _("有退款正在途中"),
            _("请等待退款到账，通常需要 1 至 3 个工作日"),
            _ORDERS,
            [*refunds.values_list("amount", flat=True), *of_orders.values_list("amount", flat=True)],
        ),
        (
            "TRANSFERS_UNDER_WAY",
            _("有转入微信零钱的款项还在途中"),
            _("请在微信中确认收款，或取消后等待退回钱包"),
            "/api/v1/me/closure/payout",
            transfers_of(user_id).filter(state__in=TRANSFER_UNDECIDED).values_list("amount", flat=True),
        ),
        (
            "BILLS_UNDER_WAY",
            _("有缴费正在处理"),
            _("请等待缴费结果，通常在几分钟内完成"),
            "/api/v1/bill-payments",
            bills_under_way().filter(user=user_id).values_list("amount", flat=True),
        ),
    )
    return [
        Blocker(code=code, title=title, how=how, where=where, amount=Fen(sum(amounts)))
        for code, title, how, where, rows in found
        if (amounts := list(rows))
    ]
