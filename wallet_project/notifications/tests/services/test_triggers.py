"""People are told of what they do, or do not: in time, once, and only while it is true."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.models import Session
from accounts.tests.factories import logged_in
from coupons.models import Coupon, SegmentMember
from coupons.services.coupons import issue_coupon
from coupons.tests.audiences import segment
from coupons.tests.offers import template
from feedback.models import Invitation
from feedback.tests.voice import asked
from payments.models import Order, Store
from payments.services.orders import create_store_order, mark_closed
from payments.tests.factories import paid_order
from wallet.models import Budget, CategoryTotal
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.notifications.models import Message, Occasion, Reader, Trigger
from wallet_project.notifications.rules.triggers import TriggerKind
from wallet_project.notifications.services.triggers import look_for_occasions, note_occasion, tell_due
from wallet_project.notifications.tests.services.test_sending import agree_to_marketing

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@transaction.atomic
def note(kind, user, key):
    note_occasion(kind=kind, user_id=user.pk, key=str(key), since=clock.now())


def set_trigger(kind, **terms):
    Trigger.objects.filter(kind=kind).update(**terms)


def outcomes(user):
    return list(Occasion.objects.filter(user=user).order_by("pk").values_list("state", "why"))


def coupon_of(user, number=1):
    return issue_coupon(template_id=template().pk, user_id=user.pk, source=f"test:{user.pk}:{number}")


def told(user):
    return list(Message.objects.filter(user=user).order_by("pk").values_list("notice__code", "title"))


def test_a_coupon_that_expires_is_told_of_once_however_often_it_is_noted():
    user = logged_in().user
    coupon = coupon_of(user)
    for _ in range(2):
        note(TriggerKind.COUPON_EXPIRING, user, coupon.serial)

    assert tell_due() == 1
    note(TriggerKind.COUPON_EXPIRING, user, coupon.serial)
    assert tell_due() == 0

    assert told(user) == [("coupons.coupon_expiring", "优惠券即将过期")]
    assert outcomes(user) == [("TOLD", "")]


def test_what_is_not_true_any_more_when_its_time_has_come_is_not_told(at_noon):
    user = logged_in().user
    coupon = coupon_of(user)
    set_trigger(TriggerKind.COUPON_EXPIRING, wait=30)
    note(TriggerKind.COUPON_EXPIRING, user, coupon.serial)
    assert tell_due() == 0
    assert outcomes(user) == [("WAITING", "")]

    Coupon.objects.filter(pk=coupon.pk).update(state="VOIDED", ended_at=clock.now())
    at_noon.shift(timedelta(minutes=31))
    tell_due()

    assert outcomes(user) == [("PASSED", "NOT_TRUE")]
    assert told(user) == []


def test_at_night_it_waits_for_the_morning_and_is_asked_anew(at_noon):
    user = logged_in().user
    Reader.objects.create(user=user)
    coupon = coupon_of(user)
    at_noon.move_to(NOON.replace(hour=23))
    note(TriggerKind.COUPON_EXPIRING, user, coupon.serial)

    assert tell_due() == 0
    (occasion,) = Occasion.objects.filter(user=user)
    assert clock.iso(occasion.due_at) == "2026-12-02T08:00:00+08:00"

    at_noon.move_to(NOON.replace(day=2, hour=8, minute=1))
    assert tell_due() == 1


def test_a_cap_an_audience_and_a_switch_keep_people_from_being_told(at_noon):
    capped, outside, member, off = (logged_in().user for _ in range(4))
    for number in (1, 2):
        note(TriggerKind.COUPON_EXPIRING, capped, coupon_of(capped, number).serial)
    tell_due()
    assert outcomes(capped) == [("TOLD", ""), ("PASSED", "CAPPED")]

    audience = segment(name="常客")
    SegmentMember.objects.create(segment=audience, user=member, since=clock.now())
    set_trigger(TriggerKind.COUPON_EXPIRING, segment=audience)
    for user in (outside, member):
        note(TriggerKind.COUPON_EXPIRING, user, coupon_of(user).serial)
    tell_due()
    assert (outcomes(outside), outcomes(member)) == ([("PASSED", "OUTSIDE")], [("TOLD", "")])

    set_trigger(TriggerKind.COUPON_EXPIRING, segment=None, wait=1)
    note(TriggerKind.COUPON_EXPIRING, off, coupon_of(off, 1).serial)
    set_trigger(TriggerKind.COUPON_EXPIRING, is_enabled=False)
    note(TriggerKind.COUPON_EXPIRING, off, coupon_of(off, 2).serial)
    at_noon.shift(timedelta(minutes=2))
    tell_due()
    assert outcomes(off) == [("PASSED", "SWITCHED_OFF")]


def test_what_fails_is_put_off_longer_and_longer_and_given_up(at_noon):
    user = logged_in().user
    note(TriggerKind.BUDGET_REACHED, user, "no-month-no-category")
    coupon = coupon_of(user)
    note(TriggerKind.COUPON_EXPIRING, user, coupon.serial)
    assert tell_due() == 1, "the other one is told"

    tried = []
    for _minute in range(190):
        at_noon.shift(timedelta(minutes=1))
        before = Occasion.objects.get(key="no-month-no-category").tries
        tell_due()
        if Occasion.objects.get(key="no-month-no-category").tries > before:
            tried.append(round((clock.now() - NOON).total_seconds() / 60))

    assert tried == [1, 3, 13, 43, 163]
    assert outcomes(user) == [("PASSED", "FAILED"), ("TOLD", "")]


def test_an_order_that_is_not_paid_is_told_of_five_minutes_after_it_was_placed(at_noon):
    waits, pays = logged_in().user, logged_in().user
    Store.objects.create(code="renmin", name="人民路店")
    orders = [
        create_store_order(payer_id=user.pk, store_code="renmin", amount=Fen(12_80), remark="")
        for user in (waits, pays)
    ]
    at_noon.shift(timedelta(minutes=4))
    look_for_occasions(kind=TriggerKind.ORDER_WAITING)
    assert outcomes(waits) == outcomes(pays) == []

    at_noon.shift(timedelta(minutes=2))
    look_for_occasions(kind=TriggerKind.ORDER_WAITING)
    with transaction.atomic():
        mark_closed(Order.objects.select_for_update().get(pk=orders[1].pk), at=clock.now(), reason="顾客取消")
    tell_due()
    look_for_occasions(kind=TriggerKind.ORDER_WAITING)
    tell_due()

    assert told(waits) == [("payments.order_waiting", "订单还未完成支付")]
    assert outcomes(pays) == [("PASSED", "NOT_TRUE")]
    assert "¥12.80" in Message.objects.get(user=waits).body


def test_who_has_not_come_for_thirty_days_is_asked_back_once_for_each_absence(at_noon):
    agrees, silent = logged_in().user, logged_in().user
    agree_to_marketing(agrees)
    at_noon.shift(timedelta(days=29))
    look_for_occasions(kind=TriggerKind.NOT_SEEN)
    assert outcomes(agrees) == outcomes(silent) == []

    at_noon.shift(timedelta(days=1, minutes=1))
    for _ in range(2):
        look_for_occasions(kind=TriggerKind.NOT_SEEN)
        tell_due()
    assert told(agrees) == [("notifications.missed", "好久不见")]
    assert outcomes(silent) == [("PASSED", "UNWANTED")]

    Session.objects.filter(user=agrees).update(last_seen_at=clock.now())
    at_noon.shift(timedelta(days=30, minutes=1))
    look_for_occasions(kind=TriggerKind.NOT_SEEN)
    Session.objects.filter(user=agrees).update(last_seen_at=clock.now())
    tell_due()
    assert outcomes(agrees) == [("TOLD", ""), ("PASSED", "NOT_TRUE")]


def test_a_budget_is_told_of_while_it_is_reached_and_not_of_a_lower_level():
    user = logged_in().user
    paid_order(user, amount=850_00)
    (total,) = CategoryTotal.objects.filter(wallet__user=user)
    Budget.objects.create(wallet_id=total.wallet_id, amount=1_000_00, set_at=clock.now())
    note(TriggerKind.BUDGET_REACHED, user, f"{total.month}::80")
    note(TriggerKind.BUDGET_REACHED, user, f"{total.month}::100")
    tell_due()

    assert outcomes(user) == [("TOLD", ""), ("PASSED", "NOT_TRUE")]
    assert Message.objects.get(user=user).body == "本月“全部支出”已支出 ¥850.00，预算 ¥1,000.00。"


def test_a_survey_is_told_of_when_it_opens_unless_it_was_answered(at_noon):
    first, second = asked(delay_hours=2), asked(delay_hours=2)
    for invitation in (first, second):
        with transaction.atomic():
            note_occasion(
                kind=TriggerKind.SURVEY_OPEN,
                user_id=invitation.user_id,
                key=str(invitation.pk),
                since=invitation.opens_at,
            )
    assert tell_due() == 0

    at_noon.shift(timedelta(hours=2, minutes=1))
    Invitation.objects.filter(pk=second.pk).update(declined_at=clock.now())
    assert tell_due() == 1
    assert Message.objects.get(user=first.user).link == f"pages/surveys/answer?number={first.number}"
    assert outcomes(second.user) == [("PASSED", "NOT_TRUE")]
