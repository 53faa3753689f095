from payments.admin import orders, stores, wechat

__all__ = ["orders", "stores", "wechat"]
