"""Which way own money goes out: to the fen, and no more than there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules.exits import Exits, available, plan_route
from payments.rules.payouts import OwnLot, Source
from payments.rules.transfers import LEAST

SOURCE, TRANSFER = "source", "transfer"


def exits(free, sources, others, most=1_000_000):
    return Exits(
        free=free,
        sources=[Source(payment_id=n, lot_id=n, left=left) for n, left in enumerate(sources, start=1)],
        others=[OwnLot(lot_id=100 + n, left=left) for n, left in enumerate(others, start=1)],
        most=most,
    )


@pytest.mark.parametrize(
    ("amount", "given", "way", "refund", "take"),
    [
        (500, exits(900, [300, 300], [300]), SOURCE, 500, ()),
        (700, exits(900, [300, 300], [300]), SOURCE, 600, ((101, 100),)),
        (900, exits(900, [300, 300], [100, 200]), SOURCE, 600, ((101, 100), (102, 200))),
        # WeChat transfers no less than ten fen, so a little less is refunded
        (603, exits(900, [300, 300], [300]), SOURCE, 593, ((101, 10),)),
        (700, exits(900, [300, 300], [300]), TRANSFER, 0, ((101, 300), (1, 300), (2, 100))),
        (12, exits(12, [5], [20]), SOURCE, 2, ((101, 10),)),
    ],
)
def test_what_can_be_refunded_is_and_the_rest_is_transferred(amount, given, way, refund, take):
    route = plan_route(amount, given, way)

    assert (route.refund, route.take) == (refund, take)
    assert route.refund + route.transfer == amount


@pytest.mark.parametrize(
    ("amount", "given", "way"),
    [
        (0, exits(900, [300], [300]), SOURCE),
        (901, exits(900, [300, 300], [400]), SOURCE),  # some of it is held
        (700, exits(900, [300, 300], [300], most=0), SOURCE),  # no transfers here
        (700, exits(900, [300, 300], [300], most=99), SOURCE),
        (609, exits(900, [300, 300], [9]), SOURCE),  # too little for a transfer
        (9, exits(900, [], [300]), SOURCE),
        (9, exits(900, [300], []), TRANSFER),
    ],
)
def test_what_cannot_leave_has_no_route(amount, given, way):
    assert plan_route(amount, given, way) is None


AMOUNTS = st.lists(st.integers(0, 40), max_size=4)


@given(
    free=st.integers(0, 200),
    sources=AMOUNTS,
    others=AMOUNTS,
    most=st.integers(0, 60),
    amount=st.integers(0, 220),
    way=st.sampled_from([SOURCE, TRANSFER]),
)
def test_a_route_takes_exactly_the_amount_out_of_lots_that_have_it(free, sources, others, most, amount, way):
    given = exits(free, sources, others, most)

    route = plan_route(amount, given, way)

    if route is None:
        assert amount > available(given, way) or amount < LEAST
        return
    left = {lot.lot_id: lot.left for lot in given.lots()}
    assert route.refund + route.transfer == amount <= free
    assert sum(part for _lot, part in route.take) == route.transfer <= most
    assert all(0 < part <= left[lot] for lot, part in route.take)
    assert route.transfer == 0 or route.transfer >= LEAST
    assert route.refund <= sum(sources)
    if way == SOURCE:
        assert not {lot for lot, _part in route.take} & {source.lot_id for source in given.sources}
