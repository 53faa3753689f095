"""Codes in bulk: agreed to by two, taken away once, and each worth one coupon."""

from collections.abc import Iterator

from django.db import transaction

from coupons.errors import CodesTakenAway, CodeUnknown, CodeUsed
from coupons.models import CodeBatch, Coupon, CouponCode, CouponTemplate
from coupons.rules.codes import as_meant, in_groups, new_code
from coupons.services.coupons import issue_coupon
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.crypto import token_hash
from wallet_project.kit.csv_text import csv_lines
from wallet_project.kit.db import require_transaction
from wallet_project.kit.serials import new_serial

MOST_AT_ONCE = 50_000
_ROWS_AT_ONCE = 1_000


def propose_codes(*, template_id: int, count: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person for so many codes of a template.

    :raises AlreadyProposed: somebody has asked for codes of it already
    """
    template = CouponTemplate.objects.get(pk=template_id)
    propose(
        kind="coupons.codes",
        subject=f"coupon_template:{template_id}",
        facts={
            "template_id": template_id,
            "template": template.name,
            "count": count,
            "face": template.amount,
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def open_batch(*, template_id: int, count: int, reason: str, maker_id: int, checker_id: int) -> CodeBatch:
    """So many codes may be made; in the transaction that approves it."""
    require_transaction()
    now = clock.now()
    batch = CodeBatch.objects.create(
        number=new_serial("M", now),
        template_id=template_id,
        count=count,
        reason=reason,
        maker_id=maker_id,
        checker_id=checker_id,
        created_at=now,
    )
    record_audit(
        action="coupons.codes.opened",
        subject=f"code_batch:{batch.number}",
        facts={"template": template_id, "count": count},
    )
    return batch


def take_codes_away(*, batch_id: int, staff_id: int) -> Iterator[str]:
    """
    Make a batch's codes, and hand them out as lines of CSV: once, for nobody can read them again.

    :raises CodesTakenAway: somebody has them
    """
    now = clock.now()
    codes: set[str] = set()
    with transaction.atomic():
        taken = CodeBatch.objects.filter(pk=batch_id, exported_at=None)
        if not taken.update(exported_at=now, exported_by=staff_id):
            raise CodesTakenAway
        batch = CodeBatch.objects.select_related("template").get(pk=batch_id)
        while len(codes) < batch.count:
            codes.add(new_code())
        CouponCode.objects.bulk_create(
            (CouponCode(batch=batch, code_hash=token_hash(code)) for code in codes),
            batch_size=_ROWS_AT_ONCE,
        )
        record_audit(
            action="coupons.codes.exported",
            subject=f"code_batch:{batch.number}",
            facts={"count": batch.count},
        )
    until = clock.in_words(batch.template.offered_until)
    return csv_lines(
        [
            ("优惠券", "兑换码", "兑换截止"),
            *((batch.template.name, in_groups(code), until) for code in sorted(codes)),
        ]
    )


def redeem_code(*, user_id: int, text: str) -> Coupon:
    """
    The coupon behind a code, for whoever brings it first; who brings theirs again gets the same answer.

    :raises CodeUnknown: we never made such a code
    :raises CodeUsed: somebody else was first
    :raises CouponNotOffered: its time is over, or has not begun
    :raises CouponsGone: there are fewer coupons than codes
    :raises CouponTakenOften: this person has had as many as anybody may
    """
    code = as_meant(text)
    found = code and CouponCode.objects.select_related("batch").filter(code_hash=token_hash(code)).first()
    if not found:
        raise CodeUnknown
    coupon = issue_coupon(
        template_id=found.batch.template_id,
        user_id=user_id,
        source=found.source,
        reference=found.batch.number,
    )
    if coupon.user_id != user_id:
        raise CodeUsed
    return coupon
