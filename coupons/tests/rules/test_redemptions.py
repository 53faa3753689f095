"""What is used for a basket: never more than is in it, nothing for nothing; points return to the last one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coupons.rules.baskets import Basket
from coupons.rules.eligibility import Reason
from coupons.rules.offers import CouponKind, Offer, Terms, Who
from coupons.rules.points import worth_of
from coupons.rules.redemptions import Discount, Discounts, apply_wanted, in_words, points_back, usable_points
from wallet_project.kit.money import Fen

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
fen = st.integers(min_value=1, max_value=10**7).map(Fen)
shares = st.integers(min_value=0, max_value=10_000)
rates = st.integers(min_value=100, max_value=1_000)


def basket(amount):
    return Basket(amount=Fen(amount), place="store:renmin", kind="STORE")


def offer(number, *, amount=500, kind=CouponKind.AMOUNT, **terms):
    return Offer(
        template_id=number,
        coupon_id=number,
        terms=Terms(kind=kind, amount=Fen(amount), **terms),
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=1),
    )


def use(wanted, automatic=(), *, amount=10_000):
    return apply_wanted(wanted, automatic, basket=basket(amount), who=Who(), at=NOW)


terms = st.builds(
    dict, amount=fen, group=st.sampled_from("abcd"), exclusive=st.booleans(), threshold=st.just(0) | fen
)


@given(st.lists(terms, max_size=4), st.lists(terms, max_size=2), fen)
def test_what_is_taken_off_is_never_more_than_there_is_and_nothing_is_used_for_nothing(
    wanted, automatic, amount
):
    chosen = [offer(number, **said) for number, said in enumerate(wanted, start=1)]
    free = [offer(number, **said) for number, said in enumerate(automatic, start=11)]

    applied, refused = use(chosen, free, amount=amount)

    assert sum(one.off for one in applied) <= amount
    assert all(one.off for one in applied)
    used = {one.offer for one in applied}
    assert used & set(chosen) | set(refused) == set(chosen)
    assert not used & set(refused)


def test_a_discount_that_needs_no_coupon_joins_the_wanted_ones_or_gives_way_to_them():
    mine, other = offer(1, group="a"), offer(2, group="b")

    together, _ = use([mine], [other])
    alone, _ = use([offer(1, group="a", exclusive=True)], [other])

    assert [one.offer.template_id for one in together] == [1, 2]
    assert [one.offer.template_id for one in alone] == [1]


def test_what_is_wanted_and_does_not_apply_says_why():
    dear, second = offer(1, threshold=20_000), offer(3, group="a")
    first, wasted = offer(2, group="a", amount=10_000), offer(4, group="b")

    applied, refused = use([dear, first, second, wasted])

    assert [one.offer for one in applied] == [first]
    assert {one.template_id: found.reason for one, found in refused.items()} == {
        1: Reason.BELOW_THRESHOLD,
        3: Reason.SAME_GROUP,
        4: Reason.NOTHING_LEFT,
    }


@given(fen, st.data(), rates, shares)
def test_points_pay_their_share_of_an_order_and_no_more_than_is_left_of_it(total, data, per_yuan, share):
    due = Fen(data.draw(st.integers(min_value=0, max_value=total)))

    usable = usable_points(total=total, due=due, per_yuan=per_yuan, share=share)

    worth = worth_of(usable.most, per_yuan=per_yuan)
    assert worth == min(total * share // 10_000, due)
    assert usable.most == 0 or worth_of(usable.least, per_yuan=per_yuan) == 1


@given(fen, rates, st.data())
def test_points_that_come_back_in_any_pieces_are_all_back_in_the_end(worth, per_yuan, data):
    points = worth * per_yuan // 100
    returned = back = 0
    while returned < worth:
        piece = data.draw(st.integers(min_value=max(1, (worth - returned) // 8), max_value=worth - returned))
        came = points_back(points, worth=worth, returned=Fen(returned), back=Fen(piece))
        assert came >= 0
        returned, back = returned + piece, back + came

    assert back == points


def test_what_is_used_is_said_in_words():
    offers = [Discount(template_id=1, off=Fen(500))]

    assert (
        in_words(Discounts(offers=offers, points=300, points_worth=Fen(250)))
        == "优惠 ¥5.00、300 积分抵 ¥2.50"
    )
