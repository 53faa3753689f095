from accounts.admin import trail
from accounts.admin.kyc import KycApplicationAdmin, RealNameAdmin
from accounts.admin.phone_requests import PhoneChangeRequestAdmin
from accounts.admin.users import UserAdmin

__all__ = ["KycApplicationAdmin", "PhoneChangeRequestAdmin", "RealNameAdmin", "UserAdmin", "trail"]
