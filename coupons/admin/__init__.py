from coupons.admin import words

__all__ = ["words"]
