"""What others may hear from this app."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class UserEvent(Event):
    """Something happened to one user; what happened to them is heard in order."""

    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class UserRegistered(UserEvent):
    """A person logged in for the first time."""

    name = "accounts.user.registered"


@dataclass(frozen=True, kw_only=True)
class SignedIn(UserEvent):
    """Somebody came in, for the first time or again; `method` is that of the login record."""

    name = "accounts.user.signed_in"
    method: str
    is_new_device: bool


@dataclass(frozen=True, kw_only=True)
class NewDeviceSeen(UserEvent):
    """A user logged in on a device that they have not used before, or had removed."""

    name = "accounts.device.new"
    device_id: int


@dataclass(frozen=True, kw_only=True)
class AccountsMerged(UserEvent):
    """One person's two accounts became one; the other one was empty and is closed."""

    name = "accounts.user.merged"
    closed_user_id: int


@dataclass(frozen=True, kw_only=True)
class PhoneChanged(UserEvent):
    """A user's number gave way to another one."""

    name = "accounts.phone.changed"


@dataclass(frozen=True, kw_only=True)
class UserFrozen(UserEvent):
    """A person may do nothing any more."""

    name = "accounts.user.frozen"


@dataclass(frozen=True, kw_only=True)
class UserUnfrozen(UserEvent):
    """A frozen person may act again."""

    name = "accounts.user.unfrozen"


@dataclass(frozen=True, kw_only=True)
class PhoneBound(UserEvent):
    """A user proved a phone number for the first time."""

    name = "accounts.phone.bound"


@dataclass(frozen=True, kw_only=True)
class PinSet(UserEvent):
    """A user set their first payment PIN."""

    name = "accounts.pin.set"


@dataclass(frozen=True, kw_only=True)
class PinChanged(UserEvent):
    """A user who knew their PIN chose another."""

    name = "accounts.pin.changed"


@dataclass(frozen=True, kw_only=True)
class PinReset(UserEvent):
    """A user who forgot their PIN chose another."""

    name = "accounts.pin.reset"


@dataclass(frozen=True, kw_only=True)
class DataExportReady(UserEvent):
    """What a user asked to take along can be downloaded, for a week."""

    name = "accounts.export.ready"
    number: str


@dataclass(frozen=True, kw_only=True)
class AgreementPublished(Event):
    """A version was announced; `effective_at` as ISO 8601. Material: everybody will be asked again."""

    name = "accounts.agreement.published"
    kind: str
    version: int
    is_material: bool
    effective_at: str

    @property
    def aggregate(self) -> str:
        return f"agreement:{self.kind}"


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(UserEvent):
    """A user agreed to a version of an AgreementKind."""

    name = "accounts.consent.given"
    kind: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(UserEvent):
    """A user took a consent back: whoever relies on it stops now."""

    name = "accounts.consent.withdrawn"
    kind: str


@dataclass(frozen=True, kw_only=True)
class KycLevelChanged(UserEvent):
    """A user's real-name level (rules.kyc.KycLevel) went up or down; `reason` is a ChangeReason."""

    name = "accounts.kyc.level_changed"
    old_level: int
    new_level: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class KycRejected(UserEvent):
    """An application came to nothing; `reason` is a DecisionReason, of which the customer hears TOLD."""

    name = "accounts.kyc.rejected"
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class IdCardExpiring(UserEvent):
    """In thirty days or less an ID card ends, and with it its holder's level; told once per card."""

    name = "accounts.kyc.id_card_expiring"
    valid_until: str  # 2026-12-31, the last day


@dataclass(frozen=True, kw_only=True)
class ClosureConfirmed(UserEvent):
    """A user has asked for their account to be closed; it happens at `closes_at` (ISO 8601)."""

    name = "accounts.closure.confirmed"
    closes_at: str


@dataclass(frozen=True, kw_only=True)
class ClosureCancelled(UserEvent):
    """A user has changed their mind and stays."""

    name = "accounts.closure.cancelled"


@dataclass(frozen=True, kw_only=True)
class ClosureRefused(UserEvent):
    """The time came to close the account, and something blocked it: `codes` say what."""

    name = "accounts.closure.refused"
    codes: list[str]


@dataclass(frozen=True, kw_only=True)
class AccountClosed(UserEvent):
    """A user has left for good; what identified them is gone."""

    name = "accounts.account.closed"


@dataclass(frozen=True, kw_only=True)
class OnboardingStepDone(UserEvent):
    """A new customer has taken one of the first steps; its key is that of the OnboardingStep."""

    name = "accounts.onboarding.step_done"
    key: str


@dataclass(frozen=True, kw_only=True)
class OnboardingFinished(UserEvent):
    """A customer has taken every first step; heard once in their life."""

    name = "accounts.onboarding.finished"
