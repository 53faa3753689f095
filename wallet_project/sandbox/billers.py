"""
A platform of billers: cards to repay, bills to ask for, payments that end later (docs/biller_api.md).

A payment that cannot be is a FAILED payment, kept under its number: whoever asks again hears the same.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from wallet_project.sandbox.bill_door import BillError, Unheard
from wallet_project.sandbox.bill_models import BillAccount, BillCard, BillPayment, BillState
from wallet_project.sandbox.clock import clock, rfc3339, stamp
from wallet_project.sandbox.notices import Event, announce, bell
from wallet_project.sandbox.scenarios import scenarios

REVERSED_AFTER = timedelta(days=2)
# The first six digits of the credit cards we can repay; these banks' debit cards begin otherwise.
BANKS = {"622575": "招商银行", "625965": "建设银行", "622230": "工商银行", "409665": "中国银行"}


@dataclass(frozen=True, kw_only=True)
class Biller:
    """`least` and `most` bound one payment; a bill that is `exact` is paid as it stands or not at all."""

    name: str
    shape: str = r"\d{8,12}"
    least: int = 1
    most: int = 50_000_00
    exact: bool = False
    card: bool = False


BILLERS = {
    "card": Biller(name="信用卡还款", least=100, card=True),
    "power": Biller(name="城市供电公司", least=1_00, most=10_000_00),
    "water": Biller(name="城市自来水公司", exact=True),
    "gas": Biller(name="城市燃气公司", exact=True),
    "phone": Biller(name="话费充值", shape=r"1[3-9]\d{9}", least=10_00, most=500_00),
}
PAYMENT_FAULTS = {"bill_failed", "bill_processing", "bill_reversed", "bill_unheard"}
EVENTS = {
    BillState.SUCCESS: Event.BILL_SUCCESS,
    BillState.FAILED: Event.BILL_FAILED,
    BillState.REVERSED: Event.BILL_REVERSED,
}


def bind_card(asked: dict) -> dict:
    """POST /billers/v1/cards: the same card of the same owner has the same token."""
    number, holder, owner = (_text(asked, name) for name in ("card_number", "holder", "owner"))
    if not re.fullmatch(r"\d{12,19}", number) or not _passes_luhn(number):
        raise BillError(422, "CARD_INVALID", "卡号有误")
    bank = BANKS.get(number[:6])
    if bank is None:
        raise BillError(422, "CARD_NOT_SUPPORTED", "暂不支持这张卡，请使用信用卡")
    if scenarios.bill_fault({"holder_mismatch"}):
        raise BillError(422, "HOLDER_MISMATCH", "持卡人姓名与卡不符")
    hashed = hashlib.sha256(number.encode()).hexdigest()
    with transaction.atomic():
        card = BillCard.objects.filter(owner=owner, number_hash=hashed, released_at=None).first()
        card = card or BillCard.objects.create(
            token=f"card_{secrets.token_urlsafe(24)}",
            owner=owner,
            number_hash=hashed,
            last_four=number[-4:],
            bank=bank,
            holder=holder,
            due=1_234_56,
            due_date=_today() + timedelta(days=9),
        )
    return {"token": card.token, "bank": bank, "card_masked": f"{number[:6]}******{number[-4:]}"}


def release_card(asked: dict) -> None:
    """POST /billers/v1/cards/release: nobody repays it by this token any more; harmless twice."""
    BillCard.objects.filter(token=_text(asked, "token"), released_at=None).update(released_at=clock.now())


def query_bill(asked: dict) -> dict:
    """POST /billers/v1/bills/query: what is owed, and what may be paid."""
    code, biller = _biller(asked)
    found = _payee(code, biller, asked)
    if biller.exact and not found.due:
        raise BillError(404, "NO_BILL", "没有待缴的账单")
    return {
        "biller": code,
        "owner_masked": _masked(found.holder if isinstance(found, BillCard) else found.owner),
        "due": found.due,
        "due_date": found.due_date.isoformat() if found.due_date else None,
        "least": found.due if biller.exact else biller.least,
        "most": found.due if biller.exact else biller.most,
    }


def pay(asked: dict) -> dict:
    """POST /billers/v1/payments: the answer says that it is under way, or has failed; the end comes later."""
    number, notify_url = _text(asked, "number"), _text(asked, "notify_url")
    code, biller = _biller(asked)
    amount = asked.get("amount")
    if type(amount) is not int or not 1 <= amount < 2**31:
        raise BillError(400, "INVALID_REQUEST", "amount 必须是正整数（分）")
    with transaction.atomic():
        payment = BillPayment.objects.filter(number=number).first()
        if payment is None:
            payment = _begin(number, code, biller, asked, amount=amount, notify_url=notify_url)
        elif payment.asked != asked:
            raise BillError(409, "NUMBER_REUSED", "该单号已用于另一笔缴费")
        elif payment.unheard:
            arrive(payment)
    if payment.unheard:
        raise Unheard
    return describe(payment)


def query_payment(_asked: dict, *, number: str) -> dict:
    """GET /billers/v1/payments/{number}"""
    payment = BillPayment.objects.filter(number=number, unheard=False).first()
    if payment is None:
        raise BillError(404, "PAYMENT_UNKNOWN", "没有这笔缴费")
    return describe(payment)


def arrive(payment: BillPayment) -> None:
    """A request that nobody had heard of comes in after all."""
    payment.unheard, payment.due_at = False, clock.now() + settings.ENDS_AFTER
    payment.save(update_fields=["unheard", "due_at"])
    transaction.on_commit(bell.set)


def settle_due() -> None:
    """Payments whose time has come get their outcome, or come back."""
    now = clock.now()
    due = BillPayment.objects.filter(due_at__lte=now, state=BillState.PROCESSING)
    back = BillPayment.objects.filter(reverse_at__lte=now, state=BillState.SUCCESS)
    if not due.exists() and not back.exists():
        return
    with transaction.atomic():
        for payment in due.order_by("due_at", "id"):
            finish(payment, state=BillState(payment.outcome), reason="BILLER_REFUSED")
        for payment in back.order_by("reverse_at", "id"):
            finish(payment, state=BillState.REVERSED, reason="BILLER_RETURNED")


def finish(payment: BillPayment, *, state: BillState, reason: str = "") -> None:
    """The payment reaches an end, and the callback for it leaves."""
    now = clock.now()
    payment.state, payment.due_at = state, None
    payment.reason = "" if state == BillState.SUCCESS else reason
    if state == BillState.REVERSED:
        payment.reversed_at, payment.reverse_at = now, None
    else:
        payment.finished_at = now
    payment.save()
    if state in {BillState.SUCCESS, BillState.REVERSED}:
        _owe_less(payment, -payment.amount if state == BillState.REVERSED else payment.amount)
    announce(EVENTS[state], resource=describe(payment), notify_url=payment.notify_url)


def describe(payment: BillPayment) -> dict:
    """The answer of a payment and of its query, and what a callback carries."""
    return {
        "number": payment.number,
        "payment_id": payment.payment_id,
        "biller": payment.biller,
        "amount": payment.amount,
        "state": payment.state,
        "reason": payment.reason,
        "finished_at": rfc3339(payment.finished_at) if payment.finished_at else None,
        "reversed_at": rfc3339(payment.reversed_at) if payment.reversed_at else None,
    }


def _begin(
    number: str, code: str, biller: Biller, asked: dict, *, amount: int, notify_url: str
) -> BillPayment:
    now = clock.now()
    payment = BillPayment(
        payment_id=f"BP{stamp(now)}{secrets.token_hex(8).upper()}",
        number=number,
        asked=asked,
        biller=code,
        amount=amount,
        notify_url=notify_url,
        created_at=now,
    )
    try:
        payment.to = _payable(code, biller, asked, amount=amount)
    except BillError as refusal:
        payment.state, payment.reason, payment.finished_at = BillState.FAILED, refusal.code, now
    else:
        _foresee(payment, now)
    payment.save()
    transaction.on_commit(bell.set)
    return payment


def _foresee(payment: BillPayment, now: datetime) -> None:
    payment.due_at = now + settings.ENDS_AFTER
    match scenarios.bill_fault(PAYMENT_FAULTS):
        case "bill_failed":
            payment.outcome = BillState.FAILED
        case "bill_processing":
            payment.due_at = None
        case "bill_reversed":
            payment.reverse_at = now + REVERSED_AFTER
        case "bill_unheard":
            payment.unheard, payment.due_at = True, None


def _payable(code: str, biller: Biller, asked: dict, *, amount: int) -> str:
    found = _payee(code, biller, asked)
    if biller.exact and not found.due:
        raise BillError(404, "NO_BILL", "没有待缴的账单")
    if biller.exact and amount != found.due:
        raise BillError(422, "AMOUNT_NOT_DUE", "金额与账单不符")
    if not biller.least <= amount <= biller.most:
        raise BillError(422, "AMOUNT_OUT_OF_RANGE", "金额超出允许范围")
    return found.last_four if isinstance(found, BillCard) else found.account


def _payee(code: str, biller: Biller, asked: dict) -> BillAccount | BillCard:
    if biller.card:
        card = BillCard.objects.filter(token=_text(asked, "card_token"), released_at=None).first()
        if card is None:
            raise BillError(404, "CARD_RELEASED", "这张卡没有绑定")
        return card
    account = _text(asked, "account")
    found = BillAccount.objects.filter(biller=code, account=account).first()
    if found is None and code == "phone" and re.fullmatch(biller.shape, account):
        found = BillAccount(biller=code, account=account, owner="机主")  # any number may be topped up
    if found is None:
        raise BillError(404, "ACCOUNT_UNKNOWN", "没有这个户号")
    return found


def _owe_less(payment: BillPayment, amount: int) -> None:
    asked = payment.asked
    owing: BillAccount | BillCard | None = (
        BillCard.objects.filter(token=asked.get("card_token", "")).first()
        or BillAccount.objects.filter(biller=payment.biller, account=asked.get("account", "")).first()
    )
    if owing is not None:
        owing.due = max(0, owing.due - amount)
        owing.save(update_fields=["due"])


def _biller(asked: dict) -> tuple[str, Biller]:
    code = _text(asked, "biller")
    if code not in BILLERS:
        raise BillError(404, "BILLER_UNKNOWN", "没有这家缴费机构")
    return code, BILLERS[code]


def _text(asked: dict, name: str) -> str:
    found = asked.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 255:
        raise BillError(400, "INVALID_REQUEST", f"{name} 必填")
    return found


def _masked(name: str) -> str:
    return f"{name[0]}{'*' * (len(name) - 1)}"


def _today() -> date:
    return clock.now().date()


def _passes_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled // 10 + doubled % 10
    return total % 10 == 0
