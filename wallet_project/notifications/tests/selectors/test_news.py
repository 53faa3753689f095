"""Whoever an event concerns is told, once, in their own language; nobody else hears of it."""

import pytest
from django.db import transaction

from accounts import events as accounts
from accounts.tests.factories import logged_in
from coupons import events as coupons
from coupons.services.coupons import issue_coupon
from coupons.tests.offers import template
from feedback import events as feedback
from feedback.services.suggestions import suggest
from feedback.tests.factories import opened
from payments import events as payments
from payments.tests.factories import biller, held_move, paid_order
from wallet import events as wallet
from wallet.services.wallets import open_wallet
from wallet.tests.factories import open_split
from wallet.tests.factories import topped_up as top_up_of
from wallet.tests.packets import member, send_packet
from wallet_project.kit import context
from wallet_project.notifications.listeners import people_hear
from wallet_project.notifications.models import Message, Reader
from wallet_project.notifications.selectors.news.register import NEWS
from wallet_project.notifications.tests.towns import withdrawal

pytestmark = pytest.mark.django_db

NOW = "2026-11-29T08:30:00+08:00"


@transaction.atomic
def happens(event, event_id="1"):
    with context.acting(event_id=event_id):
        people_hear(event)


def messages_of(user):
    return list(Message.objects.filter(user=user).order_by("pk").values_list("notice__code", "title", "body"))


