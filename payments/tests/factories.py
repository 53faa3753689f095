"""Rows of payments, made without asking WeChat or a platform."""

import uuid

from accounts.models import User
from payments.models import Biller, BillPayee
from payments.rules.bills import BillerKind
from wallet_project.kit.cards import passes_luhn

DEMO_BILLERS = {
    "card": BillerKind.CREDIT_CARD,
    "power": BillerKind.ELECTRICITY,
    "water": BillerKind.WATER,
    "gas": BillerKind.GAS,
    "phone": BillerKind.PHONE,
}
NAMES = {
    "card": "信用卡还款",
    "power": "城市供电公司",
    "water": "城市自来水公司",
    "gas": "城市燃气公司",
    "phone": "话费充值",
}


def biller(code: str) -> Biller:
    """One that the sandbox's platform knows, too."""
    found, _made = Biller.objects.get_or_create(
        code=code, defaults={"name": NAMES[code], "kind": DEMO_BILLERS[code]}
    )
    return found


def new_card_number() -> str:
    """A credit card that the sandbox's platform repays."""
    number = f"622575{uuid.uuid4().int % 10**9:09d}"
    return next(f"{number}{check}" for check in range(10) if passes_luhn(f"{number}{check}"))


def bound_card(user: User) -> BillPayee:
    return _payee(user, "card", f"card_{uuid.uuid4().hex}", bank="招商银行", owner="张*")


def bill_account(user: User) -> BillPayee:
    return _payee(user, "power", str(uuid.uuid4().int)[:10], owner="王**")


def _payee(user: User, code: str, reference: str, *, owner: str, bank: str = "") -> BillPayee:
    payee = BillPayee(user=user, biller=biller(code), bank=bank, tail=reference[-4:], owner=owner)
    payee.remember(reference)
    payee.save()
    return payee
