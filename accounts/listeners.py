"""What accounts do when they hear of themselves."""

from accounts.events import ConsentWithdrawn, KycLevelChanged, PhoneBound, PinSet
from accounts.rules.agreements import AgreementKind
from accounts.rules.kyc import KycLevel
from accounts.services.kyc_decisions import forgo_real_name
from accounts.services.onboarding import complete_step
from wallet_project.kit.events import listens_to


@listens_to(PhoneBound)
def a_phone_is_a_first_step(event: PhoneBound) -> None:
    complete_step(user_id=event.user_id, key="bind_phone")


@listens_to(PinSet)
def a_pin_is_a_first_step(event: PinSet) -> None:
    complete_step(user_id=event.user_id, key="set_pin")


@listens_to(KycLevelChanged)
def a_real_name_is_a_first_step(event: KycLevelChanged) -> None:
    if event.new_level >= KycLevel.II:
        complete_step(user_id=event.user_id, key="real_name")


@listens_to(ConsentWithdrawn)
def without_consent_there_is_no_real_name(event: ConsentWithdrawn) -> None:
    if event.kind == AgreementKind.REAL_NAME:
        forgo_real_name(user_id=event.user_id)