def all_events(me, friend):
    """One of each, as `me` hears of it: event → the notice, or none."""
    person = {"user_id": me.pk}
    between = {"number": "T1", "sender_id": friend.pk, "receiver_id": me.pk, "amount": 12_80}
    mine = {**between, "sender_id": me.pk, "receiver_id": friend.pk}
    asked = {"number": "Q1", "requester_id": friend.pk, "payer_id": me.pk, "amount": 10_00}
    wallet_of_me = open_wallet(user_id=me.pk)
    top_up = top_up_of(wallet_of_me, 50_00)
    taken = withdrawal(wallet_of_me)
    split = open_split(organiser=wallet_of_me)
    packet = send_packet(member(10_00), amount=5_00, count=2)
    order = paid_order(me)
    refund = {"number": "D1", "order_no": order.number, "payer_id": me.pk, "amount": 5_00, "origin": "SHOP"}
    bill = {"number": "B1", **person, "biller": biller("card").code, "amount": 56_80, "fee": 0}
    case = held_move(me)
    stopped = {
        "number": case.decision.number,
        "operation": "转账",
        "amount": 1,
        "outcome": "HOLD",
        "cause": "资金往来异常",
    }
    coupon = issue_coupon(template_id=template().pk, user_id=me.pk, source="test:1")
    ticket = opened(user_id=me.pk)
    suggestion = suggest(user_id=me.pk, text="希望账单可以导出")
    device = me.devices.get()
    return {
        accounts.NewDeviceSeen(**person, device_id=device.pk): "accounts.new_device",
        accounts.PhoneChanged(**person): "accounts.phone_changed",
        accounts.PinChanged(**person): "accounts.pin_changed",
        accounts.PinReset(**person): "accounts.pin_reset",
        accounts.AccountsMerged(**person, closed_user_id=friend.pk): "accounts.merged",
        accounts.UserFrozen(**person): "accounts.frozen",
        accounts.UserUnfrozen(**person): "accounts.unfrozen",
        accounts.DataExportReady(**person, number="E1"): "accounts.export_ready",
        accounts.ClosureConfirmed(**person, closes_at=NOW): "accounts.closure_confirmed",
        accounts.ClosureCancelled(**person): "accounts.closure_cancelled",
        accounts.IdCardExpiring(**person, valid_until="2026-12-31"): "accounts.id_card_expiring",
        accounts.KycRejected(**person, number="K1", reason="NOT_MATCHED"): "accounts.real_name_rejected",
        accounts.KycLevelChanged(**person, old_level=1, new_level=2, reason="VERIFIED"): (
            "accounts.real_name_passed"
        ),
        accounts.KycLevelChanged(**person, old_level=2, new_level=0, reason="DOCUMENT_EXPIRED"): (
            "accounts.real_name_lowered"
        ),
        accounts.KycLevelChanged(**person, old_level=2, new_level=0, reason="ACCOUNT_CLOSED"): None,
        wallet.TopUpCredited(**person, number=top_up.number, amount=50_00): "wallet.top_up_credited",
        wallet.TopUpTakenBack(**person, number=top_up.number): "wallet.top_up_taken_back",
        wallet.GiftExpired(**person, source="top_up:R1", amount=5_00): "wallet.gift_expired",
        wallet.WithdrawalRequested(**person, number="W1", amount=1, state="APPROVED"): None,
        wallet.WithdrawalRequested(**person, number="W1", amount=1, state="REVIEW"): (
            "wallet.withdrawal_in_review"
        ),
        wallet.WithdrawalEnded(**person, number=taken.number, state="PAID", paid=9_00): (
            "wallet.withdrawal_paid"
        ),
        wallet.WithdrawalEnded(**person, number=taken.number, state="REJECTED", paid=0): (
            "wallet.withdrawal_ended"
        ),
        wallet.WalletStopped(**person, scope="FROZEN", cause="RISK", until=None): "wallet.stopped",
        wallet.WalletReleased(**person): "wallet.released",
        wallet.TransferSent(**between): "wallet.transfer_received",
        wallet.TransferWaiting(**between, accept_by=NOW): "wallet.transfer_waiting",
        wallet.TransferAccepted(**mine): "wallet.transfer_accepted",
        wallet.TransferReturned(**mine, state="EXPIRED"): "wallet.transfer_returned",
        wallet.TransferReturned(**mine, state="CANCELLED"): None,
        wallet.MoneyRequested(**asked): "wallet.request_made",
        wallet.RequestReminded(**asked): "wallet.request_reminded",
        wallet.MoneyRequested(**{**asked, "payer_id": None}): None,
        wallet.RequestEnded(**{**asked, "requester_id": me.pk}, state="PAID"): "wallet.request_ended",
        wallet.SplitEnded(number=split.number, organiser_id=me.pk, state="PAID_UP"): "wallet.split_paid_up",
        wallet.SplitEnded(number=split.number, organiser_id=me.pk, state="CLOSED"): None,
        wallet.RedPacketSent(number="H1", sender_id=friend.pk, receiver_id=me.pk, amount=1, count=1): (
            "wallet.red_packet_received"
        ),
        wallet.RedPacketFinished(number=packet.number, sender_id=me.pk): "wallet.red_packet_finished",
        wallet.RedPacketReturned(number="H1", sender_id=me.pk, amount=1_00): "wallet.red_packet_returned",
        wallet.StatementReady(**person, number="S1", month="2026-10"): "wallet.statement_ready",
        coupons.CouponIssued(**person, serial=coupon.serial, template_id=1, source="test:1"): (
            "coupons.coupon_issued"
        ),
        coupons.PointsExpiring(**person, points=500, first_at=NOW): "coupons.points_expiring",
        coupons.RewardGiven(**person, source="test", kind="CASHBACK", amount=5_00): "coupons.reward_given",
        coupons.RewardGiven(**person, source="test", kind="COUPON", amount=5_00): None,
        coupons.MembershipChanged(**person, before="member", after="silver", cause="EARNED"): (
            "coupons.tier_changed"
        ),
        coupons.MembershipEnding(**person, tier="silver", ends_on="2026-12-31"): "coupons.tier_ending",
        payments.OrderPaid(
            order_no=order.number,
            payer_id=me.pk,
            amount=1_000,
            discount=0,
            from_balance=1_000,
            from_channel=0,
        ): "payments.order_paid",
        payments.RefundSucceeded(**refund): "payments.refund_arrived",
        payments.RefundDelayed(**refund): "payments.refund_delayed",
        payments.RefundRejected(**refund, answer="商品已使用"): "payments.refund_rejected",
        payments.TransferWaits(**person, number="M1", amount=1, until=NOW): "payments.withdrawal_waits",
        payments.BillPaid(**bill): "payments.bill_paid",
        payments.BillFailed(**bill, reason="NO_BILL"): "payments.bill_failed",
        payments.BillReturned(**bill, reason="BILLER_REFUSED"): "payments.bill_returned",
        payments.MoveStopped(**person, **stopped): "payments.move_stopped",
        payments.RiskCaseClosed(number=case.number, **person, kind="MOVE", state="FALSE_ALARM"): (
            "payments.move_released"
        ),
        payments.RiskCaseClosed(number=case.number, **person, kind="MOVE", state="CONFIRMED"): None,
        feedback.CustomerReminded(ticket_id=ticket.pk): "feedback.ticket_waits",
        feedback.TicketReplied(ticket_id=ticket.pk, message_id=1): "feedback.ticket_replied",
        feedback.TicketMoved(ticket_id=ticket.pk, was="OPEN", state="RESOLVED", at=NOW): (
            "feedback.ticket_resolved"
        ),
        feedback.TicketMoved(ticket_id=ticket.pk, was="NEW", state="OPEN", at=NOW): None,
        feedback.SuggestionMoved(suggestion_id=suggestion.pk, state="ACCEPTED"): "feedback.suggestion_moved",
    }


