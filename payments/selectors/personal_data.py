"""What payments holds about a person, for them to take along."""

from collections.abc import Iterator

from payments.models import Order, OrderLine, Payment
from wallet_project.kit.personal_data import Section, section


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
        money=("amount", "paid_from_balance", "paid_from_channel"),
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
        money=("from_balance", "from_channel"),
    )
