from payments.admin import (
    billers,
    bills,
    daily_close,
    differences,
    order_refunds,
    orders,
    stores,
    transfers,
    wechat,
    words,
)

__all__ = [
    "billers",
    "bills",
    "daily_close",
    "differences",
    "order_refunds",
    "orders",
    "stores",
    "transfers",
    "wechat",
    "words",
]
