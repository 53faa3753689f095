"""Let a member of staff see in clear what is masked: with a reason, so many times a day, never unseen."""

import logging

from django.conf import settings
from django.db import transaction

from accounts.errors import RevealsUsedUp
from accounts.models import Reveal
from accounts.rules.reveals import SPREE_WITHIN, oddities_of
from accounts.services.locks import lock_user
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def note_reveal(*, staff_id: int, user_id: int | None, what: str, reason: str, left_in: str = "") -> None:
    """
    Count and write down one look at `what` ("手机号") of a user, before it is shown. Whether this member of
    staff may look at all is the door's question (accounts.reveal_pii). Of somebody who is not known here,
    without a `user_id`, the trail says where they left it (`left_in`, "ticket:12").

    :raises RevealsUsedUp: they have seen enough for one day
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        lock_user(staff_id)
        looks = Reveal.objects.filter(staff_id=staff_id)
        if looks.filter(at__gte=clock.start_of_day(now)).count() >= settings.REVEALS_A_DAY:
            raise RevealsUsedUp(limit=settings.REVEALS_A_DAY)
        Reveal.objects.create(staff_id=staff_id, user_id=user_id, what=what, reason=reason, at=now)
        recent = looks.filter(at__gt=now - SPREE_WITHIN).count()
        odd = oddities_of(at=now.astimezone(clock.SHANGHAI), recent=recent)
        record_audit(
            action="accounts.pii.unmasked",
            subject=f"user:{user_id}" if user_id else left_in,
            facts={"what": what, "reason": reason, "odd": odd},
        )
    if odd:
        logger.warning("accounts.pii.odd", extra={"staff": staff_id, "odd": odd})
