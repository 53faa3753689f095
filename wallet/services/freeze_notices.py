"""An owner hears at once that their wallet was stopped, why, and that it goes on."""

from datetime import datetime
from typing import Final

from accounts.models import User
from wallet.rules.freezes import FreezeCause, FreezeScope
from wallet_project.kit.sms.sending import send_notice

_STOPPED: Final = {FreezeScope.OUT: "支出", FreezeScope.IN: "收入", FreezeScope.ALL: "收支"}


def tell_of_stopped_wallet(*, user_id: int, at: datetime, scope: FreezeScope, cause: FreezeCause) -> None:
    """
    One text message to the bound phone, if there is one.

    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    if phone := _phone_of(user_id):
        send_notice(to=phone, template="wallet_stopped", at=at, scope=_STOPPED[scope], cause=str(cause.label))


def tell_of_released_wallet(*, user_id: int, at: datetime) -> None:
    """
    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    if phone := _phone_of(user_id):
        send_notice(to=phone, template="wallet_released", at=at)


def _phone_of(user_id: int) -> str | None:
    return User.objects.select_related("personal_key").get(pk=user_id).phone
