from accounts.admin import trail
from accounts.admin.agreements import AgreementVersionAdmin, ConsentRecordAdmin, DataExportAdmin
from accounts.admin.kyc import KycApplicationAdmin, RealNameAdmin
from accounts.admin.phone_requests import PhoneChangeRequestAdmin
from accounts.admin.users import UserAdmin

__all__ = [
    "AgreementVersionAdmin",
    "ConsentRecordAdmin",
    "DataExportAdmin",
    "KycApplicationAdmin",
    "PhoneChangeRequestAdmin",
    "RealNameAdmin",
    "UserAdmin",
    "trail",
]
