"""The tables, so that Django finds them."""

from wallet_project.notifications.models.messages import Delivery, Message
from wallet_project.notifications.models.notices import FrequencyCap, Notice, NoticeText
from wallet_project.notifications.models.preferences import Preference, Reader
from wallet_project.notifications.models.quotas import QuotaCause, QuotaChange, SubscribeQuota
from wallet_project.notifications.models.subscribe import SubscribeTemplate, SubscribeText

__all__ = [
    "Delivery",
    "FrequencyCap",
    "Message",
    "Notice",
    "NoticeText",
    "Preference",
    "QuotaCause",
    "QuotaChange",
    "Reader",
    "SubscribeQuota",
    "SubscribeTemplate",
    "SubscribeText",
]
