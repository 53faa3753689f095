"""What the stories of refunds have in common."""

import uuid

from django.contrib.auth.models import Permission

from accounts.models import User
from payments.models import Order, Refund, Store
from payments.rules.order_refunds import REFUND_SPACING
from wallet.models import LedgerAccount
from wallet.rules.postings import Leg
from wallet.services.ledger import post_journal
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock


def put_in(customer, **amounts):
    """So much of each colour, at our own cost: WeChat knows nothing of it."""
    wallet = open_wallet(user_id=user_of(customer).pk)
    for code, amount in amounts.items():
        legs = [Leg("promotion_cost", -amount), Leg(code, amount, wallet.pk)]
        post_journal(kind="grant", key=f"gift:{uuid.uuid4().hex}", legs=legs)
    return wallet


def user_of(customer) -> User:
    return User.objects.get(devices__device_id=customer.device_id)


def member() -> int:
    return User.objects.create(username=f"m{uuid.uuid4().hex[:10]}", is_staff=True).pk


def grant(staff_id: int, codename: str) -> None:
    User.objects.get(pk=staff_id).user_permissions.add(Permission.objects.get(codename=codename))


def lets_go(order_no, amount):
    """From now on its seller gives so much of an order back at once."""
    Store.objects.filter(pk=Order.objects.get(number=order_no).store_id).update(refunds_at_once_up_to=amount)


def ask(customer, order_no, amount, **more):
    return customer.post(
        f"orders/{order_no}/refunds", {"amount": amount, "reason": "DEFECTIVE", "note": "少了一杯"}, **more
    )


def asked(answer) -> dict:
    assert answer.status_code == 201, answer.text
    return answer.json()


def shown(customer, order_no) -> dict:
    return customer.get(f"orders/{order_no}").json()


def a_minute_passes(sandbox, order_no):
    """For WeChat, and for us: the next refund of this payment may be asked for."""
    sandbox.advance(61)
    ours = Refund.objects.filter(part__refund__order__number=order_no)
    ours.filter(asked_at__isnull=False).update(asked_at=clock.now() - REFUND_SPACING)
    ours.filter(next_query_at__isnull=False).update(next_query_at=clock.now())


def left_in(wallet) -> dict[str, int]:
    return dict(LedgerAccount.objects.filter(wallet=wallet).values_list("code", "balance"))
