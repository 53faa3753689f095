"""Bind a phone."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.errors import PhoneChangeRefused, PhoneCodeRefused, WeChatUnavailable
from accounts.events import PhoneBound
from accounts.gateways import wechat
from accounts.models import User
from accounts.models.users import indexes_of_phone
from accounts.rules.phones import NotAPhone, normalise_phone
from accounts.services.phone_ownership import give_phone
from accounts.services.sessions import access_hashes_of, forget_access
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish

logger = logging.getLogger(__name__)


def bind_phone(*, user_id: int, code: str) -> User:
    """
    Bind the number that WeChat vouches for. Binding the same number again changes nothing.

    :raises PhoneCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises PhoneAlreadyBound: the number belongs to another user
    :raises PhoneChangeRefused: this user has another number
    """
    user = _bind(user_id=user_id, phone=_proven_phone(code), now=clock.now())
    forget_access(access_hashes_of(user_id))  # what is remembered of them says "no phone"
    return user


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


@retry_conflicts
def _bind(*, user_id: int, phone: str, now: datetime) -> User:
    with transaction.atomic(durable=True):
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if user.phone_index is not None:
            if bytes(user.phone_index) in indexes_of_phone(phone):
                return user
            raise PhoneChangeRefused
        give_phone(user=user, phone=phone, at=now)
        record_audit(
            action="accounts.phone.bound", subject=f"user:{user.pk}", facts={"phone": user.phone_masked}
        )
        publish(PhoneBound(user_id=user.pk))
    return user
