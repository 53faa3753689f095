"""Money crossing the border: top-ups in."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.selectors.users import openid_of
from payments.models import Payment
from payments.rules.order_states import PaymentState
from payments.rules.plans import PayMethod
from payments.services.prepay import ask_wechat, parameters_for
from wallet.services.pauses import require_money_moving
from wallet.services.top_ups import open_top_up
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


@dataclass(frozen=True)
class Funding:
    """A top-up's payment, and what wx.requestPayment needs for it."""

    payment: Payment
    pay_params: dict[str, str] | None


def start_top_up(*, payer_id: int, amount: Fen, client_ip: str = "") -> Funding:
    """
    Ask WeChat for money for the customer's own wallet. It is credited when WeChat says that it is paid.

    A frozen wallet still receives.

    :raises MoneyPaused: all money stands still
    :raises WeChatNotLinked: this user never logged in through our mini-program
    :raises ChannelRefused: WeChat does not take it
    :raises ChannelUnavailable: WeChat did not answer; the same request may be sent again
    :raises PaymentEnded: its time was over before the request came again
    """
    if earlier := earlier_effect():
        payment = Payment.objects.select_related("top_up").get(number=earlier)
    else:
        require_money_moving()
        payment = _reserve(payer_id=payer_id, amount=amount, client_ip=client_ip)
    payment = ask_wechat(payment)
    return Funding(payment=payment, pay_params=parameters_for(payment))


def _reserve(*, payer_id: int, amount: Fen, client_ip: str) -> Payment:
    wallet = open_wallet(user_id=payer_id)
    now = clock.now()
    with transaction.atomic(durable=True):
        payment = Payment.objects.create(
            number=new_serial("P", now),
            top_up=open_top_up(wallet_id=wallet.pk, amount=amount),
            payer_id=payer_id,
            method=PayMethod.WECHAT,
            description="钱包充值",
            from_balance=0,
            from_channel=amount,
            state=PaymentState.REQUESTED,
            appid=settings.WECHAT["appid"],
            mchid=settings.WECHAT["mchid"],
            openid=openid_of(payer_id),
            client_ip=client_ip,
            expires_at=now + timedelta(seconds=settings.PAYMENT_LIFETIME_SECONDS),
            next_query_at=now + timedelta(seconds=10),
        )
        keep_effect(payment.number)
    return payment
