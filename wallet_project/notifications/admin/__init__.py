"""The pages for staff, so that Django finds them."""

from wallet_project.notifications.admin import words
from wallet_project.notifications.admin.broadcasts import BroadcastAdmin
from wallet_project.notifications.admin.messages import DeliveryAdmin, MessageAdmin
from wallet_project.notifications.admin.notices import FrequencyCapAdmin, NoticeAdmin
from wallet_project.notifications.admin.subscribe import (
    SubscribeQuotaAdmin,
    SubscribeTemplateAdmin,
    SubscribeTextAdmin,
)
from wallet_project.notifications.admin.triggers import TriggerAdmin

__all__ = [
    "BroadcastAdmin",
    "DeliveryAdmin",
    "FrequencyCapAdmin",
    "MessageAdmin",
    "NoticeAdmin",
    "SubscribeQuotaAdmin",
    "SubscribeTemplateAdmin",
    "SubscribeTextAdmin",
    "TriggerAdmin",
    "words",
]
