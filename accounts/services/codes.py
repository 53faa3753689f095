"""
Send a code, spend a code.

Nothing here looks at whether a phone has an account: what is not looked at cannot be told.
"""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.errors import CodeRefused, SmsTooOften, SmsUnavailable
from accounts.models import VerificationCode
from accounts.rules.codes import DIGITS, WRONG_TRIES, Cap, CodePurpose, seconds_to_wait
from accounts.rules.phones import normalise_phone
from wallet_project.kit import clock, context
from wallet_project.kit.crypto import blind_index, blind_indexes, blind_lock
from wallet_project.kit.db import forbid_transaction, lock_number, retry_conflicts
from wallet_project.kit.masking import mask_phone
from wallet_project.kit.sms.messages import SmsFailed
from wallet_project.kit.sms.sending import send_sms
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

logger = logging.getLogger(__name__)

_PHONE = "code"  # what the indexes of phones are made for here


@dataclass(frozen=True, kw_only=True)
class SentCode:
    """What the person who waits for it may know. Seconds from now."""

    phone_masked: str
    expires_in: int
    resend_in: int


def send_code(
    *, purpose: CodePurpose, phone: str, user_id: int | None = None, bound_to: str = ""
) -> SentCode:
    """
    Send six digits to a phone; they replace those sent before for the same purpose and binding.

    `bound_to` ties them to one operation, for example "challenge:12". Device and address are taken from the
    context and counted, too. Waits on the network.

    :raises NotAPhone: `phone` is none
    :raises Paused: no codes are sent at the moment
    :raises SmsTooOften: to this number, for this device or from this address
    :raises SmsUnavailable: the message may not have left; asking again is safe
    """
    forbid_transaction()
    require_going(Flow.SMS)
    phone = normalise_phone(phone)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    sent = _keep(purpose=purpose, phone=phone, user_id=user_id, bound_to=bound_to, code=code, now=clock.now())
    minutes = str(settings.CODE_SECONDS // 60)
    params = {"operation": str(purpose.label), "code": code, "minutes": minutes}
    try:
        send_sms(phone=phone, template="code", params=params)
    except SmsFailed as failure:
        if not failure.sent:
            sent.delete()  # it goes nowhere, so it does not count
        raise SmsUnavailable from failure
    resend_in = settings.CODE_CAPS["phone"][0][0]
    return SentCode(phone_masked=mask_phone(phone), expires_in=settings.CODE_SECONDS, resend_in=resend_in)


def spend_code(*, purpose: CodePurpose, phone: str, code: str, bound_to: str = "") -> None:
    """
    Prove a phone by the code sent to it. Works once; five wrong tries end it.

    Commits by itself, so that a wrong try is counted whatever the caller does next.

    :raises NotAPhone: `phone` is none
    :raises CodeRefused: wrong, spent, over, of another purpose, phone or operation: it does not say which
    """
    phone = normalise_phone(phone)
    if not _spend(purpose=purpose, phone=phone, code=code, bound_to=bound_to, now=clock.now()):
        raise CodeRefused


@retry_conflicts
def _keep(
    *,
    purpose: CodePurpose,
    phone: str,
    user_id: int | None,
    bound_to: str,
    code: str,
    now: datetime,
) -> VerificationCode:
    here = context.current()
    # Device and address may be unknown (a job's, say); what is unknown is not counted.
    counted: dict[str, dict[str, Any]] = {"phone": {"phone_hash__in": blind_indexes(phone, purpose=_PHONE)}}
    if here.device_id:
        counted["device"] = {"device_id": here.device_id}
    if here.ip:
        counted["ip"] = {"ip": here.ip[:64]}
    with transaction.atomic(durable=True):
        for number in sorted([blind_lock(phone, purpose=_PHONE), *_locks_of(here.device_id, here.ip)]):
            lock_number(number)
        for name, narrowed in counted.items():
            _require_room(settings.CODE_CAPS[name], narrowed=narrowed, now=now)
        return VerificationCode.objects.create(
            purpose=purpose,
            phone_hash=blind_index(phone, purpose=_PHONE),
            bound_to=bound_to,
            user_id=user_id,
            code_hash=_hash(purpose=purpose, phone=phone, bound_to=bound_to, code=code),
            sent_at=now,
            expires_at=now + timedelta(seconds=settings.CODE_SECONDS),
            device_id=here.device_id,
            ip=here.ip[:64],
        )


def _locks_of(*places: str) -> list[int]:
    """Whoever sends for the same device or from the same address waits for us."""
    digests = [hashlib.sha256(f"accounts.codes:{place}".encode()).digest() for place in places if place]
    return [int.from_bytes(digest[:8], "big", signed=True) for digest in digests]


def _require_room(caps: Sequence[Cap], *, narrowed: dict[str, Any], now: datetime) -> None:
    longest = now - timedelta(seconds=max(seconds for seconds, _most in caps))
    sent = VerificationCode.objects.filter(**narrowed, sent_at__gt=longest).order_by("-sent_at")
    most = max(most for _seconds, most in caps)
    if wait := seconds_to_wait(caps, sent=sent.values_list("sent_at", flat=True)[:most], now=now):
        raise SmsTooOften(retry_after=wait)


@retry_conflicts
def _spend(*, purpose: CodePurpose, phone: str, code: str, bound_to: str, now: datetime) -> bool:
    given = _hash(purpose=purpose, phone=phone, bound_to=bound_to, code=code)
    indexes = blind_indexes(phone, purpose=_PHONE)
    with transaction.atomic(durable=True):
        sent = (
            VerificationCode.objects.select_for_update()
            .filter(purpose=purpose, phone_hash__in=indexes, bound_to=bound_to)
            .order_by("-pk")
            .first()
        )
        if sent is None or sent.spent_at or sent.expires_at <= now or sent.wrong_tries >= WRONG_TRIES:
            return False
        right = constant_time_compare(bytes(sent.code_hash), given)
        if right:
            sent.spent_at = now
        else:
            sent.wrong_tries += 1
            logger.info("accounts.code.wrong", extra={"purpose": purpose, "tries": sent.wrong_tries})
        sent.save(update_fields=["spent_at", "wrong_tries"])
    return right


def _hash(*, purpose: str, phone: str, bound_to: str, code: str) -> bytes:
    """Keyed: six digits alone are guessed back from any plain hash."""
    told = f"{purpose}\0{phone}\0{bound_to}\0{code}"
    return salted_hmac("accounts.codes", told, algorithm="sha256").digest()
