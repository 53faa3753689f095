"""Money crossing the border: top-ups in."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.rules.screening import TOP_UP
from accounts.selectors.users import openid_of
from accounts.services.screening import screen_visit
from payments.models import Payment
from payments.rules.order_states import PaymentState
from payments.rules.plans import PayMethod
from payments.services.prepay import ask_wechat, parameters_for
from wallet.rules.kinds import MoveKind
from wallet.selectors.top_up_packages import price_of
from wallet.services.balance_caps import require_room
from wallet.services.limits import use_limit
from wallet.services.top_up_packages import take_package
from wallet.services.top_ups import open_top_up
from wallet.services.wallets import open_wallet, require_receiving
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


@dataclass(frozen=True)
class Funding:
    """A top-up's payment, and what wx.requestPayment needs for it."""

    payment: Payment
    pay_params: dict[str, str] | None


def start_top_up(
    *, payer_id: int, amount: Fen = ZERO, package_id: int | None = None, client_ip: str = ""
) -> Funding:
    """
    Ask WeChat for money for the customer's own wallet: so many fen, or what a package takes. It is credited
    when WeChat says that it is paid.

    :raises WalletReceivesNothing: somebody has stopped what comes into this wallet
    :raises PackageNotOnSale: there is no such offer now
    :raises PackageTakenOften: this person has had it as often as anybody may
    :raises Paused: top-ups stand still
    :raises MoveDenied: it looks wrong; see `screen` for its kin
    :raises LimitExceeded: it is more than may be topped up now
    :raises BalanceCapExceeded: the wallet would hold more than it may
    :raises WeChatNotLinked: this user never logged in through our mini-program
    :raises ChannelRefused: WeChat does not take it
    :raises ChannelUnavailable: WeChat did not answer; the same request may be sent again
    :raises PaymentEnded: its time was over before the request came again
    """
    if earlier := earlier_effect():
        payment = Payment.objects.select_related("top_up__package").get(number=earlier)
    else:
        require_going(Flow.TOP_UP)
        wanted = price_of(package_id) if package_id is not None else amount
        screen_visit(operation=TOP_UP, user_id=payer_id, amount=wanted)
        payment = _reserve(payer_id=payer_id, amount=amount, package_id=package_id, client_ip=client_ip)
    payment = ask_wechat(payment)
    return Funding(payment=payment, pay_params=parameters_for(payment))


@retry_conflicts
def _reserve(*, payer_id: int, amount: Fen, package_id: int | None, client_ip: str) -> Payment:
    wallet = open_wallet(user_id=payer_id)
    require_receiving(wallet)
    now = clock.now()
    with transaction.atomic(durable=True):
        package = None
        if package_id is not None:
            package = take_package(package_id=package_id, wallet_id=wallet.pk, at=now)
            amount = Fen(package.amount)
        use_limit(user_id=payer_id, kind=MoveKind.TOP_UP, amount=amount, at=now)
        require_room(user_id=payer_id, coming=amount)
        payment = Payment.objects.create(
            number=new_serial("P", now),
            top_up=open_top_up(wallet_id=wallet.pk, amount=amount, package=package),
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
