"""Give a person a coupon; reserve it for an order, use it, give it back, and end it."""

import json
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction

from coupons.errors import CouponNotOffered, CouponNotUsable, CouponsGone, CouponTakenOften
from coupons.events import CouponIssued
from coupons.models import ENDED_UNUSED, Coupon, CouponState, CouponTemplate
from coupons.rules.offers import CouponKind
from coupons.rules.real_people import coupon_of_new_customers
from coupons.services.real_people import claim_person
from wallet.services.fee_waivers import grant_waiver, renew_waiver, take_back_waiver
from wallet.services.ledger import refusals_as_errors
from wallet.services.promises import Promise, book_lapse, book_promise, promise_posting
from wallet_project.approvals.agreed import AgreedState
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts, sqlstate
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import as_stored
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import get_answer, get_row
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

RENEWED_FOR = timedelta(days=7)
_ISSUE = """
    SELECT * FROM coupon_issue(
        jsonb_populate_record(NULL::coupons_coupon, %s), %s, %s, %s::jsonb, %s::jsonb
    )
"""


def issue_coupon(*, template_id: int, user_id: int, source: str, reference: str = "") -> Coupon:
    """
    Give this person a coupon, once per source (what it is given for): asked again, it is the same one.
    `reference` is what it was given because of.

    It is one statement, with or without a surrounding transaction; refused, nothing has happened.

    :raises Paused: nothing is given at the moment
    :raises CouponNotOffered: the template is not live, or its time is not now
    :raises CouponsGone: all there were have been given
    :raises CouponTakenOften: this person has had as many as anybody may; what is for new customers, by any
        account of theirs
    """
    template = get_row(CouponTemplate, pk=template_id)
    return give(template, user_id=user_id, source=source, reference=reference)


@retry_conflicts
def give(template: CouponTemplate, *, user_id: int, source: str, reference: str = "") -> Coupon:
    """As issue_coupon, for those who have read the template."""
    require_going(Flow.COUPONS)
    at = clock.now()
    if not _may_be_given(template, at=at):
        if earlier := Coupon.objects.filter(source=source).first():
            return earlier
        raise CouponNotOffered
    serial = new_serial("C", at)
    valid_from, valid_until = template.validity(at=at)
    coupon = {
        "serial": serial,
        "template_id": template.pk,
        "user_id": user_id,
        "face": template.amount,
        "source": source,
        "cause": reference,
        "valid_from": valid_from.isoformat(),
        "valid_until": valid_until.isoformat(),
        "issued_at": at.isoformat(),
    }
    event = CouponIssued(serial=serial, template_id=template.pk, user_id=user_id, source=source)
    posting = promise_posting(
        of=Promise.COUPON,
        user_id=user_id,
        amount=Fen(template.amount),
        key=f"coupon:{serial}:issued",
        reference=serial,
    )
    spares_fee = template.kind == CouponKind.FEE_FREE
    # The caller's transaction goes on after a refusal; without one, the statement is the transaction.
    needs_block = connection.in_atomic_block or spares_fee or template.new_customers
    try:
        with transaction.atomic() if needs_block else nullcontext(), refusals_as_errors():
            if template.new_customers:
                _claim_as_new(template, user_id=user_id)
            issued = get_answer(
                Coupon,
                _ISSUE,
                [
                    json.dumps(coupon),
                    template.per_person,
                    template.stock is not None,
                    json.dumps(posting),
                    json.dumps(as_stored(event)),
                ],
            )
            if spares_fee:
                _spare_fee(issued, kinds=template.kinds)
    except DatabaseError as error:
        match sqlstate(error):
            case "CP001":
                raise CouponsGone from error
            case "CP002":
                raise CouponTakenOften(times=template.per_person) from error
            case "CP003":
                return Coupon.objects.get(source=source)
        raise
    issued.template = template
    return issued


def reserve_coupon(*, coupon_id: int, user_id: int, reference: str, worth: Fen, at: datetime) -> Coupon:
    """
    This coupon is for this order now, to which it is worth so many fen. Whether it applies is the caller's
    question.

    Must be called inside the transaction that reserves the rest of what pays.

    :raises Paused: nothing is used at the moment
    :raises CouponNotUsable: it is another's, another order has it, or its time is over
    """
    require_transaction()
    require_going(Flow.COUPONS)
    mine = Coupon.objects.filter(pk=coupon_id, user=user_id)
    usable = mine.filter(state=CouponState.HELD, valid_from__lte=at, valid_until__gt=at)
    if not usable.update(state=CouponState.RESERVED, reference=reference, worth=worth):
        raise CouponNotUsable(state=mine.values_list("state", flat=True).first() or "UNKNOWN")
    return Coupon.objects.select_related("template").get(pk=coupon_id)


def redeem_coupons(*, reference: str, at: datetime) -> list[Coupon]:
    """
    The order is paid: what was reserved for it is used. Their liability is for the sale's journal to end.

    Must be called inside the transaction that books the sale; answers with nothing the second time.
    """
    coupons = _in_use(reference, state=CouponState.RESERVED)
    for coupon in coupons:
        coupon.state, coupon.ended_at = CouponState.REDEEMED, at
        coupon.save(update_fields=["state", "ended_at"])
    return coupons


def free_coupons(*, reference: str) -> None:
    """
    The order came to nothing: what was reserved for it is its owner's again, as long as its time is not over.

    Must be called inside the transaction that says so; does nothing the second time.
    """
    for coupon in _in_use(reference, state=CouponState.RESERVED):
        coupon.state, coupon.reference, coupon.worth = CouponState.HELD, "", 0
        coupon.save(update_fields=["state", "reference", "worth"])


