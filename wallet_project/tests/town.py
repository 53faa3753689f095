"""One customer with everything that an operator may look at: at least one row of every admin page."""

import uuid
from datetime import timedelta

from django.db import transaction

from accounts.models import ClosureRequest, DataExport, User
from accounts.rules.kyc import KycLevel
from accounts.rules.step_up import Operation
from accounts.services.staff import hire
from accounts.tests.factories import (
    challenge_of,
    known_by_name,
    kyc_application,
    logged_in,
    phone_request,
    with_pin,
)
from coupons.models import Segment
from coupons.tests.audiences import has_audiences
from coupons.tests.campaigns import has_campaigns
from coupons.tests.offers import has_coupons
from coupons.tests.points import has_grown, has_points
from coupons.tests.referrals import has_referrals
from feedback.services.chats import open_chat
from feedback.services.goodwill import give_points
from feedback.tests.actions import ticket_of, wish
from feedback.tests.complaints import complained, told
from feedback.tests.desk import agent, ticket
from feedback.tests.factories import has_emergency
from feedback.tests.voice import has_voice
from payments.models import (
    BillFile,
    CallbackReceipt,
    CloseItem,
    DailyClose,
    Difference,
    Order,
    OrderLine,
    Payment,
    Refund,
    RejectedCallback,
    Shipment,
    ShopNotification,
    ShopNotificationTry,
    Store,
)
from payments.rules.shop_notifications import Outcome, ShopEvent
from payments.services.shops import create_shop_system
from payments.tests.factories import (
    aml_finding,
    bill_payment,
    bound_card,
    exception_case,
    held_move,
    listed,
    merchant_transfer,
    rejected_refund,
)
from wallet.models import LedgerCheck, LedgerFinding, Record, TopUpPackage
from wallet.rules.adjustments import AdjustmentCause, Colour
from wallet.rules.kinds import MoveKind
from wallet.services.adjustments import propose_adjustment
from wallet.services.holds import place_hold
from wallet.services.quotes import make_quote
from wallet.services.red_packets import open_red_packet
from wallet.services.statements import request_statement
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet.services.withdrawals import open_withdrawal
from wallet.tests.dealings import somebody
from wallet.tests.factories import make_wallet, open_request, open_split, waiting_transfer
from wallet.tests.packets import send_packet
from wallet_project.analytics.models import Target, WatchedSegment
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.selectors.metrics.catalogue import METRICS
from wallet_project.analytics.services.alerts import raise_alert
from wallet_project.approvals.models import Proposal
from wallet_project.audit.services import record_audit
from wallet_project.compliance.tests.factories import furnish_desk
from wallet_project.kit import clock
from wallet_project.kit.models import Delivery, Job, StoredEvent
from wallet_project.kit.money import Fen
from wallet_project.notifications.models import SubscribeQuota, SubscribeTemplate
from wallet_project.notifications.tests.factories import told as has_message
from wallet_project.notifications.tests.towns import has_broadcast
from wallet_project.pauses.models import Pause

PHONE_START = "138"


def hire_maker(mark: str) -> User:
    return User.objects.create(username=f"maker{mark}", is_staff=True)


