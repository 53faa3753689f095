from accounts.models.agreements import AgreementVersion
from accounts.models.closures import (
    ClosureReason,
    ClosureRequest,
    ClosureState,
    OfferAction,
    OfferAnswer,
    SaveOffer,
)
from accounts.models.codes import VerificationCode
from accounts.models.consents import ConsentRecord
from accounts.models.devices import Device
from accounts.models.education import (
    CardMoment,
    CardSight,
    QuizAttempt,
    QuizOption,
    QuizQuestion,
    SecurityCard,
)
from accounts.models.exports import DataExport, ExportPart
from accounts.models.kyc import KycApplication, KycChange, RealName
from accounts.models.login_records import LoginRecord
from accounts.models.onboarding import OnboardingFinish, OnboardingProgress, OnboardingStep
from accounts.models.personal_keys import KeyDestroyed, PersonalKey
from accounts.models.phones import PhoneChange, PhoneChangeRequest
from accounts.models.pins import PaymentPin, WrongPin
from accounts.models.reveals import Reveal
from accounts.models.second_factors import Authenticator, RecoveryCode
from accounts.models.security_facts import SecurityFacts
from accounts.models.sessions import RevokeReason, Session
from accounts.models.soter import SoterCounter
from accounts.models.spending import DailySpending, SmallPayments
from accounts.models.staff import StaffMember, StaffProfile
from accounts.models.step_up import ChallengeState, StepUpChallenge, StepUpPolicy
from accounts.models.users import User, UserStatus, WeChatIdentity

__all__ = [
    "AgreementVersion",
    "Authenticator",
    "CardMoment",
    "CardSight",
    "ChallengeState",
    "ClosureReason",
    "ClosureRequest",
    "ClosureState",
    "ConsentRecord",
    "DailySpending",
    "DataExport",
    "Device",
    "ExportPart",
    "KeyDestroyed",
    "KycApplication",
    "KycChange",
    "LoginRecord",
    "OfferAction",
    "OfferAnswer",
    "OnboardingFinish",
    "OnboardingProgress",
    "OnboardingStep",
    "PaymentPin",
    "PersonalKey",
    "PhoneChange",
    "PhoneChangeRequest",
    "QuizAttempt",
    "QuizOption",
    "QuizQuestion",
    "RealName",
    "RecoveryCode",
    "Reveal",
    "RevokeReason",
    "SaveOffer",
    "SecurityCard",
    "SecurityFacts",
    "Session",
    "SmallPayments",
    "SoterCounter",
    "StaffMember",
    "StaffProfile",
    "StepUpChallenge",
    "StepUpPolicy",
    "User",
    "UserStatus",
    "VerificationCode",
    "WeChatIdentity",
    "WrongPin",
]
