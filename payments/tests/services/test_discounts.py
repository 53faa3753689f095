"""An order is paid with a coupon and points beside money: all of it or nothing, and all of it comes back."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coupons.errors import CouponNotApplicable, CouponNotUsable, PointsNotUsable, PointsShort
from coupons.models import Coupon, Redemption
from coupons.rules.offers import CouponKind
from coupons.tests.offers import template
from payments.models import ExceptionCase, Payment
from payments.rules.cases import CaseKind
from payments.rules.order_refunds import RefundReason
from payments.rules.order_states import PaymentState
from payments.rules.plans import PayMethod
from payments.selectors.purchases import purchase_of
from payments.services.locks import lock_payment
from payments.services.order_refunds import ask_for_refund
from payments.services.release import release_payment
from payments.tests.discounts import coupon_for, order_of, pay, payer, waiting, wish
from payments.tests.services.test_cases import balances, moved, paid, rule_says, told
from wallet.models import Record
from wallet.services.integrity import check_ledger
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    caches["process"].clear()


def refund(order, amount):
    return ask_for_refund(
        payer_id=order.payer_id, order_no=order.number, amount=Fen(amount), reason=RefundReason.OTHER, note=""
    )


def end(payment):
    """Closed at WeChat, and here."""
    with transaction.atomic():
        release_payment(lock_payment(payment), state=PaymentState.CLOSED, reason="超时未支付")


def test_coupon_points_and_balance_pay_one_order_in_one_journal():
    # Ten per cent, at most 8.00, of 20.00; 300 points; the rest of the balance, bonus first.
    who = payer(principal=20_00, bonus=4_00, kind=CouponKind.PERCENT, rate=1_000, amount=8_00)
    order, before = order_of(who), balances()

    checkout = pay(who, order, wish(who.coupon, points=300))

    parts = ("from_coupons", "from_points", "from_balance", "from_channel")
    assert [getattr(checkout.payment, part) for part in parts] == [2_00, 3_00, 15_00, 0]
    assert [getattr(checkout.order, f"paid_{part}") for part in parts] == [2_00, 3_00, 15_00, 0]
    assert moved(before) == {
        "merchant_sales": 20_00,
        "coupon_liability": -8_00,
        "promotion_cost": 6_00,
        "points_liability": -300,
        "principal": -11_00,
        "bonus": -4_00,
    }
    line = Record.objects.get(wallet__user=who.id, kind="payment")
    assert (line.amount, line.balance_amount, line.discount_amount) == (15_00, 15_00, 5_00)
    assert (who.state, who.points) == ("REDEEMED", (700, 0))
    assert check_ledger().findings == []


@pytest.mark.parametrize("pieces", [[20_00], [7_00, 13_00], [1, 3_33, 9_99, 6_67], [19_99, 1]])
def test_refunds_in_any_pieces_restore_exactly_what_each_source_gave(pieces):
    who = payer(principal=20_00, bonus=4_00, kind=CouponKind.PERCENT, rate=1_000, amount=8_00)
    order, before = order_of(who), balances()
    pay(who, order, wish(who.coupon, points=301))

    for piece in pieces[:-1]:
        refund(order, piece)
        assert who.state == "REDEEMED"
    last = refund(order, pieces[-1])

    assert moved(before) == {}
    assert (last.state, who.state, who.points) == ("SUCCEEDED", "HELD", (1_000, 0))
    order.refresh_from_db()
    assert (order.refunded, order.refundable) == (20_00, 0)
    assert {(one.kind, one.paid - one.returned) for one in order.sources.all()} == {
        (kind, 0) for kind in ("coupon", "points", "principal", "bonus")
    }
    assert check_ledger().findings == []


def test_what_a_part_gives_back_is_told_in_words():
    who = payer(principal=20_00)
    order = order_of(who)
    pay(who, order, wish(who.coupon, points=500))

    part = refund(order, 4_00)

    assert part.summary == (
        "优惠券抵扣 ¥1.00 不退现金（整单退款后退还优惠券），"
        "退回积分，抵 ¥1.00（已到账），退回余额 ¥2.00（已到账）"
    )
    assert who.points == (600, 0)


@pytest.mark.parametrize("method", PayMethod)
def test_what_discounts_pay_in_full_is_paid_at_once_without_proof_or_wechat_and_refunded_so(method):
    who = payer()
    order = order_of(who, 10_00)
    before = balances()

    checkout = pay(who, order, wish(who.coupon, points=500), method=method)

    assert (checkout.order.state, checkout.pay_params, checkout.payment.hold) == ("PAID", None, None)
    assert moved(before) == {"merchant_sales": 10_00, "coupon_liability": -5_00, "points_liability": -5_00}
    line = Record.objects.get(wallet__user=who.id)
    assert (line.amount, line.discount_amount) == (0, 10_00)
    assert refund(order, 10_00).state == "SUCCEEDED"
    assert moved(before) == {}
    assert check_ledger().findings == []


def test_wechat_pays_the_rest_and_then_coupon_and_points_are_used():
    who = payer()
    order, before = order_of(who), balances()
    payment = waiting(who, order, wish(who.coupon, points=300))
    assert (who.state, who.points, moved(before)) == ("RESERVED", (700, 300), {})

    for via in ("callback", "query", "bill"):
        told(paid(payment.number, total=Fen(12_00)), via=via)

    assert moved(before) == {
        "merchant_sales": 20_00,
        "wechat_clearing": -12_00,
        "coupon_liability": -5_00,
        "points_liability": -3_00,
    }
    assert (who.state, who.points) == ("REDEEMED", (700, 0))


def test_a_payment_that_ends_without_money_gives_back_what_it_had_reserved():
    who = payer()
    order, before = order_of(who), balances()

    end(waiting(who, order, wish(who.coupon, points=300)))

    assert (who.state, who.points, moved(before)) == ("HELD", (1_000, 0), {})
    assert Redemption.objects.get(user=who.id).state == "RELEASED"
    end(waiting(who, order, wish(who.coupon, points=300)))  # and it can be used again


def test_by_rule_late_money_pays_the_order_with_the_discounts_that_are_still_there():
    rule_says(CaseKind.LATE_PAYMENT, handling="HONOUR")
    who = payer()
    order = order_of(who)
    payment = waiting(who, order, wish(who.coupon, points=300))
    end(payment)

    told(paid(payment.number, total=Fen(12_00)))

    order.refresh_from_db()
    assert (order.state, order.paid_from_coupons, order.paid_from_points) == ("PAID", 5_00, 3_00)
    assert (who.state, who.points) == ("REDEEMED", (700, 0))
    assert ExceptionCase.objects.get(payment=payment).state == "RESOLVED"


@pytest.mark.parametrize("gone", ["the coupon", "its time", "the points"])
def test_late_money_goes_back_when_a_discount_is_not_there_any_more(gone):
    rule_says(CaseKind.LATE_PAYMENT, handling="HONOUR")
    who = payer(points=300)
    order = order_of(who)
    payment = waiting(who, order, wish(who.coupon, points=300))
    end(payment)
    if gone == "its time":
        Coupon.objects.filter(pk=who.coupon.pk).update(valid_until=clock.now())
    else:
        used = {"the coupon": wish(who.coupon), "the points": wish(points=300)}[gone]
        waiting(who, order_of(who), used)
    before = (who.state, who.points)

    told(paid(payment.number, total=Fen(12_00)))

    case = ExceptionCase.objects.get(payment=payment)
    assert (case.state, case.refunds.get().amount) == ("REFUNDING", 12_00)
    order.refresh_from_db()
    assert (order.state, (who.state, who.points)) == ("OPEN", before)


def test_who_has_left_gets_neither_points_nor_coupon_and_what_they_had_paid_is_a_cost_no_more(monkeypatch):
    who = payer()
    order, before = order_of(who, 10_00), balances()
    pay(who, order, wish(who.coupon, points=500))
    monkeypatch.setattr("coupons.services.redemption._has_left", lambda _redemption: True)

    refund(order, 10_00)

    assert moved(before) == {"coupon_liability": -5_00, "points_liability": -5_00, "promotion_cost": 10_00}
    assert (who.state, who.points) == ("REDEEMED", (500, 0))
    assert check_ledger().findings == []


def test_a_coupon_whose_time_was_over_comes_back_for_a_week():
    who = payer()
    order = order_of(who, 10_00)
    pay(who, order, wish(who.coupon, points=500))
    Coupon.objects.filter(pk=who.coupon.pk).update(valid_until=clock.now() - timedelta(days=1))

    refund(order, 10_00)

    assert who.state == "HELD"
    assert timedelta(days=6) < who.coupon.valid_until - clock.now() <= timedelta(days=7)


def test_a_discount_that_needs_no_coupon_counts_by_itself_and_once_per_person():
    who = payer(principal=50_00)
    automatic = {"giving": "AUTOMATIC", "group": "auto", "amount": 2_00, "per_person": 1, "stock": 10}
    now = clock.now()
    template(
        threshold=0, valid_from=now - timedelta(days=1), valid_until=now + timedelta(days=1), **automatic
    )
    first = order_of(who)
    end(waiting(who, first, wish()))  # what came to nothing uses nothing up

    one, two = pay(who, first, wish(who.coupon)), pay(who, order_of(who), wish())

    assert (one.payment.from_coupons, two.payment.from_coupons) == (7_00, 0)


def test_a_cashback_coupon_pays_nothing_now_and_its_redemption_is_told_with_the_purchase():
    who = payer(principal=20_00, kind=CouponKind.CASHBACK, rate=1_000, amount=3_00)
    order, before = order_of(who), balances()

    checkout = pay(who, order, wish(who.coupon))

    assert (checkout.payment.discount, checkout.payment.from_balance, who.state) == (0, 20_00, "REDEEMED")
    assert moved(before) == {
        "merchant_sales": 20_00,
        "principal": -20_00,
        "coupon_liability": -3_00,
        "promotion_cost": 3_00,
    }
    assert purchase_of(order.number).redemption == checkout.payment.number
    refund(order, 20_00)
    assert who.state == "HELD"
    assert check_ledger().findings == []


@pytest.mark.parametrize(
    ("wanted", "error", "facts"),
    [
        (lambda who: wish(coupon_for(payer().id)), CouponNotUsable, {"state": "UNKNOWN"}),
        (
            lambda who: wish(coupon_for(who.id, threshold=20_01)),
            CouponNotApplicable,
            {"reason": "BELOW_THRESHOLD", "missing": 1},
        ),
        (lambda who: wish(who.coupon, coupon_for(who.id)), CouponNotApplicable, {"reason": "SAME_GROUP"}),
        (lambda who: wish(points=1_001), PointsNotUsable, {"least": 1, "most": 1_000}),
        (lambda who: wish(points=901), PointsShort, {"needed": 901, "available": 900}),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason_and_nothing_moves(wanted, error, facts):
    who = payer(points=900, principal=20_00)
    order, before = order_of(who), balances()
    asked = wanted(who)
    before = balances()

    with pytest.raises(error) as refusal:
        pay(who, order, asked)

    assert refusal.value.detail.items() >= facts.items()
    assert moved(before) == {}
    assert (who.state, who.points) == ("HELD", (900, 0))
    assert not Payment.objects.filter(order=order).exists()


def test_another_coupon_is_another_way_to_pay_and_the_same_one_is_not():
    who = payer()
    order = order_of(who)
    payment = waiting(who, order, wish(who.coupon, points=300))
    found = Redemption.objects.prefetch_related("coupons__coupon").get(reference=payment.number)

    assert found.wish == wish(who.coupon, points=300)
    assert found.wish != wish(points=300)


def test_who_uses_no_discount_pays_nothing_for_there_being_some():
    who = payer(principal=40_00)
    pay(who, order_of(who), wish())  # whether anything is off is known for three seconds
    order = order_of(who)

    with CaptureQueriesContext(connection) as asked:
        pay(who, order, wish())

    assert [query["sql"] for query in asked if "coupons_" in query["sql"]] == []
