"""An order is shipped: keep it, and tell WeChat until it knows."""

import logging
from datetime import datetime

from django.db import transaction

from payments.errors import OrderNotShippable, ShipmentNotRefused, ShippingConflict
from payments.gateways.wechat.shipping import Parcel, upload_shipping
from payments.models import ExceptionCase, Order, Payment, Shipment
from payments.rules.cases import CaseKind
from payments.rules.order_states import OrderState, PaymentState
from payments.rules.shipping import ShipmentState, ShippingWay, Verdict, describe_items, next_upload
from payments.services.case_work import reopen_case, resolve_cases_of
from payments.services.cases import open_case
from payments.services.locks import lock_order
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import ZERO

logger = logging.getLogger(__name__)


def ship_order(
    *,
    shop_order: Order,
    way: ShippingWay,
    company: str = "",
    tracking_no: str = "",
    receiver_contact: str = "",
    items: str = "",
) -> Shipment:
    """
    The shop has shipped its order; WeChat is told by a worker. The same again answers the same shipment.

    :raises OrderNotShippable: it is not paid
    :raises ShippingConflict: it was shipped in another way
    """
    told = {"company": company, "tracking_no": tracking_no, "receiver_contact": receiver_contact}
    with transaction.atomic(durable=True):
        order = lock_order(shop_order.pk)
        if order.state != OrderState.PAID:
            raise OrderNotShippable(state=order.state)
        shipment = Shipment.objects.filter(order=order).first()
        if shipment is None:
            shipment = _ship(order, way=way, items=items, **told)
    if any(getattr(shipment, name) != value for name, value in {"way": way, **told}.items()):
        raise ShippingConflict(way=shipment.way)
    return shipment


def ship_by_itself(*, order_no: str) -> None:
    """Where its seller says that goods need no carrier, a paid order is shipped. Requires a transaction."""
    require_transaction()
    order = lock_order(Order.objects.only("pk").get(number=order_no).pk)
    seller = order.store or order.shop
    if seller is None or not seller.ships_as or Shipment.objects.filter(order=order).exists():
        return
    _ship(order, way=ShippingWay(seller.ships_as))


def upload_shipment(*, shipment_id: int) -> None:
    """Tell WeChat once. What it does not know yet is told again; what it refuses is a case for a person."""
    now = clock.now()
    shipment = _begin_try(shipment_id, at=now)
    if shipment is None or shipment.payment is None:
        return
    verdict, said = upload_shipping(
        transaction_id=shipment.payment.transaction_id or "",
        openid=shipment.payment.openid,
        parcel=Parcel(
            way=ShippingWay(shipment.way),
            items=shipment.items,
            company=shipment.company,
            tracking_no=shipment.tracking_no,
            receiver_contact=shipment.receiver_contact,
        ),
        at=shipment.shipped_at,
    )
    with transaction.atomic(durable=True):
        shipment = Shipment.objects.select_for_update(no_key=True, of=("self",)).get(pk=shipment_id)
        if shipment.state != ShipmentState.WAITING:
            return  # another try was faster
        shipment.last_error = said[:200]
        if verdict is Verdict.DONE:
            shipment.state, shipment.next_try_at = ShipmentState.UPLOADED, None
            shipment.uploaded_at = clock.now()
            _resolve(shipment)
        elif verdict is Verdict.REFUSED:
            _give_up(shipment)
        shipment.save()
    logger.info("payments.shipping", extra={"shipment": shipment_id, "verdict": verdict.name, "said": said})


def due_shipments(*, at: datetime, limit: int) -> list[int]:
    due = Shipment.objects.filter(state=ShipmentState.WAITING, next_try_at__lte=at)
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def upload_again(*, shipment_id: int, reason: str) -> None:
    """
    A person has seen to what WeChat did not like.

    :raises ShipmentNotRefused: WeChat has it, or is still being told
    """
    with transaction.atomic(durable=True):
        shipment = Shipment.objects.select_for_update(no_key=True, of=("self",)).get(pk=shipment_id)
        if shipment.state != ShipmentState.REFUSED:
            raise ShipmentNotRefused(state=shipment.state)
        shipment.state, shipment.tries_used = ShipmentState.WAITING, 0
        shipment.next_try_at = clock.now()
        shipment.save()
        record_audit(
            action="payments.shipment.again",
            subject=f"order:{shipment.order.number}",
            facts={"way": shipment.way, "reason": reason},
        )
        after_commit("payments.upload_shipment", shipment_id=shipment.pk)


def _ship(order: Order, *, way: ShippingWay, items: str = "", **told: str) -> Shipment:
    now = clock.now()
    paid = order.payments.filter(state=PaymentState.PAID, from_channel__gt=0).exclude(transaction_id=None)
    payment: Payment | None = paid.first()
    lines = list(order.lines.values_list("name", "quantity"))
    shipment = Shipment.objects.create(
        order=order,
        payment=payment,
        way=way,
        items=items or describe_items(lines, title=order.title),
        shipped_at=now,
        state=ShipmentState.WAITING if payment else ShipmentState.NOT_NEEDED,
        next_try_at=now if payment else None,
        **told,
    )
    record_audit(
        action="payments.order.shipped",
        subject=f"order:{order.number}",
        facts={"way": way, "told": bool(payment)},
    )
    if payment:
        after_commit("payments.upload_shipment", shipment_id=shipment.pk)
    return shipment


@transaction.atomic(durable=True)
def _begin_try(shipment_id: int, *, at: datetime) -> Shipment | None:
    """The try is counted and put off before WeChat is asked, so a crash repeats nothing at once."""
    due = Shipment.objects.filter(pk=shipment_id, state=ShipmentState.WAITING, next_try_at__lte=at)
    locked = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    shipment = locked.select_related("payment").first()
    if shipment is None:
        return None
    shipment.tries_used += 1
    later = next_upload(at=at, tried=shipment.tries_used)
    if later is None:
        _give_up(shipment)
        shipment.save()
        return None
    shipment.next_try_at = later
    shipment.save()
    return shipment


def _give_up(shipment: Shipment) -> None:
    """A case for a person; the same one again where WeChat refuses a second time."""
    shipment.state, shipment.next_try_at = ShipmentState.REFUSED, None
    assert shipment.payment is not None  # noqa: S101 - the table says so of whatever is uploaded
    case = open_case(
        kind=CaseKind.SHIPPING_REFUSED,
        number=shipment.payment.number,
        transaction_id=shipment.payment.transaction_id or "",
        amount=ZERO,
        evidence={"order": shipment.order.number, "way": shipment.way, "said": shipment.last_error},
    )
    if case.state == ExceptionCase.State.RESOLVED:
        reopen_case(case, reason="微信再次未收下发货信息")


def _resolve(shipment: Shipment) -> None:
    assert shipment.payment is not None  # noqa: S101 - as above
    resolve_cases_of(
        CaseKind.SHIPPING_REFUSED,
        transaction_id=shipment.payment.transaction_id or "",
        resolution="微信已收下发货信息",
    )
