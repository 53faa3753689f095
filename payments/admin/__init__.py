from payments.admin import (
    billers,
    bills,
    daily_close,
    differences,
    order_refunds,
    orders,
    shop_notifications,
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
    "shop_notifications",
    "stores",
    "transfers",
    "wechat",
    "words",
]
