"""Staff give coupons to people they name: a few alone, more when another one agrees."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from coupons.errors import CouponNotOffered, CouponsGone, CouponTakenOften
from coupons.models import CouponGrant, CouponTemplate
from coupons.services.coupons import issue_coupon
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.serials import new_serial

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 5_000
_MAKERS = 0x6772616E << 32  # "gran", so that nobody else locks these numbers


def ask_grant(*, template_id: int, user_ids: Sequence[int], reason: str, maker_id: int) -> CouponGrant | None:
    """
    Give each of these people one coupon. Where all that the maker gave alone today would be above
    COUPON_GRANT_ALONE_MAX, a second person is asked, and the answer is None.

    :raises AlreadyProposed: a grant of this template is waiting already
    """
    template = CouponTemplate.objects.get(pk=template_id)
    whom = sorted(set(user_ids))
    with transaction.atomic():
        lock_number(_MAKERS + maker_id)
        if _given_alone(maker_id) + template.amount * len(whom) <= settings.COUPON_GRANT_ALONE_MAX:
            return open_grant(template_id=template_id, user_ids=whom, reason=reason, maker_id=maker_id)
    propose(
        kind="coupons.grant",
        subject=f"coupon_template:{template_id}",
        facts={
            "template_id": template_id,
            "template": template.name,
            "face": template.amount,
            "user_ids": whom,
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )
    return None


def open_grant(
    *,
    template_id: int,
    user_ids: Sequence[int],
    reason: str,
    maker_id: int,
    checker_id: int | None = None,
) -> CouponGrant:
    """It is decided: the coupons follow, one by one, after the transaction that says so."""
    require_transaction()
    now = clock.now()
    grant = CouponGrant.objects.create(
        number=new_serial("L", now),
        template_id=template_id,
        user_ids=list(user_ids),
        reason=reason,
        maker_id=maker_id,
        checker_id=checker_id,
        created_at=now,
    )
    record_audit(
        action="coupons.grant.decided",
        subject=f"coupon_grant:{grant.number}",
        facts={"template": template_id, "people": len(user_ids), "reason": reason},
    )
    after_commit("coupons.carry_out_grant", grant_id=grant.pk)
    return grant


def carry_out_grant(*, grant_id: int) -> int:
    """Give everybody their coupon; whoever may have none is passed over. Returns how many have theirs."""
    grant, given = CouponGrant.objects.get(pk=grant_id), 0
    for user_id in grant.user_ids:
        try:
            issue_coupon(
                template_id=grant.template_id,
                user_id=user_id,
                source=f"grant:{grant.number}:{user_id}",
                reference=grant.number,
            )
        except (CouponTakenOften, CouponsGone, CouponNotOffered) as refusal:
            logger.info("coupons.grant.refused", extra={"grant": grant.number, "code": refusal.code})
        else:
            given += 1
    return given


def _given_alone(maker_id: int) -> int:
    """The most that it may cost, in fen, what they gave since midnight without asking anybody."""
    alone = CouponGrant.objects.filter(
        maker_id=maker_id, checker_id=None, created_at__gte=clock.start_of_day(clock.now())
    )
    return sum(grant.template.amount * len(grant.user_ids) for grant in alone.select_related("template"))
