"""Keep a part of an order from being given back twice, from the moment that somebody asks for it."""

from collections.abc import Sequence

from payments.errors import RefundExceedsPaid
from payments.models import Order, OrderRefund, OrderRefundPart, OrderSource
from payments.rules.refund_splits import GOES_BACK_TO, Source, SourceKind, split_back
from wallet.selectors.spending import spent_on
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def reserve(refund: OrderRefund) -> None:
    """
    Split a new refund over what paid its locked order, and save it.

    :raises RefundExceedsPaid: more than is left of the order; nothing is saved
    """
    require_transaction()
    order = refund.order
    if refund.amount > order.refundable:
        raise RefundExceedsPaid(refundable=order.refundable)
    sources = _sources_of(order)
    parts = split_back(
        Fen(refund.amount), [Source(Fen(source.paid), Fen(source.returned)) for source in sources]
    )
    refund.save(force_insert=True)
    order.refunding += refund.amount
    order.save(update_fields=["refunding", "updated_at"])
    shares = [(source, part) for source, part in zip(sources, parts, strict=True) if part]
    for source, part in shares:
        source.returned += part
    OrderSource.objects.bulk_update((source for source, _part in shares), ["returned"])
    OrderRefundPart.objects.bulk_create(
        OrderRefundPart(
            refund=refund, source=source, amount=part, goes_to=GOES_BACK_TO[SourceKind(source.kind)]
        )
        for source, part in shares
    )


def release(refund: OrderRefund) -> None:
    """Nothing of this refund goes back; its order is locked."""
    require_transaction()
    order, parts = refund.order, list(refund.parts.select_related("source"))
    for part in parts:
        part.source.returned -= part.amount
    OrderSource.objects.bulk_update((part.source for part in parts), ["returned"])
    order.refunding -= refund.amount
    order.save(update_fields=["refunding", "updated_at"])


def _sources_of(order: Order) -> Sequence[OrderSource]:
    """Of a locked order; written down when they are first asked for."""
    if known := list(order.sources.order_by("place")):
        return known
    assert order.payer_id is not None  # noqa: S101 - the table says so of every paid order
    paid = spent_on(order.number, user_id=order.payer_id).taken
    paid[SourceKind.COUPON] = Fen(order.paid_from_coupons)
    paid[SourceKind.POINTS] = Fen(order.paid_from_points)
    paid[SourceKind.WECHAT] = Fen(order.paid_from_channel)
    return OrderSource.objects.bulk_create(
        OrderSource(order=order, kind=kind, place=place, paid=paid[kind])
        for place, kind in enumerate(SourceKind)
        if paid.get(kind)
    )
