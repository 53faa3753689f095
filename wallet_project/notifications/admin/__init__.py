"""The pages for staff, so that Django finds them."""

from wallet_project.notifications.admin.subscribe import (
    SubscribeQuotaAdmin,
    SubscribeTemplateAdmin,
    SubscribeTextAdmin,
)

__all__ = ["SubscribeQuotaAdmin", "SubscribeTemplateAdmin", "SubscribeTextAdmin"]
