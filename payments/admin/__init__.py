from payments.admin import billers, bills, orders, stores, wechat, words

__all__ = ["billers", "bills", "orders", "stores", "wechat", "words"]
