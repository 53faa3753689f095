from accounts.admin import trail, words
from accounts.admin.agreements import AgreementVersionAdmin
from accounts.admin.closures import ClosureRequestAdmin, SaveOfferAdmin
from accounts.admin.consents import ConsentRecordAdmin
from accounts.admin.education import OnboardingStepAdmin, QuizQuestionAdmin, SecurityCardAdmin
from accounts.admin.exports import DataExportAdmin
from accounts.admin.kyc import KycApplicationAdmin
from accounts.admin.phone_requests import PhoneChangeRequestAdmin
from accounts.admin.pins import PaymentPinAdmin
from accounts.admin.real_names import RealNameAdmin
from accounts.admin.staff import StaffMemberAdmin
from accounts.admin.step_up import StepUpChallengeAdmin, StepUpPolicyAdmin
from accounts.admin.users import UserAdmin

__all__ = [
    "AgreementVersionAdmin",
    "ClosureRequestAdmin",
    "ConsentRecordAdmin",
    "DataExportAdmin",
    "KycApplicationAdmin",
    "OnboardingStepAdmin",
    "PaymentPinAdmin",
    "PhoneChangeRequestAdmin",
    "QuizQuestionAdmin",
    "RealNameAdmin",
    "SaveOfferAdmin",
    "SecurityCardAdmin",
    "StaffMemberAdmin",
    "StepUpChallengeAdmin",
    "StepUpPolicyAdmin",
    "UserAdmin",
    "trail",
    "words",
]
