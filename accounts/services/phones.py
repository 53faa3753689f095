"""Bind a phone, change it."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.errors import (
    PhoneAlreadyBound,
    PhoneChangeNeeded,
    PhoneCodeRefused,
    PhoneNotBound,
    WeChatUnavailable,
)
from accounts.events import PhoneBound, PhoneChanged
from accounts.gateways import wechat
from accounts.models import PhoneChange, RevokeReason, User
from accounts.models.security_facts import CoolReason
from accounts.models.users import indexes_of_phone
from accounts.rules.codes import CodePurpose
from accounts.rules.phones import NotAPhone, normalise_phone
from accounts.rules.screening import PHONE_BIND
from accounts.rules.step_up import Operation, OperationKind
from accounts.services.codes import SentCode, send_code, spend_code
from accounts.services.locks import lock_user
from accounts.services.merging import CannotMerge, merge_accounts
from accounts.services.phone_ownership import give_phone
from accounts.services.screening import screen_visit
from accounts.services.security_facts import cool_withdrawals
from accounts.services.sessions import access_hashes_of, forget_access, revoke_sessions_of
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.crypto import blind_index
from wallet_project.kit.db import lock_rows, require_transaction, retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.masking import mask_phone
from wallet_project.kit.sms.sending import send_notice

logger = logging.getLogger(__name__)


def bind_phone(*, user_id: int, code: str) -> User:
    """
    Bind the number that WeChat vouches for. Binding the same number again changes nothing.

    Where the number has an account of its own and one of the two is empty, they become one. Answers the
    account that goes on, which may be the other one; every session has ended then.

    :raises PhoneCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises PhoneAlreadyBound: the number belongs to another user, and both accounts hold something
    :raises PhoneChangeNeeded: this user has another number
    :raises MoveDenied: it looks wrong; see `screen` for its kin
    """
    phone = _proven_phone(code)
    screen_visit(operation=PHONE_BIND, user_id=user_id)
    return _bind(user_id=user_id, phone=phone, now=clock.now())


def bind_phone_by_code(*, user_id: int, phone: str, code: str) -> User:
    """
    The same for a number that proved itself by the code sent to it (send_phone_code).

    :raises CodeRefused: wrong, spent or over
    :raises PhoneAlreadyBound: the number belongs to another user, and both accounts hold something
    :raises PhoneChangeNeeded: this user has another number
    :raises MoveDenied: it looks wrong; see `screen` for its kin
    """
    spend_code(purpose=CodePurpose.BIND_PHONE, phone=phone, code=code, bound_to=_bound_to(user_id))
    screen_visit(operation=PHONE_BIND, user_id=user_id)
    return _bind(user_id=user_id, phone=normalise_phone(phone), now=clock.now())


def send_phone_code(*, user_id: int, phone: str) -> SentCode:
    """
    A code to a number that is to become this user's, for binding or, if they have one, for changing.

    :raises SmsTooOften: to this number, for this device or from this address
    :raises SmsUnavailable: the message may not have left
    """
    is_bound = User.objects.filter(pk=user_id, phone_index__isnull=False).exists()
    purpose = CodePurpose.CHANGE_PHONE if is_bound else CodePurpose.BIND_PHONE
    return send_code(purpose=purpose, phone=phone, user_id=user_id, bound_to=_bound_to(user_id))


def change_phone(*, user_id: int, device_id: str, session_id: int, phone: str, code: str, grant: str) -> User:
    """
    Another number in place of the bound one. The step-up proves the old one, the code the new one.

    All other sessions end and no money leaves for a day. Changing to the bound number changes nothing.

    :raises PhoneNotBound: there is nothing to change
    :raises StepUpRequired: with the challenge; see `authorise` for its kin
    :raises CodeRefused: the new number is not proven; the step-up is still good
    :raises PhoneAlreadyBound: the new number belongs to another user
    """
    phone = normalise_phone(phone)
    user = User.objects.select_related("personal_key").get(pk=user_id)
    if user.phone_index is None:
        raise PhoneNotBound
    if bytes(user.phone_index) in indexes_of_phone(phone):
        return user
    # What is kept of the operation must not show the number.
    facts = {"phone": blind_index(phone, purpose="phone change").hex(), "payee": mask_phone(phone)}
    operation = Operation(kind=OperationKind.PHONE_CHANGE, facts=facts)
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    prove_new_phone(user_id=user_id, phone=phone, code=code)
    return _change(leave, session_id=session_id, phone=phone, now=clock.now())


def prove_new_phone(*, user_id: int, phone: str, code: str) -> None:
    """
    :raises CodeRefused: wrong, spent, over, or not sent for this user's change
    """
    spend_code(purpose=CodePurpose.CHANGE_PHONE, phone=phone, code=code, bound_to=_bound_to(user_id))


def replace_phone(
    *, user: User, phone: str, by_staff: bool, keep_session_id: int | None, now: datetime
) -> None:
    """
    What every change does, in the caller's transaction and on the user's locked row.

    :raises PhoneAlreadyBound: the new number belongs to another user
    """
    require_transaction()
    change = PhoneChange(user=user, changed_at=now, by_staff=by_staff)
    old_masked = user.phone_masked
    if old_phone := user.phone:
        change.seal_old_phone(old_phone)
    give_phone(user=user, phone=phone, at=now)
    if old_phone:
        change.save()
        after_commit("accounts.tell_of_phone_change", change_id=change.pk)
    cool_withdrawals(user_id=user.pk, reason=CoolReason.PHONE_CHANGED, now=now)
    revoke_sessions_of(user_id=user.pk, reason=RevokeReason.PHONE_CHANGED, keep_session_id=keep_session_id)
    record_audit(
        action="accounts.phone.changed",
        subject=f"user:{user.pk}",
        facts={"from": old_masked, "to": user.phone_masked, "by_staff": by_staff},
    )
    publish(PhoneChanged(user_id=user.pk))
    transaction.on_commit(lambda: forget_access(access_hashes_of(user.pk)))


def tell_of_phone_change(*, change_id: int) -> None:
    """
    One text message to the old number, where its owner may still be; all other notices go to whoever holds
    the bound one. One that may have left is not sent again.

    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    change = PhoneChange.objects.select_related("user__personal_key").get(pk=change_id)
    old_phone, new_phone = change.old_phone, change.user.phone_masked
    if old_phone is None or new_phone is None:
        return
    send_notice(to=old_phone, template="phone_changed", at=change.changed_at, phone=new_phone)


