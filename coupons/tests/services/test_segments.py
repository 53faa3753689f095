"""Audiences: found by one statement as a person would find them; who comes and leaves is counted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User, UserStatus
from accounts.rules.kyc import KycLevel
from accounts.tests.factories import with_level
from coupons.models import Channel, ChannelKind, Membership, SegmentMember, SegmentRefresh, Touch
from coupons.rules.segments import OF_LAST_DAYS, Comparison, Condition, Fact
from coupons.selectors.membership import tiers_in_force
from coupons.selectors.segments import count_who, is_in, people_who, segments_of, used_by
from coupons.services.segments import refresh_segment
from coupons.tests.audiences import segment
from coupons.tests.offers import template
from coupons.tests.points import buy, send_back
from wallet.services.wallets import open_wallet
from wallet.tests.factories import fill
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 28, 12, tzinfo=clock.SHANGHAI)


@dataclass
class Person:
    """What the oracle knows: purchases are (days ago, place, amount, own, returned)."""

    joined: date
    level: int = 0
    balance: int = 0
    bought: tuple = ()
    channels: tuple = ()
    tier: str = ""  # none: on the lowest


PEOPLE = [
    Person(joined=date(2026, 11, 1), tier="gold", channels=("KOL2",)),
    Person(joined=date(2026, 1, 31), level=1, balance=5_000, bought=((3, "store:a", 3_000, 3_000, 0),)),
    Person(
        joined=date(2025, 6, 1),
        level=2,
        balance=100,
        bought=((1, "store:a", 1_000, 600, 0), (40, "store:b", 9_000, 9_000, 4_000)),
    ),
    Person(joined=date(2025, 6, 2), bought=((5, "store:b", 2_000, 2_000, 2_000),)),
    Person(joined=date(2024, 1, 1), level=1, bought=((200, "shop:k", 20_000, 0, 0),) * 3),
]


def stored(person):
    user = User.objects.create()
    if person.level:
        with_level(user, KycLevel(person.level))
    if person.balance:
        with transaction.atomic():
            wallet = open_wallet(user_id=user.pk)
        fill(wallet, principal=person.balance)
    for code in person.channels:
        channel = Channel.objects.create(code=code, name=code, kind=ChannelKind.OTHER)
        Touch.objects.create(user=user, channel=channel, day=person.joined, at=NOW)
    if person.tier:
        Membership.objects.create(
            user=user, tier=person.tier, valued_on=person.joined, protected_until=person.joined
        )
    for days, place, amount, own, returned in person.bought:
        at = NOW - timedelta(days=days, hours=1)
        purchase = buy(user, own, given=amount - own, place=place, at=at)
        if returned:
            send_back(purchase, returned)
    User.objects.filter(pk=user.pk).update(created_at=datetime.combine(person.joined, NOW.timetz()))
    return user.pk


def known(person, fact, days):
    """What a person who looks it up would say."""
    bought = [one for one in person.bought if one[4] < one[2] and (days is None or one[0] < days)]
    match fact:
        case Fact.REGISTERED:
            return person.joined
        case Fact.KYC_LEVEL:
            return person.level
        case Fact.BALANCE:
            return person.balance
        case Fact.PURCHASES:
            return len(bought)
        case Fact.SPENT:
            return sum(one[2] - one[4] for one in bought)
        case Fact.OWN_SPENT:
            return sum(one[3] - min(one[4], one[3]) for one in bought)
        case Fact.IDLE_DAYS:
            return min((one[0] for one in bought), default=None)
        case Fact.PLACE:
            return {one[1] for one in bought}
        case Fact.CHANNEL:
            return set(person.channels)
        case Fact.TIER:
            return {person.tier or tiers_in_force()[0].code}


def fulfils(person, condition):
    value = known(person, condition.fact, condition.days)
    match condition.comparison:
        case Comparison.AT_LEAST:
            return value is not None and value >= condition.value
        case Comparison.AT_MOST:
            return value is not None and value <= condition.value
        case Comparison.IS:
            return bool(value & set(condition.value))
        case Comparison.IS_NOT:
            return not value & set(condition.value)


NUMBERS = {
    Fact.KYC_LEVEL: st.integers(0, 3),
    Fact.BALANCE: st.sampled_from([0, 100, 101, 5_000, 5_001]),
    Fact.PURCHASES: st.integers(0, 4),
    Fact.SPENT: st.sampled_from([0, 1_000, 3_000, 6_000, 6_001]),
    Fact.OWN_SPENT: st.sampled_from([0, 1, 600, 3_000, 5_600]),
    Fact.IDLE_DAYS: st.sampled_from([0, 1, 2, 3, 40, 199, 200]),
    Fact.REGISTERED: st.sampled_from([date(2025, 6, 1), date(2025, 6, 2), date(2026, 11, 1)]),
}


@st.composite
def conditions(draw):
    fact = draw(st.sampled_from(list(Fact)))
    days = draw(st.sampled_from([2, 4, 30, 365])) if fact in OF_LAST_DAYS else None
    if fact == Fact.CHANNEL:
        comparison = draw(st.sampled_from([Comparison.IS, Comparison.IS_NOT]))
        return Condition(fact=fact, comparison=comparison, value=("KOL1", "KOL2"))
    if fact == Fact.TIER:
        words = draw(st.sets(st.sampled_from([tiers_in_force()[0].code, "gold"]), min_size=1))
        return Condition(fact=fact, comparison=Comparison.IS, value=tuple(words))
    if fact == Fact.PLACE:
        words = draw(st.sets(st.sampled_from(["store:a", "store:b", "store:c"]), min_size=1))
        comparison = draw(st.sampled_from([Comparison.IS, Comparison.IS_NOT]))
        return Condition(fact=fact, comparison=comparison, value=tuple(words), days=days)
    comparison = draw(st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST]))
    return Condition(fact=fact, comparison=comparison, value=draw(NUMBERS[fact]), days=days)


def test_the_statement_finds_whom_a_person_would_find():
    users = {stored(person): person for person in PEOPLE}
    User.objects.create(status=UserStatus.CLOSED)
    User.objects.create(is_staff=True)

    @given(groups=st.lists(st.lists(conditions(), min_size=1, max_size=3), min_size=1, max_size=3))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def finds(groups):
        sql, parameters = people_who(groups, at=NOW)
        with transaction.atomic():
            found = {user.pk for user in User.objects.raw(sql, parameters)}
        expected = {
            pk
            for pk, person in users.items()
            if any(all(fulfils(person, one) for one in group) for group in groups)
        }
        assert found == expected
        assert count_who(groups, at=NOW) == len(found)

    finds()


def test_who_comes_and_leaves_is_counted(django_assert_max_num_queries):
    bought = segment(("PURCHASES", "AT_LEAST", "1", 30))
    first, second, third = (User.objects.create() for _each in range(3))
    buy(first, 1_000)
    purchase = buy(second, 1_000)
    refresh_segment(segment_id=bought.pk)
    since = SegmentMember.objects.get(user=first).since
    assert is_in(bought.pk, first.pk)
    assert not is_in(bought.pk, third.pk)

    send_back(purchase, 1_000)
    buy(third, 1_000)
    with django_assert_max_num_queries(9):
        refresh_segment(segment_id=bought.pk)

    assert {user.pk: is_in(bought.pk, user.pk) for user in (first, second, third)} == {
        first.pk: True,
        second.pk: False,
        third.pk: True,
    }
    assert SegmentMember.objects.get(user=first).since == since
    history = SegmentRefresh.objects.order_by("pk").values_list("came", "left", "size")
    assert list(history) == [(2, 0, 2), (1, 1, 2)]
    bought.refresh_from_db()
    assert bought.size == 2
    assert segments_of(third.pk, among=[bought.pk, 0]) == {bought.pk}


def test_without_conditions_it_is_nobody_and_never_everybody():
    empty = segment()

    refresh_segment(segment_id=empty.pk)

    assert not SegmentMember.objects.exists()
    with pytest.raises(ValueError, match="conditions"):
        people_who([[]], at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": "SPENT", "comparison": "AT_LEAST", "value": "1.005", "days": 30},
        {"fact": "SPENT", "comparison": "AT_LEAST", "value": "10"},
        {"fact": "BALANCE", "comparison": "AT_LEAST", "value": "10", "days": 30},
        {"fact": "PLACE", "comparison": "AT_LEAST", "value": "store:a", "days": 30},
        {"fact": "PLACE", "comparison": "IS", "value": "，,", "days": 30},
        {"fact": "KYC_LEVEL", "comparison": "IS", "value": "2"},
        {"fact": "REGISTERED", "comparison": "AT_LEAST", "value": "yesterday"},
        {"fact": "PURCHASES", "comparison": "AT_LEAST", "value": "-1", "days": 30},
        {"fact": "PURCHASES", "comparison": "AT_LEAST", "value": "1", "days": 731},
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        Condition.of(**wrong)


def test_what_is_in_force_with_an_audience_is_told():
    row = segment(("KYC_LEVEL", "AT_LEAST", "2", None))
    assert used_by(row) == []

    coupon = template(segment_id=row.pk)

    assert used_by(row) == [f"优惠券模板 {coupon}"]
