from accounts.models.devices import Device
from accounts.models.personal_keys import KeyDestroyed, PersonalKey
from accounts.models.sessions import RevokeReason, Session
from accounts.models.users import User, UserStatus, WeChatIdentity

__all__ = [
    "Device",
    "KeyDestroyed",
    "PersonalKey",
    "RevokeReason",
    "Session",
    "User",
    "UserStatus",
    "WeChatIdentity",
]