def test_everything_that_people_hear_of_is_told_to_them_in_words():
    me, friend = logged_in().user, logged_in(nickname="小明").user
    Reader.objects.create(user=me, language="en")
    events = all_events(me, friend)
    assert {type(event) for event in events} | {accounts.ClosureRefused} == set(NEWS)
    Message.objects.all().delete()

    for number, event in enumerate(events):
        happens(event, event_id=str(number))

    told = messages_of(me)
    assert [code for code, _title, _body in told] == [notice for notice in events.values() if notice]
    assert not messages_of(friend)
    bodies = {code: body for code, _title, body in told}
    assert bodies["wallet.transfer_received"] == "小明 sent you ¥12.80."
    assert bodies["payments.bill_failed"].startswith("Your payment of ¥56.80")
    assert "from “Member” to “Silver”" in bodies["coupons.tier_changed"]
    assert bodies["wallet.withdrawal_ended"].startswith("Your withdrawal of ¥9.00: ")
    assert not any("{" in body for body in bodies.values())


def test_an_event_that_is_handed_over_again_tells_nobody_anew():
    me = logged_in().user
    happens(accounts.PinChanged(user_id=me.pk), event_id="7")
    happens(accounts.PinChanged(user_id=me.pk), event_id="7")
    happens(accounts.PinChanged(user_id=me.pk), event_id="8")

    assert len(messages_of(me)) == 2


def test_nobody_is_told_of_an_event_that_nobody_hands_over():
    with pytest.raises(LookupError):
        happens(accounts.PinChanged(user_id=logged_in().user.pk), event_id="")


def test_a_paid_order_costs_three_statements(django_assert_num_queries):
    me = logged_in().user
    order = paid_order(me)
    event = payments.OrderPaid(
        order_no=order.number, payer_id=me.pk, amount=1_000, discount=0, from_balance=1_000, from_channel=0
    )

    # 1 the order, 1 the notice with what they want, 1 message
    with transaction.atomic(), context.acting(event_id="1"), django_assert_num_queries(3):
        people_hear(event)

    ((_code, title, body),) = messages_of(me)
    assert title == "支付成功"
    assert body.startswith("您已支付“人民路店”¥10.00，支付时间 ")
    message = Message.objects.get(user=me)
    assert (message.link, message.about) == (
        f"pages/orders/show?number={order.number}",
        f"order:{order.number}",
    )
    assert not message.deliveries.exists()
