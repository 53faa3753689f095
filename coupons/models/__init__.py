from coupons.models.purchases import Purchase, PurchaseReturn

__all__ = ["Purchase", "PurchaseReturn"]
