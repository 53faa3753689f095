"""Points are exchanged: for credit, a coupon, a card, or something to pick up."""

import secrets
from datetime import timedelta
from itertools import count

from django.db import transaction
from django.db.models import F

from coupons.errors import GoodNotOffered, GoodSoldOut, GoodTakenOften
from coupons.models import Good, MallOrder, PointsAccount
from coupons.models.mall import PICK_UP_PURPOSE
from coupons.rules.mall import MOVES, GoodKind, MallOrderState
from coupons.selectors.mall import goods_offered, order_to_pick_up
from coupons.services.coupons import issue_coupon
from coupons.services.points_accounts import lock_account
from coupons.services.points_spending import reserve_points, return_points, use_points
from wallet.services.gifts import keep_as_gift
from wallet.services.promises import Promise, book_lapse, book_promise
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.crypto import blind_index
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.fields import seal_column
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move

_CODE_DIGITS = 10


@retry_conflicts
def exchange(*, user_id: int, good_id: int) -> MallOrder:
    """
    One good for its points, now.

    :raises GoodNotOffered: there is no such good now
    :raises PointsShort: they have not so many points
    :raises GoodTakenOften: this person has had it as often as anybody may
    :raises GoodSoldOut: somebody else took the last one
    :raises CouponNotOffered, CouponsGone, CouponTakenOften: as issue_coupon
    :raises Paused: nothing is used at the moment
    """
    with transaction.atomic(durable=True):
        now = clock.now()
        good = goods_offered(now).filter(pk=good_id).first()
        if good is None:
            raise GoodNotOffered
        order = MallOrder(
            number=new_serial("M", now),
            user_id=user_id,
            good=good,
            points=good.points,
            per_person=good.per_person,
            state=MallOrderState.DONE,
            made_at=now,
        )
        reserve_points(
            user_id=user_id, points=good.points, reference=order.number, title=f"兑换：{good.name}"
        )
        use_points(reference=order.number)
        order.nth = _next_time(good, user_id)
        # Everybody who wants it waits for this row, so it comes last.
        if not goods_offered(now).filter(pk=good.pk, taken__lt=F("stock")).update(taken=F("taken") + 1):
            raise GoodSoldOut
        _HAND_OVER[GoodKind(good.kind)](order, good)
        order.save()
    return order


def pick_up(*, code: str) -> MallOrder:
    """
    Its owner has shown this code and got what they chose; the code works once.

    :raises PickUpCodeUnknown: nothing waits under this code
    """
    with transaction.atomic():
        order = _lock(order_to_pick_up(code).pk)
        _end(order, MallOrderState.PICKED_UP, reason="")
    return order


def cancel_order(*, order_id: int, reason: str) -> None:
    """
    What waits will not be handed over: its points return, and it may be taken again.

    :raises StateConflict: it does not wait any more
    """
    with transaction.atomic():
        order = _lock(order_id)
        _end(order, MallOrderState.CANCELLED, reason=reason)
        book_promise(
            of=Promise.POINTS,
            user_id=order.user_id,
            amount=Fen(order.points),
            key=f"points:{order.number}:returned",
            reference=order.number,
        )
        return_points(
            user_id=order.user_id, points=order.points, source=f"mall:{order.number}", reference=order.number
        )
        Good.objects.filter(pk=order.good_id).update(taken=F("taken") - 1)


def _end_of_points(order: MallOrder) -> None:
    book_lapse(
        of=Promise.POINTS,
        user_id=order.user_id,
        amount=Fen(order.points),
        key=f"points:{order.number}",
        reference=order.number,
    )


def _give_credit(order: MallOrder, good: Good) -> None:
    keep_as_gift(
        of=Promise.POINTS,
        promised=Fen(order.points),
        user_id=order.user_id,
        amount=Fen(good.credit or 0),
        source=order.number,
        title=f"积分兑换：{good.name}",
        expires_at=order.made_at + timedelta(days=good.credit_days) if good.credit_days else None,
    )


def _give_coupon(order: MallOrder, good: Good) -> None:
    assert good.template_id is not None  # noqa: S101 - a_good_is_one_thing
    issue_coupon(
        template_id=good.template_id,
        user_id=order.user_id,
        source=f"mall:{order.number}",
        reference=order.number,
    )
    _end_of_points(order)


def _give_card(order: MallOrder, _good: Good) -> None:
    PointsAccount.objects.filter(pk=order.user_id).update(make_up_cards=F("make_up_cards") + 1)
    _end_of_points(order)


def _keep_for_pick_up(order: MallOrder, _good: Good) -> None:
    code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}d}"
    order.state = MallOrderState.WAITING
    seal_column(order, "code_sealed", code)
    order.code_hash = blind_index(code, purpose=PICK_UP_PURPOSE)
    _end_of_points(order)


_HAND_OVER = {
    GoodKind.COUPON: _give_coupon,
    GoodKind.CREDIT: _give_credit,
    GoodKind.MAKE_UP_CARD: _give_card,
    GoodKind.PHYSICAL: _keep_for_pick_up,
}


def _next_time(good: Good, user_id: int) -> int:
    """Under the lock of their points; the database looks again."""
    times = set(MallOrder.objects.filter(good=good, user=user_id).values_list("nth", flat=True))
    nth = next(each for each in count(1) if each not in times)
    if good.per_person is not None and nth > good.per_person:
        raise GoodTakenOften(times=good.per_person)
    return nth


def _lock(order_id: int) -> MallOrder:
    """Its owner's points first, as when it was made."""
    lock_account(MallOrder.objects.values_list("user", flat=True).get(pk=order_id))
    return MallOrder.objects.select_for_update(no_key=True).get(pk=order_id)


def _end(order: MallOrder, state: MallOrderState, *, reason: str) -> None:
    require_move(MOVES, order.state, state)
    order.state, order.ended_at, order.ended_by = state, clock.now(), context.current().actor
    if state == MallOrderState.CANCELLED:
        order.nth = None
    order.save(update_fields=["state", "ended_at", "ended_by", "nth"])
    record_audit(
        action=f"coupons.mall_order.{state.lower()}",
        subject=f"user:{order.user_id}",
        facts={"number": order.number, "points": order.points, "reason": reason},
    )
