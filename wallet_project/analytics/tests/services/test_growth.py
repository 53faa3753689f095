"""What is given away and what it brings, as whoever asks the tables in SQL finds it."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import User
from coupons.models import Channel, ChannelCost, Coupon, Exposure, Touch
from coupons.models.channels import ChannelKind
from coupons.services.coupons import issue_coupon
from coupons.tests.audiences import experiment
from coupons.tests.campaigns import campaign, promise
from coupons.tests.offers import template
from coupons.tests.points import buy, give, has_grown, person, send_back, spend
from coupons.tests.referrals import has_referrals
from wallet_project.analytics.selectors.cuts import cut_names
from wallet_project.analytics.selectors.series import by_part, ratio, total
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

# code: what is summed, of which rows, of which of them, and by which moment of theirs.
WANTED = {
    "coupons_issued": ("1", "coupons_coupon", "true", "issued_at"),
    "coupons_claimed": (
        "1",
        "coupons_coupon",
        "template_id IN (SELECT id FROM coupons_coupontemplate WHERE giving IN ('CLAIM', 'CODE'))",
        "issued_at",
    ),
    "coupons_used": ("1", "coupons_coupon", "state = 'REDEEMED'", "ended_at"),
    "coupons_expired": ("1", "coupons_coupon", "state = 'EXPIRED'", "ended_at"),
    "coupons_worth": ("worth", "coupons_coupon", "true", "ended_at"),
    "campaign_rewards": ("1", "coupons_reward", "campaign_id IS NOT NULL", "created_at"),
    "campaign_cost": ("amount", "coupons_reward", "campaign_id IS NOT NULL", "created_at"),
    "campaign_sales": (
        "own - returned_own",
        "coupons_purchase",
        "reference IN (SELECT reference FROM coupons_reward WHERE campaign_id IS NOT NULL)",
        "paid_at",
    ),
    "referrals": ("1", "coupons_referral", "true", "bound_at"),
    "referral_steps": ("1", "coupons_referralstep", "true", "reached_at"),
    "points_earned": ("points", "coupons_pointsentry", "kind = 'EARNED'", "at"),
    "points_spent": ("-points", "coupons_pointsentry", "kind IN ('SPENT', 'RETURNED')", "at"),
    "points_outstanding": ("pending + active + reserved", "coupons_pointsaccount", "true", "now()"),
    "members": ("1", "accounts_user", "status = 'ACTIVE' AND NOT is_staff", "now()"),
    "channel_visits": ("1", "coupons_touch", "true", "at"),
}
_SUM = """
    SELECT coalesce(sum({what}), 0) FROM {rows}
    WHERE {which} AND ({moment} AT TIME ZONE 'Asia/Shanghai')::date = '{day}'"""


def asked(what: str, rows: str, which: str, moment: str, *, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SUM.format(what=what, rows=rows, which=which, moment=moment, day=day))
        return int(cursor.fetchone()[0])


def test_every_number_is_what_the_tables_say():
    today, mark = clock.business_day(clock.now()), uuid.uuid4().hex[:10]
    somebody, made = person(), campaign()
    offer, gift = template(per_person=None), template(per_person=None, giving="GRANT")
    for number, each in enumerate((offer, offer, offer, gift)):
        issue_coupon(template_id=each.pk, user_id=somebody.pk, source=f"t:{mark}:{number}")
    used, expired, *_left = Coupon.objects.filter(user=somebody).order_by("pk")
    ends = {"ended_at": clock.now()}
    Coupon.objects.filter(pk=used.pk).update(state="REDEEMED", reference="O1", worth=300, **ends)
    Coupon.objects.filter(pk=expired.pk).update(state="EXPIRED", **ends)
    twice, once = buy(somebody, 4_000), buy(somebody, 2_500)
    for reward in (
        promise(somebody, 500, campaign=made, reference=twice.reference),
        promise(somebody, 100, campaign=campaign(name="春日"), reference=twice.reference),
        promise(somebody, 250, campaign=made, reference=once.reference),
    ):
        assert reward
    send_back(once, 1_000)
    give(somebody, active=900)
    spend(somebody, 300)
    has_grown(somebody, mark)
    has_referrals(somebody, mark)
    channel = Channel.objects.create(code=f"Z{mark}".upper(), name="电梯海报", kind=ChannelKind.ADS)
    Touch.objects.create(user=somebody, channel=channel, day=today, at=clock.now())

    roll_up(day=today)

    found = {code: total(code, today, today) for code in WANTED}
    assert found == {code: asked(*row, day=today) for code, row in WANTED.items()}
    assert all(found.values()), found
    assert by_part("coupons_used", "template", today, today)[f"template:{offer.pk}"] == 1
    assert by_part("campaign_sales", "campaign", today, today)[f"campaign:{made.pk}"] == 5_500
    assert by_part("members", "tier", today, today)["tier:gold"] >= 1
    assert total("campaign_cost", today, today, f"campaign:{made.pk}") == 750
    assert ratio("campaign_return", today, today, f"campaign:{made.pk}") == Decimal(5_500) / 750


def test_the_days_of_a_channel_are_its_month_and_what_it_brought_is_over_what_it_cost():
    today = clock.business_day(clock.now())
    channel = Channel.objects.create(
        code=f"Q{uuid.uuid4().hex[:9]}".upper(), name="传单", kind=ChannelKind.ADS
    )
    days = (clock.borders_of(f"{today:%Y-%m}")[1] - clock.borders_of(f"{today:%Y-%m}")[0]).days
    ChannelCost.objects.create(channel=channel, month=f"{today:%Y-%m}", amount=100 * days)
    buyer, now = person(), clock.now()
    Touch.objects.create(user=buyer, channel=channel, day=today, at=now - timedelta(minutes=5))
    buy(buyer, 250, at=now)

    roll_up(day=today)

    cut = f"channel:{channel.code}"
    assert by_part("channel_cost", "channel", today, today)[cut] == 100
    assert total("channel_first_buyers", today, today, cut) == 1
    assert ratio("channel_return", today, today, cut) == Decimal("2.5")
    assert cut_names("channel", [cut, "channel:GONE"]) == {cut: "传单", "channel:GONE": "GONE"}


def test_a_tier_left_since_is_still_the_tier_of_then():
    today = clock.business_day(clock.now())
    yesterday = today - timedelta(days=1)
    roll_up(day=yesterday)
    before = by_part("members", "tier", yesterday, yesterday)

    has_grown(person(), uuid.uuid4().hex[:8])
    roll_up(day=yesterday)
    roll_up(day=today)

    assert by_part("members", "tier", yesterday, yesterday) == before
    assert total("tier_ups", today, today) >= 1


def test_an_experiment_says_what_it_brought_beyond_those_held_out():
    """A hundred each: those held out spend 10 yuan or nothing, the others 20 or nothing."""
    today, now = clock.business_day(clock.now()), clock.now()
    ran = experiment(
        key=f"x{uuid.uuid4().hex[:8]}", window_days=1, state="RUNNING", started_at=now - timedelta(days=3)
    )
    mark = uuid.uuid4().hex[:8]
    people = User.objects.bulk_create(User(username=f"x{mark}{number}") for number in range(200))
    since = now - timedelta(days=2)
    Exposure.objects.bulk_create(
        Exposure(experiment=ran, user=each, arm="A" if number % 2 else "holdout", since=since)
        for number, each in enumerate(people)
    )
    for number, each in enumerate(people[:40]):
        buy(each, 2_000 if number % 2 else 1_000, at=since + timedelta(hours=1))

    roll_up(day=today)

    cut = f"experiment:{ran.pk}"
    assert total("experiment_expected", today, today, cut) == 20 * 1_000
    assert total("experiment_gain", today, today, cut) == 20 * 1_000
    assert ratio("experiment_lift", today, today, cut) == 1
