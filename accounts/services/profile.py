"""Change how one is called."""

from django.db import transaction

from accounts.errors import NicknameRefused
from accounts.models import User
from accounts.rules.nicknames import NotANickname, normalise_nickname
from accounts.selectors.users import profile_of
from wallet_project.audit.services import record_audit


def change_nickname(*, user_id: int, nickname: str) -> User:
    """
    :raises NicknameRefused: nobody could read it, or it looks like one of ours
    """
    try:
        name = normalise_nickname(nickname)
    except NotANickname as refusal:
        raise NicknameRefused(reason=refusal.reason) from None
    with transaction.atomic(durable=True):
        User.objects.filter(pk=user_id).update(nickname=name)
        record_audit(action="accounts.nickname.changed", subject=f"user:{user_id}", facts={})
    return profile_of(user_id)
