"""What promotions with partners cost now, what partners owe us, and their month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from coupons.models import Partner, PartnerPayment, PartnerShare
from wallet_project.kit import clock
from wallet_project.kit.money import Fen, yuan


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What something costs now, and what of it was shared before, in so many steps."""

    promotion_id: int
    share: int
    source: str
    reference: str
    cost: int
    shared_cost: int
    shared_due: int
    steps: int


# A coupon costs what it took off, without its part of what was refunded; a reward what is
# left of it or owed. What a redemption took off and gave back is no purchase, so rules.purchases.left_of says
# nothing of it; it is said here alone, where all coupons are compared at once. A coupon that was given as a
# reward costs when it is used. After its end a promotion shares nothing new, and what is returned all the
# same.
_CHANGED = """
    WITH cost AS (
        SELECT j.id, j.share, j.state, 'coupon:' || r.coupon_id || ':' || d.reference AS source, d.reference,
               r.off * (d.off - d.off_returned) / d.off AS cost
        FROM coupons_jointpromotion AS j
        JOIN coupons_coupon AS c ON c.template_id = j.template_id
        JOIN coupons_redeemedcoupon AS r ON r.coupon_id = c.id AND r.off > 0
        JOIN coupons_redemption AS d ON d.id = r.redemption_id AND d.state = 'REDEEMED' AND d.off > 0
        WHERE j.state <> 'DRAFT' AND d.ended_at >= j.starts_at
          AND (j.ends_at IS NULL OR d.ended_at < j.ends_at)
        UNION ALL
        SELECT j.id, j.share, j.state, 'reward:' || w.id, w.reference, w.amount + w.owed
        FROM coupons_jointpromotion AS j
        JOIN coupons_reward AS w ON w.campaign_id = j.campaign_id AND w.kind <> 'COUPON'
        WHERE j.state <> 'DRAFT' AND w.given_at >= j.starts_at
          AND (j.ends_at IS NULL OR w.given_at < j.ends_at)
    ), shared AS (
        SELECT promotion_id, source, sum(cost) AS cost, sum(due) AS due, count(*) AS steps
        FROM coupons_partnershare GROUP BY promotion_id, source
    )
    SELECT c.id, c.share, c.source, c.reference, c.cost,
           coalesce(s.cost, 0), coalesce(s.due, 0), coalesce(s.steps, 0)
    FROM cost AS c LEFT JOIN shared AS s ON s.promotion_id = c.id AND s.source = c.source
    WHERE c.cost <> coalesce(s.cost, 0)
      AND (s.steps IS NOT NULL OR c.state = 'LIVE' AND NOT EXISTS (
          SELECT FROM coupons_partnershare AS other WHERE other.source = c.source))
    ORDER BY c.source LIMIT %s"""


def changed_costs(*, most: int) -> list[Changed]:
    """Whose cost is not what was shared, at most so many."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [most])
        return [
            Changed(
                promotion_id=promotion_id,
                share=share,
                source=source,
                reference=reference,
                cost=int(cost),
                shared_cost=int(shared_cost),
                shared_due=int(shared_due),
                steps=steps,
            )
            for promotion_id, share, source, reference, cost, shared_cost, shared_due, steps in cursor
        ]


def with_owed(partners: QuerySet[Partner]) -> QuerySet[Any]:
    """Each with `owed`, fen: their shares without what they have paid."""
    due = PartnerShare.objects.filter(promotion__partner=OuterRef("pk")).values("promotion__partner")
    paid = PartnerPayment.objects.filter(partner=OuterRef("pk")).values("partner")
    return partners.annotate(
        owed=Coalesce(Subquery(due.annotate(all=Sum("due")).values("all")), 0)
        - Coalesce(Subquery(paid.annotate(all=Sum("amount")).values("all")), 0)
    )


def owed_by(partner: Partner) -> Fen:
    owed: int = with_owed(Partner.objects.filter(pk=partner.pk)).values_list("owed", flat=True).get()
    return Fen(owed)


@dataclass(frozen=True, kw_only=True)
class PartnerMonth:
    """
    What a partner bears of a month: `lines` are time, promotion, number, cost and share; both sums in fen.
    The checksum is of what stands there: two papers with the same one say the same.
    """

    partner: Partner
    month: str
    lines: Sequence[tuple[datetime, str, str, int, int]]

    @property
    def cost(self) -> int:
        return sum(line[3] for line in self.lines)

    @property
    def due(self) -> int:
        return sum(line[4] for line in self.lines)

    @property
    def checksum(self) -> str:
        head = f"{self.partner.name}|{self.partner.contract}|{self.month}"
        rows = (
            f"{clock.iso(at)}|{promotion}|{number}|{cost}|{due}"
            for at, promotion, number, cost, due in self.lines
        )
        return sha256("\n".join([head, *rows]).encode()).hexdigest()

    @property
    def words(self) -> dict[str, str]:
        return {
            "合作方": self.partner.name,
            "合同编号": self.partner.contract,
            "账期": self.month,
            "促销成本（元）": yuan(self.cost),
            "合作方承担（元）": yuan(self.due),
        }


def month_of(partner: Partner, *, month: str) -> PartnerMonth:
    begins, ends = clock.borders_of(month)
    shares = PartnerShare.objects.filter(promotion__partner=partner, at__gte=begins, at__lt=ends)
    found = shares.select_related("promotion__template", "promotion__campaign").order_by("at", "pk")
    lines = [
        (
            share.at,
            str(share.promotion.template or share.promotion.campaign),
            share.reference or share.source,
            share.cost,
            share.due,
        )
        for share in found
    ]
    return PartnerMonth(partner=partner, month=month, lines=lines)
