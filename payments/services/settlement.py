"""WeChat has the money: book it once, wherever the news came from."""

from django.conf import settings

from payments.gateways.wechat.messages import PAID_STATES, TradeState, TransactionNotice
from payments.models import CallbackReceipt, Payment
from payments.rules.cases import CaseKind
from payments.rules.matching import Expected, Received, is_ours, mismatch
from payments.rules.order_states import LIVE, PAYMENT_MOVES, OrderState, PaymentState
from payments.services.cases import open_case
from payments.services.completion import complete_payment
from payments.services.locks import lock_payment
from payments.services.release import release_payment
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.rows import find_row
from wallet_project.kit.states import require_move


def settle_payment(*, notice: TransactionNotice, via: str, receipt: CallbackReceipt | None = None) -> None:
    """
    Act on a transaction that WeChat reports as paid. Told twice, it does nothing the second time.

    The callback, the query and the reconciliation all end here. Requires a transaction and opens none.
    What does not fit becomes a case: the money is booked as ours to give back, never as somebody's balance.
    """
    require_transaction()
    if notice.state not in PAID_STATES:
        return
    payment = find_row(Payment, number=notice.number)
    received = Received(
        appid=notice.appid,
        mchid=notice.mchid,
        amount=notice.total,
        currency=notice.currency,
        openid=notice.openid,
    )
    if payment is None:
        ours = is_ours(received=received, appid=settings.WECHAT["appid"], mchid=settings.WECHAT["mchid"])
        kind = CaseKind.UNKNOWN_ORDER if ours else CaseKind.MERCHANT_MISMATCH
        _keep_as_case(kind, notice=notice, via=via, receipt=receipt)
        return
    payment = lock_payment(payment)
    if payment.state == PaymentState.PAID and payment.transaction_id == notice.transaction_id:
        return
    if difference := mismatch(expected=_expected(payment), received=received):
        _keep_as_case(difference, notice=notice, via=via, receipt=receipt, payment=payment)
        if difference is not CaseKind.MERCHANT_MISMATCH and payment.state in LIVE:
            _dispute(payment)
        return
    if payment.state not in LIVE and payment.cases.filter(transaction_id=notice.transaction_id).exists():
        return  # whoever looks at that case decides; an older or newer word of the same adds nothing
    if notice.state is TradeState.REFUND:
        # Somebody gave money back at WeChat before we had heard of it; how much, this notice does not say.
        _keep_as_case(CaseKind.REFUNDED_ELSEWHERE, notice=notice, via=via, receipt=receipt, payment=payment)
        if payment.state in LIVE:
            _dispute(payment)
        return
    if payment.state not in LIVE:
        _keep_as_case(_too_late(payment), notice=notice, via=via, receipt=receipt, payment=payment)
        return
    if payment.top_up is not None and payment.top_up.wallet.is_closed:
        # They left while they were paying: the ledger takes nothing into a closed wallet.
        _keep_as_case(CaseKind.LATE_PAYMENT, notice=notice, via=via, receipt=receipt, payment=payment)
        release_payment(payment, state=PaymentState.CLOSED, reason="账户已注销")
        return
    payment.transaction_id = notice.transaction_id
    complete_payment(payment, key=f"wx:pay:{notice.transaction_id}", via=via)


def _too_late(payment: Payment) -> CaseKind:
    """The payment is final here. With its order paid this is a second time; else it came after the end."""
    paid = payment.state == PaymentState.PAID or (payment.order and payment.order.state == OrderState.PAID)
    return CaseKind.DOUBLE_PAYMENT if paid else CaseKind.LATE_PAYMENT


def _dispute(payment: Payment) -> None:
    require_move(PAYMENT_MOVES, payment.state, PaymentState.DISPUTED)
    payment.state = PaymentState.DISPUTED
    payment.next_query_at = None
    payment.save(update_fields=["state", "next_query_at", "updated_at"])


def _keep_as_case(
    kind: CaseKind,
    *,
    notice: TransactionNotice,
    via: str,
    receipt: CallbackReceipt | None,
    payment: Payment | None = None,
) -> None:
    not_ours = {CaseKind.MERCHANT_MISMATCH, CaseKind.CURRENCY_MISMATCH, CaseKind.REFUNDED_ELSEWHERE}
    open_case(
        kind=kind,
        number=notice.number,
        transaction_id=notice.transaction_id or "",
        amount=Fen(notice.total or 0) if kind not in not_ours and notice.currency == "CNY" else ZERO,
        payment=payment,
        receipt=receipt,
        evidence={
            "via": via,
            "appid": notice.appid,
            "mchid": notice.mchid,
            "total": notice.total,
            "currency": notice.currency,
            "state": notice.state,
            "success_time": notice.success_time.isoformat() if notice.success_time else None,
            "payer_is_expected": payment is not None and notice.openid == payment.openid,
        },
    )


def _expected(payment: Payment) -> Expected:
    return Expected(
        appid=payment.appid,
        mchid=payment.mchid,
        amount=payment.from_channel,
        openid=payment.openid or None,  # forgotten with the account of whoever was to pay
    )
