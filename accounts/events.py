"""What others may hear from this app."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event):
    """A person logged in for the first time."""

    name = "accounts.user.registered"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class NewDeviceSeen(Event):
    """A user logged in on a device that they have not used before, or had removed."""

    name = "accounts.device.new"
    user_id: int
    device_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class AccountsMerged(Event):
    """One person's two accounts became one; the other one was empty and is closed."""

    name = "accounts.user.merged"
    user_id: int
    closed_user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PhoneChanged(Event):
    """A user's number gave way to another one."""

    name = "accounts.phone.changed"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class UserFrozen(Event):
    """A person may do nothing any more."""

    name = "accounts.user.frozen"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class UserUnfrozen(Event):
    """A frozen person may act again."""

    name = "accounts.user.unfrozen"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PhoneBound(Event):
    """A user proved a phone number for the first time."""

    name = "accounts.phone.bound"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PinSet(Event):
    """A user set their first payment PIN."""

    name = "accounts.pin.set"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PinChanged(Event):
    """A user who knew their PIN chose another."""

    name = "accounts.pin.changed"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PinReset(Event):
    """A user who forgot their PIN chose another."""

    name = "accounts.pin.reset"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class DataExportReady(Event):
    """What a user asked to take along can be downloaded, for a week."""

    name = "accounts.export.ready"
    user_id: int
    number: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


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
class ConsentGiven(Event):
    """A user agreed to a version of an AgreementKind."""

    name = "accounts.consent.given"
    user_id: int
    kind: str
    version: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """A user took a consent back: whoever relies on it stops now."""

    name = "accounts.consent.withdrawn"
    user_id: int
    kind: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class KycLevelChanged(Event):
    """A user's real-name level (rules.kyc.KycLevel) went up or down; `reason` is a ChangeReason."""

    name = "accounts.kyc.level_changed"
    user_id: int
    old_level: int
    new_level: int
    reason: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class KycRejected(Event):
    """An application came to nothing; `reason` is a DecisionReason, of which the customer hears TOLD."""

    name = "accounts.kyc.rejected"
    user_id: int
    number: str
    reason: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class IdCardExpiring(Event):
    """In thirty days or less an ID card ends, and with it its holder's level; told once per card."""

    name = "accounts.kyc.id_card_expiring"
    user_id: int
    valid_until: str  # 2026-12-31, the last day

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class ClosureConfirmed(Event):
    """A user has asked for their account to be closed; it happens at `closes_at` (ISO 8601)."""

    name = "accounts.closure.confirmed"
    user_id: int
    closes_at: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class ClosureCancelled(Event):
    """A user has changed their mind and stays."""

    name = "accounts.closure.cancelled"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class ClosureRefused(Event):
    """The time came to close the account, and something blocked it: `codes` say what."""

    name = "accounts.closure.refused"
    user_id: int
    codes: list[str]

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """A user has left for good; what identified them is gone."""

    name = "accounts.account.closed"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class OnboardingStepDone(Event):
    """A new customer has taken one of the first steps; its key is that of the OnboardingStep."""

    name = "accounts.onboarding.step_done"
    user_id: int
    key: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class OnboardingFinished(Event):
    """A customer has taken every first step; heard once in their life."""

    name = "accounts.onboarding.finished"
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"
