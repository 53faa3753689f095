"""Everything that can go wrong with what people are told."""

from wallet_project.notifications.errors.broadcasts import BroadcastNotUnderWay
from wallet_project.notifications.errors.deliveries import DeliveryNotRepeatable
from wallet_project.notifications.errors.notices import ChannelNotUsed, NoTester
from wallet_project.notifications.errors.preferences import MustBeTold, QuietHoursOfNoLength
from wallet_project.notifications.errors.subscribe import UnknownTemplate

__all__ = [
    "BroadcastNotUnderWay",
    "ChannelNotUsed",
    "DeliveryNotRepeatable",
    "MustBeTold",
    "NoTester",
    "QuietHoursOfNoLength",
    "UnknownTemplate",
]
