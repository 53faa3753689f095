"""
What coupons and points take off an order: reserved, redeemed with its payment, released, returned.

The reference is the number of the payment, so each attempt to pay has its own. What they pay is booked by the
journals of the order: here are the legs for it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from coupons.models import Coupon, RedeemedCoupon, Redemption
from coupons.rules.redemptions import REDEMPTION_MOVES, Discounts, RedemptionState, points_back
from coupons.services.coupons import (
    free_coupons,
    issue_coupon,
    redeem_coupons,
    reserve_coupon,
    return_coupons,
)
from coupons.services.points_accounts import lock_account
from coupons.services.points_spending import free_points, reserve_points, return_points, use_points
from wallet.rules.postings import Leg, promise_returned_legs, promise_used_legs
from wallet.services.promises import Promise, owner_key
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

COMES_BACK_FOR = timedelta(days=7)  # a coupon whose time was over when its order went back


def reserve_discounts(*, reference: str, user_id: int, discounts: Discounts, at: datetime) -> None:
    """
    Keep what `discounts_for` has found for one payment: all of it or nothing.

    Must be called inside the transaction that reserves the rest of what pays.

    :raises Paused: no coupon and no point is used at the moment
    :raises CouponNotUsable: another order was faster
    :raises CouponsGone, CouponTakenOften, CouponNotOffered: so were others, with what needs no coupon
    :raises PointsShort: so many points are not there any more
    """
    require_transaction()
    require_going(Flow.COUPONS)
    redemption = Redemption.objects.create(
        reference=reference,
        user_id=user_id,
        off=discounts.coupon_off,
        points=discounts.points,
        points_worth=discounts.points_worth,
        reserved_at=at,
    )
    coupons = [
        RedeemedCoupon(
            redemption=redemption,
            coupon_id=one.coupon_id or _given_for(redemption, one.template_id),
            is_wanted=one.is_wanted,
            off=one.off,
            back=one.back,
        )
        for one in discounts.offers
    ]
    RedeemedCoupon.objects.bulk_create(coupons)
    _take(redemption, coupons, at=at)


def redeem_discounts(*, reference: str) -> list[Leg]:
    """
    The order is paid: its discounts are used, and these are their legs in its journal; they sum to minus what
    they pay. What had been released meanwhile, because the money came late, is taken again.

    Must be called inside the transaction that books the sale.

    :raises CouponNotUsable, PointsShort, Paused: it was released, and is not there any more
    """
    redemption, now = _lock(reference), clock.now()
    coupons = list(redemption.coupons.all())
    if redemption.state == RedemptionState.RELEASED:
        _take(redemption, coupons, at=now)
    off = {one.coupon_id: Fen(one.off) for one in coupons}
    owner, legs = owner_key(redemption.user_id), []
    for coupon in redeem_coupons(reference=reference, at=now):
        legs += promise_used_legs(
            code=Promise.COUPON, owed=Fen(coupon.face), paid=off[coupon.pk], owner=owner
        )
    use_points(reference=reference)
    legs += promise_used_legs(
        code=Promise.POINTS,
        owed=Fen(redemption.points),
        paid=Fen(redemption.points_worth),
        owner=owner,
    )
    _end(redemption, RedemptionState.REDEEMED, at=now)
    return legs


def release_discounts(*, reference: str) -> None:
    """The payment ends without money: coupons and points are their owner's again."""
    redemption = _lock(reference)
    free_coupons(reference=reference)
    free_points(reference=reference)
    _end(redemption, RedemptionState.RELEASED, at=clock.now())


def returned_legs(*, reference: str, coupon: Fen, points: Fen) -> list[Leg]:
    """
    The legs of discounts in the journal of a refund: so many fen of it were paid by coupons and by points.
    They sum to both. Points are promised anew; what a coupon had paid is a cost no more.

    Must be called inside the transaction that books the refund, before it does.
    """
    redemption = _lock(reference)
    redemption.off_returned += coupon
    redemption.save(update_fields=["off_returned"])
    lock_account(redemption.user_id)  # before the platform's accounts, as everybody does
    owed = ZERO if _has_left(redemption) or not points else Fen(_points_due(redemption, points))
    owner = owner_key(redemption.user_id)
    return [
        *promise_returned_legs(code=Promise.COUPON, owed=ZERO, paid=coupon, owner=owner),
        *promise_returned_legs(code=Promise.POINTS, owed=owed, paid=points, owner=owner),
    ]


def return_discounts(*, reference: str, number: str, points: Fen, all_is_back: bool) -> None:
    """
    What a refund of this number gives back of them: points for the fen that points had paid, and the coupons
    with the last of the order. A coupon whose time is over by then has a week. Who has left gets nothing.

    Must be called inside the transaction of the refund, when `returned_legs` are booked.
    """
    redemption, now = _lock(reference), clock.now()
    due = _points_due(redemption, points) if points else 0
    redemption.worth_returned += points
    redemption.points_returned += due
    if all_is_back:
        redemption.coupons_returned_at = now
    redemption.save(update_fields=["worth_returned", "points_returned", "coupons_returned_at"])
    if _has_left(redemption):
        return
    if due:
        return_points(
            user_id=redemption.user_id, points=due, source=f"order_refund:{number}", reference=reference
        )
    if all_is_back:
        returned = return_coupons(reference=reference, number=number)
        over = [coupon.pk for coupon in returned if coupon.valid_until <= now]
        Coupon.objects.filter(pk__in=over).update(valid_until=now + COMES_BACK_FOR)


def _given_for(redemption: Redemption, template_id: int) -> int:
    """What counts by itself is somebody's when they use it, so its stock and its limits hold."""
    source = f"automatic:{redemption.reference}:{template_id}"
    return issue_coupon(template_id=template_id, user_id=redemption.user_id, source=source).pk


def _take(redemption: Redemption, coupons: Iterable[RedeemedCoupon], *, at: datetime) -> None:
    """Coupons by their id, then points: the order of locks."""
    for one in sorted(coupons, key=lambda one: one.coupon_id):
        reserve_coupon(
            coupon_id=one.coupon_id,
            user_id=redemption.user_id,
            reference=redemption.reference,
            worth=Fen(one.off + one.back),
            at=at,
        )
    if redemption.points:
        reserve_points(user_id=redemption.user_id, points=redemption.points, reference=redemption.reference)


def _lock(reference: str) -> Redemption:
    require_transaction()
    return Redemption.objects.select_for_update(no_key=True).get(reference=reference)


def _end(redemption: Redemption, state: RedemptionState, *, at: datetime) -> None:
    require_move(REDEMPTION_MOVES, redemption.state, state)
    redemption.state, redemption.ended_at = state, at
    redemption.save(update_fields=["state", "ended_at"])


def _points_due(redemption: Redemption, back: Fen) -> int:
    return points_back(
        redemption.points,
        worth=Fen(redemption.points_worth),
        returned=Fen(redemption.worth_returned),
        back=back,
    )


def _has_left(redemption: Redemption) -> bool:
    return open_wallet(user_id=redemption.user_id).is_closed
