"""Prove what a step-up challenge asks for; when it is enough, the answer carries the grant."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.errors import ChallengeOver, FactorNotAsked, FactorRefused, WeChatUnavailable
from accounts.gateways import wechat
from accounts.models import ChallengeState, SoterCounter, StepUpChallenge, User
from accounts.rules.codes import CodePurpose
from accounts.rules.step_up import Factor, OperationKind, is_enough, read_factors, write_factors
from accounts.selectors.step_up import challenge_for
from accounts.selectors.users import openid_of
from accounts.services.codes import SentCode, send_code, spend_code
from accounts.services.login import proven_person
from accounts.services.pins import check_pin
from accounts.services.step_up import CHALLENGE_LIFE
from wallet_project.kit import clock
from wallet_project.kit.crypto import new_token, token_hash
from wallet_project.kit.db import require_transaction, retry_conflicts

_MOST_COUNTS = 2**63 - 1
_PURPOSES = {
    OperationKind.PIN_SET: CodePurpose.SET_PIN,
    OperationKind.PIN_RESET: CodePurpose.RESET_PIN,
}


@dataclass(frozen=True)
class Progress:
    """How far a challenge is; `grant` only in the answer to the proof that completed it."""

    challenge: StepUpChallenge
    grant: str | None


def prove_by_pin(*, user_id: int, device_id: str, challenge_id: UUID, pin: str) -> Progress:
    """
    :raises PinWrong: with the tries that are left; PinLocked and PinBlocked: no more of them
    :raises FactorNotAsked: the challenge asks for something else
    :raises ChallengeOver: it expired or was used
    """
    challenge = _waiting(user_id, device_id, challenge_id, factor=Factor.PIN)
    check_pin(user_id=user_id, device=challenge.device, pin=pin)
    return _keep_proof(challenge, factor=Factor.PIN, at=clock.now())


def send_proof_code(*, user_id: int, device_id: str, challenge_id: UUID) -> SentCode:
    """
    Send a code to the bound phone, good for this challenge alone.

    :raises SmsTooOften: the phone had enough of them
    :raises SmsUnavailable: it may not have left; asking again is safe
    :raises FactorNotAsked: the challenge asks for something else
    :raises ChallengeOver: it expired or was used
    """
    challenge = _waiting(user_id, device_id, challenge_id, factor=Factor.SMS)
    return send_code(
        purpose=_purpose_of(challenge),
        phone=_phone_of(user_id),
        user_id=user_id,
        bound_to=_binding(challenge),
    )


def prove_by_code(*, user_id: int, device_id: str, challenge_id: UUID, code: str) -> Progress:
    """
    :raises CodeRefused: wrong, over, or sent for something else
    :raises FactorNotAsked: the challenge asks for something else
    :raises ChallengeOver: it expired or was used
    """
    challenge = _waiting(user_id, device_id, challenge_id, factor=Factor.SMS)
    spend_code(
        purpose=_purpose_of(challenge), phone=_phone_of(user_id), code=code, bound_to=_binding(challenge)
    )
    return _keep_proof(challenge, factor=Factor.SMS, at=clock.now())


def prove_by_wechat(*, user_id: int, device_id: str, challenge_id: UUID, code: str) -> Progress:
    """
    A fresh login at WeChat by the same person.

    :raises WeChatCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises FactorRefused: it is somebody else's
    :raises FactorNotAsked: the challenge asks for something else
    :raises ChallengeOver: it expired or was used
    """
    challenge = _waiting(user_id, device_id, challenge_id, factor=Factor.WECHAT)
    mine = openid_of(user_id)
    if proven_person(code).openid != mine:
        raise FactorRefused
    return _keep_proof(challenge, factor=Factor.WECHAT, at=clock.now())


def prove_by_soter(
    *, user_id: int, device_id: str, challenge_id: UUID, result: str, signature: str
) -> Progress:
    """
    A fingerprint or face on the device: WeChat vouches for the signature, we for what was signed.

    `result` is resultJSON as the device gave it, byte for byte (doc: wx.startSoterAuthentication).

    :raises FactorRefused: WeChat does not vouch for it, or it was made for something else, or before
    :raises WeChatUnavailable: WeChat cannot be asked now; another factor may be proven instead
    :raises FactorNotAsked: the challenge asks for something else
    :raises ChallengeOver: it expired or was used
    """
    challenge = _waiting(user_id, device_id, challenge_id, factor=Factor.SOTER)
    signed = _read_result(result)
    if signed.raw != challenge.soter_challenge:
        raise FactorRefused
    try:
        is_genuine = wechat.is_soter_genuine(openid=openid_of(user_id), result=result, signature=signature)
    except wechat.WeChatSilent as error:
        raise WeChatUnavailable from error
    if not is_genuine:
        raise FactorRefused
    return _keep_soter(challenge, counter=signed.counter, at=clock.now())


@retry_conflicts
def _keep_proof(challenge: StepUpChallenge, *, factor: Factor, at: datetime) -> Progress:
    with transaction.atomic(durable=True):
        return _advance(challenge, factor=factor, at=at)


@retry_conflicts
def _keep_soter(challenge: StepUpChallenge, *, counter: int, at: datetime) -> Progress:
    with transaction.atomic(durable=True):
        progress = _advance(challenge, factor=Factor.SOTER, at=at)
        seen = {"counter": counter, "seen_at": at}
        risen = SoterCounter.objects.filter(device=challenge.device, counter__lt=counter)
        if not risen.update(**seen):
            _found, is_first = SoterCounter.objects.get_or_create(device=challenge.device, defaults=seen)
            if not is_first:
                raise FactorRefused  # a result that was used before, or a copy of the key
        return progress


def _advance(challenge: StepUpChallenge, *, factor: Factor, at: datetime) -> Progress:
    """
    Proven twice is proven: whoever lost the answer gets another grant, and the first one is dead. It lives no
    longer than the first, or one factor could be refreshed for ever by proving the other.
    """
    require_transaction()
    locked = StepUpChallenge.objects.select_for_update(no_key=True).get(pk=challenge.pk)
    if locked.state == ChallengeState.SPENT or locked.expires_at <= at:
        raise ChallengeOver
    proven = locked.proven_factors | {factor}
    locked.proven = write_factors([proven])
    grant = None
    if is_enough(read_factors(locked.needed), proven):
        grant = new_token()
        if locked.state == ChallengeState.OPEN:
            locked.expires_at = at + CHALLENGE_LIFE
        locked.state, locked.grant_hash = ChallengeState.PROVEN, token_hash(grant)
    locked.save(update_fields=["proven", "state", "grant_hash", "expires_at"])
    return Progress(locked, grant)


def _waiting(user_id: int, device_id: str, challenge_id: UUID, *, factor: Factor) -> StepUpChallenge:
    challenge = challenge_for(user_id=user_id, device_id=device_id, challenge_id=challenge_id)
    if challenge.state == ChallengeState.SPENT or challenge.expires_at <= clock.now():
        raise ChallengeOver
    if not any(factor in way for way in read_factors(challenge.needed)):
        raise FactorNotAsked
    return challenge


def _purpose_of(challenge: StepUpChallenge) -> CodePurpose:
    """What the message says it is for."""
    return _PURPOSES.get(OperationKind(challenge.kind), CodePurpose.STEP_UP)


def _phone_of(user_id: int) -> str:
    phone = User.objects.select_related("personal_key").get(pk=user_id).phone
    if phone is None:
        raise FactorNotAsked  # it was taken from the account since the challenge
    return phone


def _binding(challenge: StepUpChallenge) -> str:
    return f"challenge:{challenge.pk}"


@dataclass(frozen=True)
class _Signed:
    raw: str
    counter: int


def _read_result(result: str) -> _Signed:
    try:
        content: Any = json.loads(result)
        raw, counter = content["raw"], content["counter"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FactorRefused from None
    if type(raw) is not str or type(counter) is not int or not 0 <= counter <= _MOST_COUNTS:
        raise FactorRefused
    return _Signed(raw, counter)
