"""What payments holds about a person, for them to take along."""

from collections.abc import Iterator

from payments.models import (
    BillPayee,
    BillPayment,
    MerchantTransfer,
    Order,
    OrderLine,
    OrderRefund,
    Payment,
)
from wallet_project.kit import clock
from wallet_project.kit.personal_data import Row, Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    yield section(
        Order.objects.filter(payer=user_id).select_related("store").order_by("pk"),
        "number",
        "origin",
        "store",
        "shop_order_no",
        "title",
        "remark",
        "state",
        "placed_at",
        "paid_at",
        "closed_at",
        "close_reason",
        money=(
            "amount",
            "paid_from_coupons",
            "paid_from_points",
            "paid_from_balance",
            "paid_from_channel",
            "refunding",
            "refunded",
        ),
    )
    yield section(
        OrderRefund.objects.filter(order__payer=user_id).select_related("order").order_by("pk"),
        "number",
        "order",
        "origin",
        "reason",
        "note",
        "state",
        "answer",
        "requested_at",
        "accepted_at",
        "ended_at",
        money=("amount",),
    )
    yield section(
        OrderLine.objects.filter(order__payer=user_id).select_related("order").order_by("pk"),
        "order",
        "name",
        "sku",
        "quantity",
        money=("unit_price",),
    )
    yield section(
        Payment.objects.filter(payer=user_id).select_related("order", "top_up").order_by("pk"),
        "number",
        "order",
        "top_up",
        "method",
        "state",
        "transaction_id",
        "created_at",
        "settled_at",
        "client_ip",
        money=("from_coupons", "from_points", "from_balance", "from_channel"),
    )
    yield section(
        MerchantTransfer.objects.filter(user=user_id).select_related("withdrawal").order_by("pk"),
        "number",
        "withdrawal",
        "state",
        "bill_no",
        "created_at",
        "finished_at",
        money=("amount",),
    )
    yield str(BillPayee._meta.verbose_name_plural), _payees(user_id)
    yield section(
        BillPayment.objects.filter(user=user_id).select_related("payee__biller").order_by("pk"),
        "number",
        "payee",
        "state",
        "confirmed_at",
        "finished_at",
        "returned_at",
        money=("amount", "fee"),
    )


def _payees(user_id: int) -> Iterator[Row]:
    """Account numbers are the customer's; the token of a card is of use to nobody but us."""
    payees = BillPayee.objects.filter(user=user_id).select_related("biller", "user__personal_key")
    for payee in payees.order_by("pk"):
        yield {
            "缴费机构": payee.biller.name,
            "户号": "" if payee.biller.takes_cards else payee.reference,
            "发卡行": payee.bank,
            "尾号": payee.tail,
            "户主或持卡人": payee.owner,
            "添加时间": clock.iso(payee.created_at),
            "删除时间": payee.forgotten_at and clock.iso(payee.forgotten_at),
        }
