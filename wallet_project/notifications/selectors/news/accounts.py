"""What accounts' events mean to people."""

from collections.abc import Iterable

from accounts.events import (
    AccountsMerged,
    ClosureCancelled,
    ClosureConfirmed,
    ClosureRefused,
    DataExportReady,
    IdCardExpiring,
    KycLevelChanged,
    KycRejected,
    NewDeviceSeen,
    PhoneChanged,
    PinChanged,
    PinReset,
    UserEvent,
    UserFrozen,
    UserUnfrozen,
)
from accounts.rules.devices import kind_in_words
from accounts.rules.kyc import TOLD, ChangeReason, KycLevel
from accounts.selectors.devices import device_numbered
from wallet_project.notifications.rules.news import News
from wallet_project.notifications.selectors.news.register import news_of

_SAYS_IT_ALL: dict[type[UserEvent], str] = {
    PhoneChanged: "accounts.phone_changed",
    PinChanged: "accounts.pin_changed",
    PinReset: "accounts.pin_reset",
    AccountsMerged: "accounts.merged",
    UserFrozen: "accounts.frozen",
    UserUnfrozen: "accounts.unfrozen",
    DataExportReady: "accounts.export_ready",
    ClosureCancelled: "accounts.closure_cancelled",
    ClosureRefused: "accounts.closure_refused",
}


def it_happened(event: UserEvent) -> Iterable[News]:
    yield News(user_id=event.user_id, notice=_SAYS_IT_ALL[type(event)])


for each in _SAYS_IT_ALL:
    news_of(each)(it_happened)


@news_of(NewDeviceSeen)
def new_device(event: NewDeviceSeen) -> Iterable[News]:
    device = device_numbered(event.device_id)
    facts = {"device": kind_in_words(device.platform), "at": device.first_seen_at}
    yield News(user_id=event.user_id, notice="accounts.new_device", facts=facts)


@news_of(KycLevelChanged)
def another_level(event: KycLevelChanged) -> Iterable[News]:
    """Level I comes with a phone, which its owner has just bound."""
    level = KycLevel(event.new_level).label
    if event.new_level > max(event.old_level, KycLevel.I):
        yield News(user_id=event.user_id, notice="accounts.real_name_passed", facts={"level": level})
    elif event.new_level < event.old_level and event.reason != ChangeReason.ACCOUNT_CLOSED:
        facts = {"level": level, "reason": ChangeReason(event.reason).label}
        yield News(user_id=event.user_id, notice="accounts.real_name_lowered", facts=facts)


@news_of(KycRejected)
def no_real_name(event: KycRejected) -> Iterable[News]:
    facts = {"reason": TOLD[event.reason]}
    yield News(user_id=event.user_id, notice="accounts.real_name_rejected", facts=facts)


@news_of(IdCardExpiring)
def card_ends(event: IdCardExpiring) -> Iterable[News]:
    yield News(user_id=event.user_id, notice="accounts.id_card_expiring", facts={"until": event.valid_until})


@news_of(ClosureConfirmed)
def account_ends(event: ClosureConfirmed) -> Iterable[News]:
    yield News(user_id=event.user_id, notice="accounts.closure_confirmed", facts={"at": event.closes_at})