def _bound_to(user_id: int) -> str:
    return f"user:{user_id}"


def _proven_phone(code: str) -> str:
    try:
        return normalise_phone(wechat.phone_number(code))
    except wechat.PhoneCodeRefused:
        raise PhoneCodeRefused from None
    except wechat.WeChatSilent as error:
        raise WeChatUnavailable from error
    except NotAPhone:
        # A landline, say. Another authorisation with another number may do.
        logger.warning("accounts.phone.not_a_phone")
        raise PhoneCodeRefused from None


def _bind(*, user_id: int, phone: str, now: datetime) -> User:
    try:
        user = _bind_once(user_id=user_id, phone=phone, now=now)
    except CannotMerge:
        raise PhoneAlreadyBound from None
    forget_access(access_hashes_of(user.pk))  # what is remembered of them says "no phone"
    return user


@retry_conflicts
def _bind_once(*, user_id: int, phone: str, now: datetime) -> User:
    with transaction.atomic(durable=True):
        owned = User.objects.filter(phone_index__in=indexes_of_phone(phone)).exclude(pk=user_id)
        if (owner_id := owned.values_list("pk", flat=True).first()) is not None:
            lock_rows(User, ids=[user_id, owner_id])
            if owned.filter(pk=owner_id).exists():  # or it has just been given up, and proves nothing of them
                return merge_accounts(user_id, owner_id, now=now)
        user = lock_user(user_id)
        if user.phone_index is not None:
            if bytes(user.phone_index) in indexes_of_phone(phone):
                return user
            raise PhoneChangeNeeded
        give_phone(user=user, phone=phone, at=now)
        record_audit(
            action="accounts.phone.bound", subject=f"user:{user.pk}", facts={"phone": user.phone_masked}
        )
        publish(PhoneBound(user_id=user.pk))
    return user


@retry_conflicts
def _change(leave: Authorisation, *, session_id: int, phone: str, now: datetime) -> User:
    with transaction.atomic(durable=True):
        user = lock_user(leave.user_id)
        spend_authorisation(leave)
        replace_phone(user=user, phone=phone, by_staff=False, keep_session_id=session_id, now=now)
    return user
