"""What keeps somebody from leaving, and how far they have come."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.errors import ClosureNotBegun
from accounts.models import ClosureRequest, SaveOffer, User, UserStatus
from accounts.rules.closures import LIVE, Blocker, ClosureState


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


def live_closure(user_id: int) -> ClosureRequest | None:
    """The one that is neither over nor done, with its offer."""
    return ClosureRequest.objects.select_related("offer").filter(user=user_id, state__in=LIVE).first()


def require_live_closure(user_id: int) -> ClosureRequest:
    """
    :raises ClosureNotBegun: this user has not said that they want to leave
    """
    found = live_closure(user_id)
    if found is None:
        raise ClosureNotBegun
    return found


def closes_at(user_id: int) -> datetime | None:
    """When this account closes by itself if its owner does not change their mind."""
    cooling = ClosureRequest.objects.filter(user=user_id, state=ClosureState.COOLING)
    return cooling.values_list("due_at", flat=True).first()


def offer_for(reason: str) -> SaveOffer | None:
    return SaveOffer.objects.filter(reason=reason, is_active=True).first()


def due_closures(*, at: datetime) -> QuerySet[ClosureRequest]:
    """Those whose time to think again is over."""
    return ClosureRequest.objects.filter(state=ClosureState.COOLING, due_at__lte=at).order_by("due_at")
