"""The tables, so that Django finds them."""

from wallet_project.notifications.models.messages import Delivery, Message
from wallet_project.notifications.models.notices import FrequencyCap, Notice, NoticeText
from wallet_project.notifications.models.preferences import Preference, Reader

__all__ = ["Delivery", "FrequencyCap", "Message", "Notice", "NoticeText", "Preference", "Reader"]
