"""Account URLs, under /api/v1/."""

from django.urls import path

from accounts.api.agreements import AgreementChanges, Agreements, AgreementText
from accounts.api.closures import CancelClosure, Closure, ClosureOffer, ConfirmClosure
from accounts.api.consents import MyConsents, MyMarketing, WithdrawConsent
from accounts.api.devices import LogOutElsewhere, MyDevice, MyDevices, MyLogins
from accounts.api.education import ConfirmCard, Quiz, SecurityCards
from accounts.api.exports import MyExport, MyExportArchive, MyExports
from accounts.api.kyc import ApplyForName, ConcludeFace, MyKyc, StartFace, WithdrawApplication
from accounts.api.login import LogIn, LogOut, Refresh
from accounts.api.onboarding import ShowOnboarding
from accounts.api.phone_login import PhoneLogIn, SendLoginCode
from accounts.api.phone_requests import MyPhoneRequest
from accounts.api.phones import BindPhoneByCode, MyPhone, SendPhoneCode
from accounts.api.pins import Pin, ResetPin
from accounts.api.profile import Me
from accounts.api.small_payments import MySmallPayments
from accounts.api.step_up import (
    ProveByCode,
    ProveByPin,
    ProveBySoter,
    ProveByWeChat,
    SendProofCode,
    StepUp,
)
from accounts.api.wechat import LinkWeChat

urlpatterns = [
    path("auth/login", LogIn.as_view()),
    path("auth/codes", SendLoginCode.as_view()),
    path("auth/phone", PhoneLogIn.as_view()),
    path("auth/refresh", Refresh.as_view()),
    path("auth/logout", LogOut.as_view()),
    path("agreements", Agreements.as_view()),
    path("agreements/<kind>/diff", AgreementChanges.as_view()),
    path("agreements/<kind>/<int:version>", AgreementText.as_view()),
    path("me", Me.as_view()),
    path("me/devices", MyDevices.as_view()),
    path("me/devices/<int:device>", MyDevice.as_view()),
    path("me/sessions/revoke-others", LogOutElsewhere.as_view()),
    path("me/logins", MyLogins.as_view()),
    path("me/onboarding", ShowOnboarding.as_view()),
    path("me/security-cards", SecurityCards.as_view()),
    path("me/security-cards/<slug:key>/seen", ConfirmCard.as_view()),
    path("me/quiz", Quiz.as_view()),
    path("me/closure", Closure.as_view()),
    path("me/closure/offer", ClosureOffer.as_view()),
    path("me/closure/confirm", ConfirmClosure.as_view()),
    path("me/closure/cancel", CancelClosure.as_view()),
    path("me/wechat", LinkWeChat.as_view()),
    path("me/phone", MyPhone.as_view()),
    path("me/phone/codes", SendPhoneCode.as_view()),
    path("me/phone/sms", BindPhoneByCode.as_view()),
    path("me/phone/request", MyPhoneRequest.as_view()),
    path("me/consents", MyConsents.as_view()),
    path("me/consents/withdraw", WithdrawConsent.as_view()),
    path("me/marketing", MyMarketing.as_view()),
    path("me/kyc", MyKyc.as_view()),
    path("me/kyc/applications", ApplyForName.as_view()),
    path("me/kyc/applications/<str:number>/withdraw", WithdrawApplication.as_view()),
    path("me/kyc/face", StartFace.as_view()),
    path("me/kyc/face/result", ConcludeFace.as_view()),
    path("me/exports", MyExports.as_view()),
    path("me/exports/<str:number>", MyExport.as_view()),
    path("me/exports/<str:number>/archive", MyExportArchive.as_view()),
    path("me/pin", Pin.as_view()),
    path("me/pin/reset", ResetPin.as_view()),
    path("me/small-payments", MySmallPayments.as_view()),
    path("me/step-up/<uuid:challenge_id>", StepUp.as_view()),
    path("me/step-up/<uuid:challenge_id>/pin", ProveByPin.as_view()),
    path("me/step-up/<uuid:challenge_id>/sms", SendProofCode.as_view()),
    path("me/step-up/<uuid:challenge_id>/sms/verify", ProveByCode.as_view()),
    path("me/step-up/<uuid:challenge_id>/soter", ProveBySoter.as_view()),
    path("me/step-up/<uuid:challenge_id>/wechat", ProveByWeChat.as_view()),
]
