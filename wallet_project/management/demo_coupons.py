"""The demo's coupons: for everybody, for new customers, for a fee, for cashback."""

from datetime import datetime, timedelta
from typing import Any

from coupons.models import CouponStock, CouponTemplate
from coupons.rules.offers import CouponKind
from wallet.rules.kinds import MoveKind
from wallet_project.approvals.agreed import AgreedState

_YEAR = timedelta(days=365)
TEMPLATES: list[dict[str, Any]] = [
    {
        "name": "满 30 减 5",
        "notes": "到店、商城都能用",
        "kind": CouponKind.AMOUNT,
        "amount": 5_00,
        "threshold": 30_00,
        "stock": 1_000,
        "per_person": 2,
        "valid_days": 30,
    },
    {
        "name": "新人八折",
        "notes": "第一次消费可用，最多减 20 元",
        "kind": CouponKind.PERCENT,
        "amount": 20_00,
        "rate": 2_000,
        "new_customers": True,
        "exclusive": True,
        "valid_days": 7,
    },
    {
        "name": "免提现手续费",
        "kind": CouponKind.FEE_FREE,
        "amount": 5_00,
        "kinds": [MoveKind.WITHDRAW],
        "valid_days": 30,
    },
    {
        "name": "周末返现 10%",
        "notes": "付款 7 天后到账，最多返 5 元",
        "kind": CouponKind.CASHBACK,
        "amount": 5_00,
        "rate": 1_000,
        "weekdays": [6, 7],
        "group": "返现",
        "per_person": 4,
        "valid_days": 30,
    },
]


def offer_coupons(*, since: datetime) -> None:
    """On offer at once, as if two people had agreed; harmless when repeated."""
    until = since + _YEAR
    for terms in TEMPLATES:
        offered = {"state": AgreedState.LIVE, "live_at": since, "offered_from": since, "offered_until": until}
        template, is_new = CouponTemplate.objects.get_or_create(
            name=terms["name"], defaults={**terms, **offered}
        )
        if is_new and template.stock:
            CouponStock.objects.create(template=template, total=template.stock)
