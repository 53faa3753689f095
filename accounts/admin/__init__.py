from accounts.admin import trail
from accounts.admin.kyc import KycApplicationAdmin, RealNameAdmin
from accounts.admin.users import UserAdmin

__all__ = ["KycApplicationAdmin", "RealNameAdmin", "UserAdmin", "trail"]
