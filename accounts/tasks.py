"""
Doors for the workers: markers that could not be left, messages, real names that wait or grow old,
closures that have cooled.
"""

from celery import shared_task

from accounts.services import (
    closures,
    exports,
    kyc_asking,
    kyc_levels,
    phone_requests,
    phones,
    risk_ranks,
    sessions,
)
from wallet_project.kit import clock
from wallet_project.kit.jobs import job

AT_ONCE = 100


@job("accounts.forget_access")
def forget_access(*, hashes: list[str], **_later: object) -> None:
    """Fails while Valkey is still away, and is tried again."""
    sessions.mark_forgotten([bytes.fromhex(hashed) for hashed in hashes])


@job("accounts.build_export")
def build_export(*, number: str, **_later: object) -> None:
    exports.build_export(number=number)


@shared_task(name="accounts.ask_identity")
def ask_identity(*, number: str, **_later: object) -> None:
    kyc_asking.ask_provider(number=number)


@shared_task(name="accounts.ask_identities")
def ask_identities(**_later: object) -> None:
    for number in kyc_asking.due_to_ask(at=clock.now(), limit=AT_ONCE):
        ask_identity.delay(number=number)


@shared_task(name="accounts.review_levels")
def review_levels(**_later: object) -> None:
    """Once a night: what an ID card or a birthday changes about somebody's level."""
    kyc_levels.lower_expired()
    kyc_levels.remind_of_expiry()
    kyc_levels.come_of_age()


@shared_task(name="accounts.close_due")
def close_due(**_later: object) -> None:
    now = clock.now()
    closures.close_due_accounts(at=now, limit=AT_ONCE)
    closures.lapse_forgotten_closures(at=now)


@job("accounts.tell_of_phone_change")
def tell_of_phone_change(*, change_id: int, **_later: object) -> None:
    """Fails when the message certainly was not sent, and is tried again."""
    phones.tell_of_phone_change(change_id=change_id)


@job("accounts.tell_of_phone_request")
def tell_of_phone_request(*, asked_id: int, **_later: object) -> None:
    """Fails when the message certainly was not sent, and is tried again."""
    phone_requests.tell_of_phone_request(request_id=asked_id)


@job("accounts.ask_risk_rank")
def ask_risk_rank(*, user_id: int, ip: str, **_later: object) -> None:
    risk_ranks.ask_risk_rank(user_id=user_id, ip=ip)
