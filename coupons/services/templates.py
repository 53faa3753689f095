"""Templates: going live opens their stock, and two people may add to it."""

from typing import Any

from django.db.models import F

from coupons.models import CouponStock, CouponTemplate
from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import require_transaction


def put_on_offer(*, row_id: int, terms: dict[str, Any], reason: str) -> CouponTemplate:
    """
    What was approved can be had from now on, as many as there are; in the transaction that approves it.

    :raises StateConflict: it is not a draft any more
    :raises TermsChanged: it is not what was proposed any more
    """
    template = CouponTemplate.objects.get(
        pk=go_live(label=CouponTemplate._meta.label, row_id=row_id, terms=terms, reason=reason).pk
    )
    if template.stock:
        CouponStock.objects.create(template=template, total=template.stock)
    return template


def propose_more(*, template_id: int, more: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person for so many more of a template whose stock is limited.

    :raises AlreadyProposed: somebody has asked already
    """
    stock = CouponStock.objects.select_related("template").get(pk=template_id)
    propose(
        kind="coupons.more_stock",
        subject=f"coupon_template:{template_id}",
        facts={
            "template_id": template_id,
            "template": stock.template.name,
            "face": stock.template.amount,
            "more": more,
            "total": stock.total,
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def add_stock(*, template_id: int, more: int, reason: str) -> None:
    """There are so many more; in the transaction that approves it."""
    require_transaction()
    CouponStock.objects.filter(pk=template_id).update(total=F("total") + more)
    record_audit(
        action="coupons.stock.added",
        subject=f"coupon_template:{template_id}",
        facts={"more": more, "reason": reason},
    )