def return_coupons(*, reference: str, number: str) -> list[Coupon]:
    """
    All of a paid order went back by the refund of this number: its coupons are their owner's again, and are
    promised anew.

    Must be called inside the transaction that books the refund; does nothing the second time.
    """
    coupons = _in_use(reference, state=CouponState.REDEEMED)
    for coupon in coupons:
        promise_anew(coupon, key=f"returned:{number}")
    return coupons


def void_coupon(*, coupon_id: int, reason: str) -> None:
    """
    Take back a coupon that nobody has used; what it promised is not owed any more.

    :raises CouponNotUsable: it is in use, or has ended
    """
    with transaction.atomic():
        coupon = Coupon.objects.select_for_update(no_key=True).get(pk=coupon_id)
        if coupon.state != CouponState.HELD:
            raise CouponNotUsable(state=coupon.state)
        _void(coupon, at=clock.now())
        record_audit(
            action="coupons.coupon.voided", subject=f"coupon:{coupon.serial}", facts={"reason": reason}
        )


def renew_coupon(*, user_id: int, serial: str, reference: str) -> Coupon:
    """
    A coupon that ended unused is its owner's again: promised anew, for as long as one that is given today,
    and no shorter than RENEWED_FOR. `reference` is what it was given again because of.

    Must be called inside the transaction that decided so.

    :raises Paused: nothing is given at the moment
    :raises NotFound: no such coupon of theirs
    :raises CouponNotUsable: it did not end, or not unused
    """
    require_transaction()
    require_going(Flow.COUPONS)
    locked = Coupon.objects.select_for_update(no_key=True, of=("self",)).select_related("template")
    coupon = locked.filter(user=user_id, serial=serial).first()
    if coupon is None:
        raise NotFound
    if coupon.state not in ENDED_UNUSED:
        raise CouponNotUsable(state=coupon.state)
    now = clock.now()
    _from, until = coupon.template.validity(at=now)
    coupon.valid_until = max(until, now + RENEWED_FOR)
    coupon.cause, coupon.reminded_at = reference, None
    coupon.save(update_fields=["valid_until", "cause", "reminded_at"])
    renew_waiver(number=coupon.serial, expires_at=coupon.valid_until)
    promise_anew(coupon, key=f"renewed:{now.isoformat()}")
    return coupon


def give_up_coupons(*, user_id: int) -> None:
    """
    Their owner leaves: what nobody reserved is void.

    Must be called inside the transaction that closes the account; does nothing the second time.
    """
    require_transaction()
    now = clock.now()
    held = Coupon.objects.filter(user=user_id, state=CouponState.HELD)
    for coupon in held.select_for_update(no_key=True).order_by("pk"):
        _void(coupon, at=now)


def end_coupon(coupon: Coupon, state: CouponState, *, at: datetime) -> None:
    """A HELD coupon, which the caller has locked, ends unused."""
    require_transaction()
    coupon.state, coupon.ended_at = state, at
    coupon.save(update_fields=["state", "ended_at"])
    # It may come back and end again: the moment tells one ending from another.
    lapse(coupon, key=f"{state.lower()}:{at.isoformat()}")


def lapse(coupon: Coupon, *, key: str) -> None:
    """What this coupon promised is not owed any more; once per key."""
    book_lapse(
        of=Promise.COUPON,
        user_id=coupon.user_id,
        amount=Fen(coupon.face),
        key=f"coupon:{coupon.serial}:{key}",
        reference=coupon.serial,
    )


def promise_anew(coupon: Coupon, *, key: str) -> None:
    """A used coupon is its owner's again; once per key."""
    coupon.state, coupon.reference, coupon.worth, coupon.ended_at = CouponState.HELD, "", 0, None
    coupon.save(update_fields=["state", "reference", "worth", "ended_at"])
    book_promise(
        of=Promise.COUPON,
        user_id=coupon.user_id,
        amount=Fen(coupon.face),
        key=f"coupon:{coupon.serial}:{key}",
        reference=coupon.serial,
    )


def _void(coupon: Coupon, *, at: datetime) -> None:
    take_back_waiver(number=coupon.serial, at=at)
    end_coupon(coupon, CouponState.VOIDED, at=at)


def _claim_as_new(template: CouponTemplate, *, user_id: int) -> None:
    """
    :raises CouponTakenOften: the same person had it by another account, or was a customer and left
    """
    if not claim_person(user_id=user_id, of=coupon_of_new_customers(template.pk)):
        raise CouponTakenOften(times=1)


def _spare_fee(coupon: Coupon, *, kinds: list[str]) -> None:
    grant_waiver(
        number=coupon.serial,
        user_id=coupon.user_id,
        kinds=kinds,
        most=Fen(coupon.face),
        valid_from=coupon.valid_from,
        expires_at=coupon.valid_until,
    )


def _may_be_given(template: CouponTemplate, *, at: datetime) -> bool:
    return (
        template.state == AgreedState.LIVE
        and template.offered_from <= at < template.offered_until
        and (template.valid_until is None or at < template.valid_until)
    )


def _in_use(reference: str, *, state: CouponState) -> list[Coupon]:
    require_transaction()
    found = Coupon.objects.filter(reference=reference, state=state)
    return list(found.select_for_update(no_key=True, of=("self",)).select_related("template").order_by("pk"))
