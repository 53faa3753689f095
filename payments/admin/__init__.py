from payments.admin import billers, bills, order_refunds, orders, stores, wechat, words

__all__ = ["billers", "bills", "order_refunds", "orders", "stores", "wechat", "words"]
