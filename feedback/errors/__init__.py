"""Everything that can go wrong at the support desk."""

from feedback.errors.attachments import PictureGone, PictureQuotaUsed, PictureRefused, PictureUnknown

__all__ = ["PictureGone", "PictureQuotaUsed", "PictureRefused", "PictureUnknown"]
