"""What keeps somebody from leaving."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User, UserStatus
from accounts.rules.closures import Blocker


def blockers_of(user_id: int) -> list[Blocker]:
    """Whatever any app has against closing this account, in the order of settings.CLOSURE_BLOCKERS."""
    return [blocker for path in settings.CLOSURE_BLOCKERS for blocker in import_string(path)(user_id)]


def closure_blockers(user_id: int) -> list[Blocker]:
    """Our own: a frozen account waits until somebody has looked at it."""
    if not User.objects.filter(pk=user_id, status=UserStatus.FROZEN).exists():
        return []
    return [
        Blocker(
            code="ACCOUNT_FROZEN",
            title=_("账户已被冻结"),
            how=_("请先联系客服解除冻结"),
            where="/api/v1/me",
        )
    ]
