"""Templates and coupons for tests."""

from datetime import timedelta

from django.db import connection

from accounts.models import User
from coupons.models import CodeBatch, CouponGrant, CouponStock, CouponTemplate, Redemption
from coupons.rules.offers import CouponKind
from coupons.rules.redemptions import RedemptionState
from coupons.services.coupons import issue_coupon
from coupons.services.sentences import COUPONS
from wallet.models import LedgerAccount
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock

DAY = timedelta(days=1)


def template(**terms):
    """On offer since yesterday, as two people put it there: ¥5 off from ¥20, one each, for 30 days."""
    now = clock.now()
    said = {
        "name": "满 20 减 5",
        "kind": CouponKind.AMOUNT,
        "amount": 5_00,
        "threshold": 20_00,
        "offered_from": now - DAY,
        "offered_until": now + 30 * DAY,
        "state": AgreedState.LIVE,
        **terms,
    }
    if "valid_from" not in said:
        said.setdefault("valid_days", 30)
    made = CouponTemplate.objects.create(**said)
    if made.stock and made.state == AgreedState.LIVE:
        CouponStock.objects.create(template=made, total=made.stock)
    return made


def people(count):
    return User.objects.bulk_create(User() for _ in range(count))


def owed():
    """What the ledger says that we owe in coupons, in fen."""
    return sum(LedgerAccount.objects.filter(code="coupon_liability").values_list("balance", flat=True))


def untrue():
    """What of the nightly sentences is not true: name → subjects."""
    found = {}
    for sentence in COUPONS:
        with connection.cursor() as cursor:
            cursor.execute(sentence.broken)
            found[sentence.name] = [str(subject) for (subject,) in cursor.fetchall()]
    return {name: subjects for name, subjects in found.items() if subjects}


def has_coupons(user, mark):
    """A coupon of a grant, codes that nobody has taken away, and discounts that came to nothing."""
    now, offer = clock.now(), template(stock=100, giving="GRANT", per_person=None)
    decided = {"template": offer, "reason": "老顾客回馈", "maker_id": user.pk, "created_at": now}
    grant = CouponGrant.objects.create(number=f"L{mark}", user_ids=[user.pk], **decided)
    issue_coupon(template_id=offer.pk, user_id=user.pk, source=f"grant:{mark}", reference=grant.number)
    CodeBatch.objects.create(number=f"M{mark}", count=100, checker_id=user.pk + 1, **decided)
    unused = {"state": RedemptionState.RELEASED, "reserved_at": now, "ended_at": now}
    Redemption.objects.create(reference=f"P{mark}", user=user, off=5_00, points=0, points_worth=0, **unused)
