"""A coupon that everybody wants at once, and a basket of somebody who holds fifty."""

import random
import statistics
import time
import uuid
from datetime import timedelta
from typing import Any

from benchmarks.report import Row
from benchmarks.servers import Server
from benchmarks.workers import Workers

CLIENTS = 16
_HELD = 50
_ASKED = 200  # times, after as many to warm up


def measure(server: Server, crowd: Workers, *, seconds: int, rounds: int) -> list[Row]:
    """Each round makes one hot coupon, limited in all and for each; the anchor has as many clients."""
    ratios, times = [], []
    for _ in range(rounds):
        offer = _offer(stock=10**6)
        before = server.anchor(seconds=seconds, clients=CLIENTS)
        speed, taken = crowd.run(f"claim_coupon#{offer.pk}", seconds=seconds)
        after = server.anchor(seconds=seconds, clients=CLIENTS)
        ratios.append(2 * speed / (before + after))
        times += taken
    slowest = statistics.quantiles(times, n=100)[98]
    quoted, queries = _quote_with_many()
    return [
        Row(f"claiming one hot coupon, {CLIENTS} clients ÷ anchor", statistics.median(ratios), at_least=0.10),
        Row(f"claiming one hot coupon, {CLIENTS} clients, p99 in ms", slowest * 1_000),
        Row(f"quoting a basket with {_HELD} held coupons, median in ms", quoted * 1_000, at_most=20),
        Row(f"quoting a basket with {_HELD} held coupons, queries", queries, at_most=8),
    ]


class ClaimCoupon:
    """claim_coupon, whole: whom it is for, stock, limit of the person, promise in the ledger, outbox."""

    def __init__(self, template_id: int, customers: int) -> None:
        self._template_id, self._customers = template_id, customers

    def __call__(self, dice: random.Random) -> None:
        from coupons.services.claims import claim_coupon

        claim_coupon(
            user_id=dice.randint(1, self._customers),
            template_id=self._template_id,
            source=f"bench:{uuid.uuid4().hex}",
        )


def _offer(**terms: Any) -> Any:
    from coupons.models import CouponStock, CouponTemplate
    from wallet_project.approvals.agreed import AgreedState
    from wallet_project.kit import clock

    now = clock.now()
    said = {
        "name": "bench",
        "kind": "AMOUNT",
        "amount": 500,
        "per_person": 1_000,
        "valid_days": 30,
        "offered_from": now,
        "offered_until": now + timedelta(days=1),
        "state": AgreedState.LIVE,
    }
    offer = CouponTemplate.objects.create(**said | terms)
    if offer.stock:
        CouponStock.objects.create(template=offer, total=offer.stock)
    return offer


def _quote_with_many() -> tuple[float, int]:
    """Seconds and queries of the whole request, through every layer but the socket."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.tests.factories import logged_in
    from coupons.services.coupons import issue_coupon

    person = logged_in()
    for number in range(_HELD):
        terms = {"group": str(number % 5), "amount": 100 + number, "threshold": 1_000 * (number % 7)}
        offer = _offer(new_customers=number % 2 == 0, **terms)
        issue_coupon(template_id=offer.pk, user_id=person.user.pk, source=f"bench:{offer.pk}")
    client = Client(headers=person.as_header(), SERVER_NAME="localhost")
    wish = {
        "amount": 4_500,
        "kind": "STORE",
        "place": "store:renmin",
        "lines": [{"sku": "DRIP-10", "amount": 4_500, "quantity": 2}],
    }
    times = []
    for _ in range(2 * _ASKED):
        begun = time.perf_counter()
        answer = client.post("/api/v1/coupons/quote", wish, content_type="application/json")
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.content
    with CaptureQueriesContext(connection) as queries:
        client.post("/api/v1/coupons/quote", wish, content_type="application/json")
    return statistics.median(times[_ASKED:]), len(queries)
