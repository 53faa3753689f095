from payments.admin import billers, orders, stores, wechat, words

__all__ = ["billers", "orders", "stores", "wechat", "words"]
