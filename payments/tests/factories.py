"""Rows of payments, made without asking WeChat or a platform."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import StaffProfile, User, WeChatIdentity
from payments.models import (
    AmlFinding,
    Biller,
    BillPayee,
    BillPayment,
    ExceptionCase,
    MerchantTransfer,
    Order,
    OrderRefund,
    OrderRefundPart,
    OrderSource,
    Payment,
    RiskCase,
    RiskDecision,
    RiskListEntry,
    RiskRule,
    Store,
)
from payments.rules.bills import BillerKind
from payments.rules.cases import CaseKind
from payments.rules.order_refunds import OrderRefundState, RefundOrigin, RefundReason
from payments.rules.order_states import OrderState, PaymentState
from payments.rules.plans import PayMethod
from payments.rules.refund_splits import Destination, SourceKind
from payments.selectors.risk_rules import forget_rules
from payments.services.bills import quote_facts
from payments.services.case_work import clock_of
from payments.services.completion import complete_payment
from payments.services.locks import lock_order
from payments.services.orders import create_store_order
from payments.services.transfers import begin_transfer
from wallet.rules.kinds import JournalKind, MoveKind
from wallet.rules.postings import UNSOURCED, Leg, top_up_legs
from wallet.services.bills import hold_for_bill
from wallet.services.holds import place_hold
from wallet.services.ledger import post_journal
from wallet.services.quotes import make_quote, take_quote
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.cards import passes_luhn
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial

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


def merchant_transfer(user: User, *, amount: int = 40_00, **more: Any) -> MerchantTransfer:
    """Out of money that never was a top-up; WeChat not asked yet."""
    wallet, now = open_wallet(user_id=user.pk), clock.now()
    known = {"user": user, "appid": settings.WECHAT["appid"]}
    WeChatIdentity.objects.get_or_create(**known, defaults={"openid": f"o{uuid.uuid4().hex}"})
    legs = [Leg("promotion_cost", -amount), Leg("principal", amount, wallet.pk)]
    post_journal(kind=JournalKind.ADJUSTMENT, key=f"given:{uuid.uuid4().hex}", legs=legs)
    with transaction.atomic():
        return begin_transfer(
            user_id=user.pk, wallet_id=wallet.pk, take=[(UNSOURCED, Fen(amount))], now=now, **more
        )


def bill_payment(user: User, *, amount: int = 56_80) -> BillPayment:
    """Confirmed, its money held, the platform not asked yet."""
    payee, now = bill_account(user), clock.now()
    wallet, number = open_wallet(user_id=user.pk), new_serial("B", now)
    post_journal(kind=JournalKind.TOP_UP, key=number, legs=top_up_legs(wallet_id=wallet.pk, amount=amount))
    promised: Any = {
        "user_id": user.pk,
        "kind": MoveKind.BILL,
        "amount": Fen(amount),
        "facts": quote_facts(payee),
    }
    quote = make_quote(**promised)
    with transaction.atomic():
        take_quote(**promised, quote_id=quote.public_id, at=now)
        hold = hold_for_bill(user_id=user.pk, amount=Fen(amount), fee=Fen(quote.fee), number=number)
        return BillPayment.objects.create(
            number=number,
            user=user,
            payee=payee,
            amount=amount,
            fee=quote.fee,
            quote=quote,
            hold=hold,
            confirmed_at=now,
            next_query_at=now,
        )


def rejected_refund(order: Order) -> OrderRefund:
    """Asked for, and refused; of an order that nobody has asked about before."""
    now = clock.now()
    refund = OrderRefund.objects.create(
        number=new_serial("D", now),
        order=order,
        amount=1,
        origin=RefundOrigin.CUSTOMER,
        reason=RefundReason.OTHER,
        state=OrderRefundState.REJECTED,
        answer="已超过退货时间",
        requested_at=now,
        ended_at=now,
    )
    source = OrderSource.objects.create(order=order, kind=SourceKind.WECHAT, place=0, paid=order.amount)
    OrderRefundPart.objects.create(refund=refund, source=source, amount=1, goes_to=Destination.WECHAT)
    return refund


def paid_order(payer: User, *, amount: int = 1_000) -> Order:
    """An order at the counter of a new store, paid from the balance."""
    wallet = open_wallet(user_id=payer.pk)
    key = f"test:{uuid.uuid4().hex}"
    post_journal(kind=JournalKind.TOP_UP, key=key, legs=top_up_legs(wallet_id=wallet.pk, amount=amount))
    store = Store.objects.create(code=uuid.uuid4().hex[:12], name="人民路店")
    placed = create_store_order(payer_id=payer.pk, store_code=store.code, amount=Fen(amount), remark="")
    with transaction.atomic():
        order = lock_order(placed.pk)
        number = new_serial("P")
        hold = place_hold(
            wallet_id=wallet.pk, amount=Fen(amount), key=f"hold:{number}", reference=order.number
        )
        payment = Payment.objects.create(
            number=number,
            order=order,
            payer=payer,
            hold=hold,
            method=PayMethod.BALANCE,
            description=order.title,
            from_balance=amount,
            from_channel=0,
            state=PaymentState.REQUESTED,
            expires_at=order.expires_at,
        )
        order.state = OrderState.PAYING
        order.save(update_fields=["state"])
        complete_payment(payment, key=f"order:{order.number}", via="balance")
    return order


def exception_case(kind: str, **said: Any) -> ExceptionCase:
    """One that was opened just now; no money is booked for it."""
    now = clock.now()
    return ExceptionCase.objects.create(kind=kind, **{**clock_of(CaseKind(kind), at=now), **said})


def risk_rule(code: str, **said: Any) -> RiskRule:
    """A live rule that hits every move of money, and this process knows of it."""
    fields = {
        "version": 1,
        "title": "试",
        "explanation": "试",
        "expression": "amount > 0",
        "cause": "ACCOUNT",
        "state": "LIVE",
        "made_at": clock.now(),
    }
    rule = RiskRule.objects.create(code=code, **{**fields, **said})
    forget_rules()
    return rule


def staff_member(*, own: User | None = None) -> User:
    """Somebody of the staff; `own` is their account as a customer."""
    staff = User.objects.create(username=f"staff{uuid.uuid4().hex[:8]}", is_staff=True)
    now = clock.now()
    StaffProfile.objects.create(
        user=staff,
        employee_no=uuid.uuid4().hex[:12],
        customer=own,
        password_changed_at=now,
        sessions_from=now,
    )
    return staff


def topped_up(user: User, amount: int, *, at: datetime) -> Payment:
    """A top-up that was settled at a moment, as far as whoever counts them knows."""
    top_up = open_top_up(wallet_id=open_wallet(user_id=user.pk).pk, amount=Fen(amount))
    with transaction.atomic():
        credit_top_up(number=top_up.number, key=f"wx:{top_up.number}", facts={})
    return Payment.objects.create(
        number=new_serial("P", at),
        payer=user,
        top_up=top_up,
        method="WECHAT",
        description="钱包充值",
        from_balance=0,
        from_channel=amount,
        state="PAID",
        expires_at=at,
        settled_at=at,
    )


def held_move(user: User, *, amount: int = 100) -> RiskCase:
    """A transfer that somebody has to look at, with nothing set aside."""
    now = clock.now()
    decision = RiskDecision.objects.create(
        number=new_serial("V", now),
        user=user,
        operation="wallet.transfer",
        amount=amount,
        payee=f"user:{uuid.uuid4()}",
        is_final=True,
        outcome="HOLD",
        score=80,
        cause="FUNDS",
        hits=[{"code": "mule_fan_in", "version": 1, "weight": 50, "action": "HOLD", "is_shadow": False}],
        facts={"operation": "wallet.transfer", "amount": amount},
        at=now,
    )
    return RiskCase.objects.create(
        number=new_serial("G", now),
        kind="MOVE",
        user=user,
        title="转账暂缓：资金往来异常",
        decision=decision,
        operation=decision.operation,
        payee=decision.payee,
        amount=amount,
        opened_at=now,
        due_at=now,
    )


def listed(user: User, *, on: str = "WATCH") -> RiskListEntry:
    return RiskListEntry.objects.create(
        list=on, kind="USER", value=str(user.uid), reason="试", added_at=clock.now(), added_by="staff:1"
    )


def aml_finding(user: User) -> AmlFinding:
    now = clock.now()
    return AmlFinding.objects.create(
        user=user,
        day=clock.business_day(now),
        kind="LARGE",
        reason="LARGE_SUM",
        came=0,
        went=6_000_000,
        payers=0,
        found_at=now,
    )
