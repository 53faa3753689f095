"""The tables, so that Django finds them."""

from wallet_project.notifications.models.broadcasts import Broadcast, Recipient
from wallet_project.notifications.models.messages import Delivery, Message
from wallet_project.notifications.models.notices import FrequencyCap, Notice, NoticeText
from wallet_project.notifications.models.preferences import Preference, Reader
from wallet_project.notifications.models.quotas import QuotaCause, QuotaChange, SubscribeQuota
from wallet_project.notifications.models.subscribe import SubscribeTemplate, SubscribeText
from wallet_project.notifications.models.triggers import Occasion, Trigger

__all__ = [
    "Broadcast",
    "Delivery",
    "FrequencyCap",
    "Message",
    "Notice",
    "NoticeText",
    "Occasion",
    "Preference",
    "QuotaCause",
    "QuotaChange",
    "Reader",
    "Recipient",
    "SubscribeQuota",
    "SubscribeTemplate",
    "SubscribeText",
    "Trigger",
]
