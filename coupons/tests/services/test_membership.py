"""People grow by what they do, stand where it makes them stand, and keep nothing that they sent back."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models import F

from accounts.events import KycLevelChanged, PhoneBound
from coupons.errors import TierUnknown
from coupons.models import Coupon, GrowthEntry, Membership, MembershipChange, MembershipTier
from coupons.rules.membership import GrowthEvent
from coupons.selectors.membership import standing_of, tier_of
from coupons.services.growth import grow, grow_by_purchase, shrink_by_return
from coupons.services.membership import end_membership, give_tier, review_memberships
from coupons.services.membership_coupons import give_monthly_coupons
from coupons.tests.offers import people, template
from coupons.tests.points import buy, in_transaction, points, rule, send_back
from wallet.models import CustomerStanding
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def user():
    return people(1)[0]


@pytest.fixture(autouse=True)
def now(db):
    MembershipTier.objects.filter(threshold__gt=0).update(fee_tier=F("code"))
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def log(user):
    return list(MembershipChange.objects.filter(user=user).order_by("pk").values_list("cause", "after"))


def privileges(user):
    return CustomerStanding.objects.filter(pk=user.pk).values_list("fee_tier", "limit_uplift").first()


def told(name):
    return StoredEvent.objects.filter(name=name).count()


def test_the_purchase_that_crosses_the_line_raises_the_tier_at_once(user, outbox):
    buy(user, 2_999_99, given=500_00)
    outbox.deliver()
    assert (tier_of(user.pk).code, privileges(user)) == ("silver", ("silver", 0))

    buy(user, 1_00)
    outbox.deliver()

    membership = Membership.objects.get(pk=user.pk)
    assert (membership.tier, membership.value, str(membership.protected_until)) == (
        "gold",
        3_000,
        "2027-03-01",
    )
    assert privileges(user) == ("gold", 2_000)
    assert log(user) == [("EARNED", "silver"), ("EARNED", "gold")]
    assert told("coupons.membership.changed") == 2


def test_what_is_sent_back_is_taken_back_exactly_and_with_it_the_tier(user, outbox):
    buy(user, 400_00)
    purchase = buy(user, 700_50)
    outbox.deliver()
    for part in (50, 333_33):
        send_back(purchase, part)
    outbox.deliver()
    assert (tier_of(user.pk).code, standing_of(user.pk, at=NOON).value) == ("member", 400 + 366)

    send_back(purchase, 366_67)
    outbox.deliver()

    assert standing_of(user.pk, at=NOON).value == 400
    assert log(user) == [("EARNED", "silver"), ("RETURNED", "member")]
    assert privileges(user) is None


def test_a_return_that_is_heard_of_first_or_twice_counts_once(user):
    purchase = buy(user, 100_00)
    send_back(purchase, 40_00)
    for listener in (shrink_by_return, grow_by_purchase, shrink_by_return, grow_by_purchase):
        in_transaction(listener, reference=purchase.reference)

    assert standing_of(user.pk, at=NOON).value == 60


def test_first_times_count_once_and_days_each(user, outbox):
    for event in (
        PhoneBound(user_id=user.pk),
        PhoneBound(user_id=user.pk),
        KycLevelChanged(user_id=user.pk, old_level=1, new_level=2, reason="VERIFIED"),
    ):
        in_transaction(publish, event=event)
    outbox.deliver()
    for day in ("1", "1", "2"):
        in_transaction(grow, user_id=user.pk, event=GrowthEvent.CHECK_IN, occasion=day)
    in_transaction(grow, user_id=user.pk, event=GrowthEvent.REGISTERED)  # by no rule

    assert sorted(GrowthEntry.objects.filter(user=user).values_list("event", "value")) == [
        ("CHECK_IN", 1),
        ("CHECK_IN", 1),
        ("PHONE_BOUND", 20),
        ("REAL_NAME", 50),
    ]


def test_a_tier_ends_after_its_protection_with_notice_and_a_grace(user, outbox, now):
    buy(user, 1_000_00)
    outbox.deliver()
    assert standing_of(user.pk, at=NOON).value_ending == 1_000

    now.move_to(datetime(2027, 11, 1, 0, 10, tzinfo=clock.SHANGHAI))
    assert review_memberships() == 1
    assert review_memberships() == 0
    standing = standing_of(user.pk, at=clock.now())
    assert (standing.tier.code, standing.value, str(standing.grace_until)) == ("silver", 0, "2027-12-01")
    assert (privileges(user), told("coupons.membership.ending")) == (("silver", 0), 1)

    now.move_to(datetime(2027, 11, 30, 0, 10, tzinfo=clock.SHANGHAI))
    assert review_memberships() == 0
    now.move_to(datetime(2027, 12, 1, 0, 10, tzinfo=clock.SHANGHAI))
    assert review_memberships() == 1

    assert tier_of(user.pk).code == "member"
    assert privileges(user) is None
    assert log(user) == [("EARNED", "silver"), ("ENDING", "silver"), ("ENDED", "member")]


def test_growing_within_the_grace_keeps_the_tier(user, outbox, now):
    buy(user, 1_000_00)
    outbox.deliver()
    now.move_to(datetime(2027, 11, 1, 0, 10, tzinfo=clock.SHANGHAI))
    review_memberships()

    buy(user, 1_000_00)
    outbox.deliver()

    assert standing_of(user.pk, at=clock.now()).grace_until is None
    assert log(user)[-1] == ("KEPT", "silver")


def test_a_new_version_of_a_tier_counts_for_everybody_from_the_next_night(user, outbox, now):
    buy(user, 2_000_00)
    outbox.deliver()
    MembershipTier.objects.filter(code="gold").update(threshold=1_500, live_at=NOON, fee_tier="golden")

    now.move_to(NOON + timedelta(hours=13))
    review_memberships()

    assert (tier_of(user.pk).code, privileges(user)) == ("gold", ("golden", 2_000))


def test_two_people_give_a_tier_and_it_is_protected(user, now):
    decided = {"user_id": user.pk, "months": 2, "reason": "老顾客关怀", "maker_id": 1, "checker_id": 2}
    with pytest.raises(TierUnknown):
        in_transaction(give_tier, tier="platinum", **decided)
    assert not MembershipChange.objects.exists()

    in_transaction(give_tier, tier="gold", **decided)
    now.move_to(datetime(2027, 1, 2, tzinfo=clock.SHANGHAI))
    review_memberships()

    change = MembershipChange.objects.get(user=user)
    assert (change.cause, change.reason, change.maker_id, change.checker_id) == (
        "BY_HAND",
        "老顾客关怀",
        1,
        2,
    )
    assert (tier_of(user.pk).code, privileges(user)) == ("gold", ("gold", 2_000))


def test_a_tier_gives_its_coupon_once_a_month(user, outbox, now):
    offer = template(per_person=None)
    MembershipTier.objects.filter(code="silver").update(template=offer)
    others = people(2)
    buy(user, 1_000_00)
    buy(others[0], 999_00)
    outbox.deliver()

    assert [give_monthly_coupons() for _again in range(2)] == [1, 0]
    now.move_to(datetime(2026, 12, 1, 9, tzinfo=clock.SHANGHAI))
    assert give_monthly_coupons() == 1

    assert set(Coupon.objects.values_list("user", flat=True)) == {user.pk}
    assert Coupon.objects.count() == 2


def test_a_tier_earns_points_at_its_rate(user, outbox):
    rule(rate=100)
    in_transaction(give_tier, user_id=user.pk, tier="gold", months=1, reason="试", maker_id=1, checker_id=2)
    purchase = buy(user, 10_00)
    outbox.deliver()
    assert points(user)[0] == 12

    send_back(purchase, 10_00)
    outbox.deliver()
    assert points(user)[0] == 0


def test_where_somebody_stands_is_few_questions(user, django_assert_num_queries):
    with django_assert_num_queries(1):
        tier_of(user.pk)
    with django_assert_num_queries(3):
        standing_of(user.pk, at=NOON)


def test_nobody_gives_a_tier_alone(user):
    with pytest.raises(Exception, match="nobody_gives_a_tier_alone"), transaction.atomic():
        give_tier(user_id=user.pk, tier="gold", months=1, reason="试", maker_id=1, checker_id=1)


def test_whoever_leaves_takes_their_membership_along(user, outbox):
    buy(user, 3_000_00)
    outbox.deliver()

    in_transaction(end_membership, user_id=user.pk)

    assert not Membership.objects.filter(pk=user.pk).exists()
    assert not GrowthEntry.objects.filter(user=user).exists()
    assert (privileges(user), tier_of(user.pk).code) == (None, "member")