def furnish() -> None:
    """An order of 1,234.56, half from the balance, which ended as a case of 987.65 and its refund."""
    mark, now = uuid.uuid4().hex[:10], clock.now()
    person = with_pin(logged_in())
    user = person.user
    challenge_of(person, Operation(kind="order.pay", amount=Fen(100), facts={"payee": "人民路店"}))
    user.set_phone(f"{PHONE_START}{int(mark, 16) % 10**8:08d}", at=now)
    user.save()
    known_by_name(user)
    kyc_application(user)
    phone_request(user, phone="13900139000")
    DataExport.objects.create(user=user, number=f"E{mark}", requested_at=now)
    wallet = open_wallet(user_id=user.pk)
    top_up = open_top_up(wallet_id=wallet.pk, amount=100_000)
    with transaction.atomic():
        credit_top_up(number=top_up.number, key=f"wx:pay:{mark}", facts={})
    request_statement(user_id=user.pk, month=clock.business_month(now))
    hold = place_hold(wallet_id=wallet.pk, amount=61_728, key=f"hold:{mark}", reference=f"O{mark}")
    held_move(user)
    listed(user)
    aml_finding(user)
    quote = make_quote(user_id=user.pk, kind=MoveKind.WITHDRAW, amount=Fen(2_345), facts={})
    with transaction.atomic():
        open_withdrawal(
            user_id=user.pk, wallet_id=wallet.pk, amount=Fen(2_345), quote_id=quote.public_id, at=now
        )
    TopUpPackage.objects.create(name="充 100 送 20", amount=10_000, bonus=2_000, sold_from=now)
    maker = hire_maker(mark)
    propose_adjustment(
        wallet_id=wallet.pk,
        colour=Colour.BONUS,
        amount=345,
        cause=AdjustmentCause.GOODWILL,
        ticket="T-2026-001",
        note="门店等待过久",
        maker_id=maker.pk,
    )
    waiting_transfer(sender=wallet, receiver=make_wallet(), amount=1_234)
    make_quote(user_id=user.pk, kind=MoveKind.WITHDRAW, amount=Fen(50_000), facts={})
    open_request(requester=wallet, payer=make_wallet(), amount=1_234)
    open_split(organiser=wallet, payer=make_wallet())
    assert Record.objects.filter(wallet=wallet).exists()
    packet = send_packet(somebody(1_000, level=KycLevel.I, nickname="阿青"), amount=1_000, count=2)
    open_red_packet(user_id=user.pk, token=packet.token)

    has_points(user, mark)
    has_grown(user, mark)
    has_campaigns(user, mark)
    has_audiences(user, mark)
    has_broadcast(user, mark)
    WatchedSegment.objects.create(segment=Segment.objects.get(name=f"已认证 {mark}"))
    with transaction.atomic():
        raise_alert(
            code=AlertCode.CLOSE_LATE,
            about=mark,
            severity=Severity.WARNING,
            title="昨天的日结延误",
            facts={"应完成": "12:00"},
        )
    number = list(METRICS)[Target.objects.count()]
    first = clock.business_day(now).replace(day=1)
    Target.objects.create(code=number, goal=1_000_000, first=first, owner=maker)
    has_coupons(user, mark)
    has_referrals(user, mark)
    has_voice(user)
    told(complained(user))
    has_message(user, "accounts.new_device")
    SubscribeQuota.objects.create(user=user, template=SubscribeTemplate.objects.first(), left=1)
    has_emergency(user)
    give_points(wish(ticket_of(user), agent=maker), points=100)
    open_chat(user_id=user.pk, client_id="m-1", kind="PAYMENT", body="付了两次款", language="zh-hans")

    store = Store.objects.create(code=f"s{mark}", name="人民路店")
    shop, _secret = create_shop_system(key_id=f"k{mark}", name="网上商城")
    order = Order.objects.create(
        number=f"O{mark}",
        origin=Order.Origin.STORE,
        payer=user,
        store=store,
        title=store.name,
        amount=123_456,
        placed_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    OrderLine.objects.create(order=order, name="双人套餐", unit_price=123_456, quantity=1)
    rejected_refund(order)
    Shipment.objects.create(
        order=order,
        way="EXPRESS",
        company="ZTO",
        tracking_no="1",
        items="套餐",
        shipped_at=now,
        state="NOT_NEEDED",
    )
    notification = ShopNotification.objects.create(
        shop=shop, order=order, event=ShopEvent.ORDER_PAID, body="{}", state="DEAD", tries_used=16
    )
    ShopNotificationTry.objects.create(
        notification=notification, at=now, outcome=Outcome.REFUSED, status=502, ms=31, answer="Bad Gateway"
    )
    payment = Payment.objects.create(
        number=f"P{mark}",
        payer=user,
        order=order,
        hold_id=hold.pk,
        method=Payment.Method.COMBINED,
        description=store.name,
        from_balance=61_728,
        from_channel=61_728,
        state=Payment.State.DISPUTED,
        openid=f"openid-of-{mark}",
        expires_at=order.expires_at,
    )
    receipt = CallbackReceipt.objects.create(
        notice_id=f"EV-{mark}",
        event_type="TRANSACTION.SUCCESS",
        headers={},
        body="{}",
        state=CallbackReceipt.State.CASE,
    )
    case = exception_case(
        "AMOUNT_MISMATCH",
        number=payment.number,
        transaction_id=f"42{mark}",
        amount=98_765,
        payment=payment,
        receipt=receipt,
        journal_id=Record.objects.filter(wallet=wallet).latest("pk").journal_id,
    )
    Refund.objects.create(
        number=f"F{mark}",
        case=case,
        transaction_id=f"42{mark}",
        amount=98_765,
        total=98_765,
        reason="金额不符",
    )
    close = DailyClose.objects.create(
        day=now.date() - timedelta(days=int(mark, 16) % 100_000),
        state=DailyClose.State.DIFFERENT,
        opening=100_000,
        closing=223_456,
        unexplained=123_456,
        open_differences=1,
        matched_at=now,
    )
    BillFile.objects.create(close=close, kind=BillFile.Kind.TRADE, state=BillFile.State.STAGED, rows=1)
    item = CloseItem.objects.create(
        close=close,
        kind="payment",
        external_id=f"42{mark}",
        number=payment.number,
        trade_amount=123_456,
        fund_amount=123_456,
        outcome="PAID_OURS_MISSING",
    )
    Difference.objects.create(
        close=close,
        subject=f"payment:{item.external_id}",
        bucket=item.outcome,
        number=payment.number,
        amount=123_456,
        evidence={"trade": 123_456, "fund": 123_456, "ledger": None, "fee": 0, "state": "SUCCESS"},
        due_at=now + timedelta(hours=24),
        assignee_id=maker.pk,
    )
    bound_card(user)
    ticket(user, amount=123_456)
    agent("客服小林")
    check = LedgerCheck.objects.create(
        kind="full", state="BROKEN", asked_by="system", asked_at=now, to_xid=1, asked=20, broken=1
    )
    LedgerFinding.objects.create(
        name="trial_balance",
        count=1,
        examples=["1"],
        found_by=check,
        found_at=now,
        seen_by=check,
        seen_at=now,
        settled_at=now,
    )
    Pause.objects.create(
        flow="money",
        cause="drift",
        reason="试算不平衡",
        since=now,
        raised_by="system",
        lifted_at=now,
        lifted_by=f"staff:{user.pk}",
        lifted_reason="已修复",
    )
    bill_payment(user)
    merchant_transfer(user)
    hire(username=f"staff-{mark}", name="林经理", employee_no=mark)
    Proposal.objects.create(
        kind="payments.case_refund",
        subject=f"case:{case.pk}",
        facts={"case_id": case.pk, "case": str(case), "amount": 98_765, "reason": "金额不符"},
        reason="金额不符",
        maker_id=user.pk,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    ClosureRequest.objects.create(user=user, reason="NOT_USED", balance=38_272, began_at=now)
    furnish_desk(user, mark=mark, today=clock.business_day(now))
    RejectedCallback.objects.create(day=now.date(), reason=mark, count=1, last_at=now)
    record_audit(action="payments.case.opened", subject=f"case:{case.pk}", facts={})
    event = StoredEvent.objects.create(name="payments.case.opened", aggregate=f"case:{case.pk}", payload={})
    Delivery.objects.create(
        event=event, listener="demo.listeners.hear", aggregate=event.aggregate, state="DEAD", available_at=now
    )
    Job.objects.create(task="payments.process_receipt", arguments={}, state="DEAD", available_at=now)
