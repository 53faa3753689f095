"""People with points, and ways to earn them."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from coupons.models import Good, PointRule, PointsAccount, Purchase
from coupons.rules.baskets import Basket
from coupons.rules.mall import GoodKind
from coupons.rules.membership import GrowthEvent
from coupons.rules.point_rules import EarnEvent
from coupons.rules.purchases import Bought
from coupons.services.growth import grow
from coupons.services.mall import exchange
from coupons.services.membership import give_tier
from coupons.services.points import give_points
from coupons.services.points_spending import free_points, reserve_points, return_points, use_points
from coupons.services.purchases import note_purchase, note_return
from coupons.services.sentences import POINTS
from wallet.services.promises import Promise, book_lapse, book_promise
from wallet.tests.factories import new_key
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock

_IN_FORCE = {"state": AgreedState.LIVE, "starts_at": datetime(2026, 1, 1, tzinfo=clock.SHANGHAI)}


def person(**points) -> User:
    user = User.objects.create()
    if points:
        give(user, **points)
    return user


def give(user, *, active=0, pending=0, source=None):
    with transaction.atomic():
        if active:
            give_points(user_id=user.pk, points=active, source=source or new_key("t"), title="赠送")
        if pending:
            give_points(
                user_id=user.pk,
                points=pending,
                source=source or new_key("t"),
                title="消费",
                active_at=clock.now() + timedelta(days=7),
            )


def spend(user, points, *, reference=None):
    """As an order does it: reserved, spent, and what they paid is booked."""
    reference = reference or new_key("O")[:40]
    with transaction.atomic():
        reserve_points(user_id=user.pk, points=points, reference=reference)
        use_points(reference=reference)
        book_lapse(
            of=Promise.POINTS, user_id=user.pk, amount=points, key=f"{reference}:paid", reference=reference
        )
    return reference


def give_back(user, points, *, reference, source=None):
    """As a refund of an order does it."""
    source = source or new_key("B")
    with transaction.atomic():
        return_points(user_id=user.pk, points=points, source=source, reference=reference)
        book_promise(
            of=Promise.POINTS, user_id=user.pk, amount=points, key=f"{source}:back", reference=reference
        )


def reserve(user, points, *, reference):
    with transaction.atomic():
        reserve_points(user_id=user.pk, points=points, reference=reference)


def free(reference):
    with transaction.atomic():
        free_points(reference=reference)


def in_transaction(act, **arguments):
    with transaction.atomic():
        return act(**arguments)


def points(user):
    """(pending, active, reserved, debt)"""
    row = PointsAccount.objects.get(pk=user.pk)
    return row.pending, row.active, row.reserved, row.debt


def rule(event=EarnEvent.PURCHASE, **columns):
    given = {"rate": 100} if event == EarnEvent.PURCHASE else {"points": 10}
    return PointRule.objects.create(name="规则", event=event, **{**_IN_FORCE, **given, **columns})


def good(kind=GoodKind.PHYSICAL, **columns):
    given = {
        GoodKind.COUPON: {},
        GoodKind.CREDIT: {"credit": 1_00},
        GoodKind.PHYSICAL: {"pick_up_at": "人民路店"},
        GoodKind.MAKE_UP_CARD: {},
    }[kind]
    columns = {"points": 100, "stock": 10, **given, **columns}
    return Good.objects.create(name="马克杯", kind=kind, **{**_IN_FORCE, **columns})


def buy(user, own, *, reference=None, given=0, place="store:renmin", at=None) -> Purchase:
    reference = reference or new_key("O")[:32]
    with transaction.atomic():
        note_purchase(
            Bought(
                user_id=user.pk,
                reference=reference,
                basket=Basket(amount=own + given, place=place, kind="STORE"),
                title="咖啡",
                place_name="人民路店",
                own=own,
                given=given,
                paid_at=at or clock.now(),
            )
        )
    return Purchase.objects.get(reference=reference)


def send_back(purchase, own):
    with transaction.atomic():
        note_return(
            reference=purchase.reference, number=new_key("B")[:32], amount=own, own=own, at=clock.now()
        )


def broken():
    """What of the nightly sentences is not true: name → subjects."""
    found = {}
    with connection.cursor() as cursor:
        for sentence in POINTS:
            cursor.execute(sentence.broken)
            if rows := cursor.fetchall():
                found[sentence.name] = rows
    return found


def has_grown(user, mark):
    """A tier that is not the lowest, a line in its log, and something that made them grow."""
    grown = {
        "user_id": user.pk,
        "tier": "gold",
        "months": 1,
        "reason": "老顾客",
        "maker_id": 1,
        "checker_id": 2,
    }
    in_transaction(give_tier, **grown)
    in_transaction(grow, user_id=user.pk, event=GrowthEvent.CHECK_IN, occasion=mark)


def has_points(user, mark):
    """Some points by a rule, and something that waits to be picked up for them."""
    with transaction.atomic():
        give_points(user_id=user.pk, points=300, source=f"t:{mark}", title="消费得积分", rule_id=rule().pk)
    exchange(user_id=user.pk, good_id=good().pk)
