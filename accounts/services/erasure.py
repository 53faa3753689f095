"""What is left of a person who has gone: an empty row that orders and the ledger point to."""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.events import AccountClosed
from accounts.models import (
    Device,
    PaymentPin,
    PhoneChangeRequest,
    RevokeReason,
    User,
    UserStatus,
    WeChatIdentity,
)
from accounts.models.phones import PhoneRequestState
from accounts.models.users import pseudonym_of_openid
from accounts.rules.kyc import DecisionReason
from accounts.services.kyc_decisions import end_live_application
from accounts.services.kyc_levels import archive_real_name, hold_level
from accounts.services.personal_keys import destroy_personal_key
from accounts.services.sessions import revoke_sessions_of
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen

NICKNAME = "已注销用户"


def end_account(user: User, *, gives_up: Fen, now: datetime) -> None:
    """
    Close a locked user's account everywhere (settings.CLOSURE_STEPS), and take out of their row whatever
    identifies them. `gives_up` is what they agreed to lose.

    Their sessions end, their phone, WeChat and ID number are free for a new account, and with the personal
    key goes whatever was sealed with it, wherever it is stored; what the law wants of a real name is archived
    before. Must be called in the transaction that decided so.

    :raises DomainError: a step refuses; nothing may be committed then
    """
    require_transaction()
    hold_level(user.pk)  # as whoever moves money does, before the accounts of the wallet
    for path in settings.CLOSURE_STEPS:
        import_string(path)(user_id=user.pk, gives_up=gives_up)
    revoke_sessions_of(user_id=user.pk, reason=RevokeReason.CLOSED)
    for identity in WeChatIdentity.objects.filter(user=user, detached_at=None):
        identity.openid, identity.unionid = pseudonym_of_openid(identity.openid, user_id=user.pk), ""
        identity.detached_at = now
        identity.save(update_fields=["openid", "unionid", "detached_at"])
    end_live_application(user_id=user.pk, reason=DecisionReason.ACCOUNT_CLOSED)
    archive_real_name(user_id=user.pk)
    asked = PhoneChangeRequest.objects.filter(user=user, state=PhoneRequestState.OPEN)
    asked.update(state=PhoneRequestState.WITHDRAWN, ended_at=now)
    Device.objects.filter(user=user).update(name="")
    PaymentPin.objects.filter(user=user).delete()
    user.nickname, user.status = NICKNAME, UserStatus.CLOSED
    user.phone_sealed = user.phone_index = user.phone_bound_at = None
    user.save(update_fields=["nickname", "status", "phone_sealed", "phone_index", "phone_bound_at"])
    destroy_personal_key(user_id=user.pk, now=now)
    publish(AccountClosed(user_id=user.pk))
