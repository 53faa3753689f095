"""Our own paths for the biller platform: bills to plan, payments to end, and its book."""

import re
from datetime import date

from django.db import transaction
from django.db.models import Sum

from wallet_project.sandbox.bill_models import BillAccount, BillCard, BillPayment, BillState
from wallet_project.sandbox.billers import BILLERS, arrive, describe, finish
from wallet_project.sandbox.control import Refused

_ENDS = {
    "SUCCESS": BillState.PROCESSING,
    "FAILED": BillState.PROCESSING,
    "REVERSED": BillState.SUCCESS,
}


def list_payments(wish: dict) -> dict:
    """Payments, newest first; narrowed by `number` or `state`. Those still unheard are told, too."""
    payments = BillPayment.objects.order_by("-id")
    for name in ("number", "state"):
        if wish.get(name):
            payments = payments.filter(**{name: wish[name]})
    return {"items": [describe(one) | {"unheard": one.unheard} for one in payments[:200]]}


def plan_account(wish: dict) -> dict:
    """From now on this account owes so much: `{"biller", "account", "owner", "due", "due_date"}`."""
    code, account = wish.get("biller"), wish.get("account")
    due, day = wish.get("due", 0), wish.get("due_date")
    if code not in BILLERS or BILLERS[code].card:
        raise Refused(f"biller 必须是其中之一：{'、'.join(name for name in BILLERS if name != 'card')}")
    if not isinstance(account, str) or not re.fullmatch(BILLERS[code].shape, account):
        raise Refused("account 不像这家机构的户号")
    if type(due) is not int or not 0 <= due < 2**31:
        raise Refused("due 必须是不小于 0 的整数（分）")
    try:
        due_date = date.fromisoformat(day) if day else None
    except (TypeError, ValueError) as error:
        raise Refused("due_date 应为 YYYY-MM-DD") from error
    wanted = {"owner": wish.get("owner") or "王建国", "due": due, "due_date": due_date}
    BillAccount.objects.update_or_create(biller=code, account=account, defaults=wanted)
    return {"biller": code, "account": account, "due": due}


def end_payment(wish: dict, *, number: str) -> dict:
    """`{"state": "SUCCESS" | "FAILED"}` of one under way, `"REVERSED"` of one that succeeded."""
    state = str(wish.get("state"))
    if state not in _ENDS:
        raise Refused(f"state 必须是其中之一：{'、'.join(_ENDS)}")
    with transaction.atomic():
        payment = BillPayment.objects.filter(number=number, state=_ENDS[state]).first()
        if payment is None:
            raise Refused("没有这笔缴费，或它不能这样结束", status=404, code="NOT_FOUND")
        payment.unheard = False
        finish(payment, state=BillState(state), reason=wish.get("reason") or "BILLER_REFUSED")
    return describe(payment)


def deliver_payment(_wish: dict, *, number: str) -> dict:
    """The request that was on its way comes in."""
    with transaction.atomic():
        payment = BillPayment.objects.filter(number=number, unheard=True).first()
        if payment is None:
            raise Refused("没有在途的这笔缴费", status=404, code="NOT_FOUND")
        arrive(payment)
    return describe(payment)


def bill_book(_wish: dict) -> dict:
    """The platform's own book in fen: what it has for its billers because of this merchant."""
    paid = _sum(BillState.SUCCESS, BillState.REVERSED)
    returned = _sum(BillState.REVERSED)
    return {
        "paid": paid,
        "returned": returned,
        "balance": paid - returned,
        "under_way": _sum(BillState.PROCESSING),
        "cards": BillCard.objects.filter(released_at=None).count(),
    }


def forget_bills() -> None:
    for model in (BillPayment, BillCard, BillAccount):
        model.objects.all().delete()


def _sum(*states: BillState) -> int:
    found = BillPayment.objects.filter(state__in=states)
    return found.aggregate(sum=Sum("amount"))["sum"] or 0
