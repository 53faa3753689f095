"""The same move of one fen, written in different ways, each through Django in this process."""

import random
import uuid
from collections.abc import Callable

from django.conf import settings

Move = Callable[[random.Random], None]


def service_spread(customers: int) -> Move:
    """What the product calls: wallet.services.ledger.post_journal."""
    from wallet.rules.postings import Leg
    from wallet.services.ledger import post_journal

    def move(dice: random.Random) -> None:
        giver, receiver = dice.sample(range(1, customers + 1), 2)
        legs = [Leg("principal", -1, giver), Leg("principal", 1, receiver)]
        post_journal(kind="transfer", key=f"bench:{uuid.uuid4().hex}", legs=legs)

    return move


def service_sale(customers: int) -> Move:
    """Four legs, three of them on slotted accounts."""
    from wallet.rules.postings import Leg
    from wallet.services.ledger import post_journal

    def move(dice: random.Random) -> None:
        legs = [
            Leg("wechat_clearing", -60),
            Leg("principal", -40, dice.randint(1, customers)),
            Leg("merchant_sales", 99),
            Leg("fee_income", 1),
        ]
        post_journal(kind="order_payment", key=f"bench:{uuid.uuid4().hex}", legs=legs)

    return move


def straightforward(customers: int) -> Move:
    from benchmarks.straightforward.services import transfer

    def move(dice: random.Random) -> None:
        giver, receiver = dice.sample(range(1, customers + 1), 2)
        transfer(key=uuid.uuid4().hex, giver=giver, receiver=receiver, amount=1)

    return move


def hordak(customers: int) -> Move:
    from hordak.models import Account
    from moneyed import Money

    accounts = list(Account.objects.order_by("pk"))

    def move(dice: random.Random) -> None:
        giver, receiver = dice.sample(accounts, 2)
        giver.transfer_to(receiver, Money("0.01", "CNY"))

    return move


def send_transfer(_customers: int) -> Move:
    from benchmarks.transfers import Transfers

    return Transfers()


WAYS: dict[str, Callable[[int], Move]] = {
    "service_spread": service_spread,
    "service_sale": service_sale,
    "straightforward": straightforward,
}


def available() -> list[str]:
    return [*WAYS, "hordak"] if settings.HAS_HORDAK else list(WAYS)


def make(name: str, customers: int) -> Move:
    """A way, over HTTP one "@" an address, of one row one "#" its number."""
    name, of, row = name.partition("#")
    if of:
        from benchmarks.coupons import ClaimCoupon

        return ClaimCoupon(int(row), customers)
    name, at, address = name.partition("@")
    if at:
        from benchmarks.api import ASKED

        return ASKED[name](address)
    others = {"hordak": hordak, "send_transfer": send_transfer}
    return (WAYS | others)[name](customers)
