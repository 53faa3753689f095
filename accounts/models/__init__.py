from accounts.models.devices import Device
from accounts.models.sessions import RevokeReason, Session
from accounts.models.users import User, UserStatus, WeChatIdentity

__all__ = ["Device", "RevokeReason", "Session", "User", "UserStatus", "WeChatIdentity"]
