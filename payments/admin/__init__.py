from payments.admin import orders, stores, wechat, words

__all__ = ["orders", "stores", "wechat", "words"]
