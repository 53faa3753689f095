"""When people come, what they use, and what they spend on."""

from datetime import date

import pytest
import time_machine

from accounts.models import User
from payments.events import OrderPaid
from wallet.rules.kinds import RecordKind
from wallet.tests.factories import make_wallet
from wallet.tests.histories import add_line, category_of
from wallet_project.analytics.selectors.series import by_part, hourly, total
from wallet_project.analytics.services.event_feed import hear_events
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.analytics.tests.happening import happened, moment, told_at

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 31)  # nothing else happened then
TODAY = "2026-10-31"


def test_a_feature_is_used_by_what_is_done_and_by_what_is_looked_at():
    ann, bob = User.objects.create(), User.objects.create()
    paid = {"order_no": "O1", "amount": 1, "discount": 0, "from_balance": 0, "from_channel": 1}
    told_at(TODAY, 9, *(OrderPaid(payer_id=user.pk, **paid) for user in (ann, ann, bob)))
    hear_events()
    with time_machine.travel(moment(TODAY, 10), tick=False):
        for screen in ("pay", "coupons", "coupons"):
            happened("viewed", user_id=ann.pk, device_id="d-1", screen=screen)
        happened("viewed", user_id=None, device_id="d-2", screen="coupons")
        happened("failed", user_id=None, device_id="d-2", screen="pay", code="INSUFFICIENT_BALANCE")

    roll_up(day=DAY)

    assert by_part("feature_uses", "feature", DAY, DAY) == {"feature:pay": 4, "feature:coupons": 3}
    assert by_part("feature_people", "feature", DAY, DAY) == {"feature:pay": 2, "feature:coupons": 1}
    assert (total("feature_uses", DAY, DAY), total("feature_people", DAY, DAY)) == (7, 2)
    assert hourly("acts", DAY, DAY) == [(DAY, 9, 3), (DAY, 10, 5)]
    assert by_part("failures", "code", DAY, DAY) == {"code:INSUFFICIENT_BALANCE": 1}


def test_what_is_spent_is_filed_and_what_comes_back_or_in_is_not_spent():
    wallet = make_wallet()
    coffee = add_line(wallet, 4_500, kind=RecordKind.PAYMENT, at=moment(TODAY, 9))
    add_line(wallet, 500, kind=RecordKind.PAYMENT, at=moment(TODAY, 20))
    add_line(wallet, 7, kind=RecordKind.PAYMENT, at=moment("2026-10-30", 9))
    add_line(wallet, 300, kind=RecordKind.REFUND, at=moment(TODAY, 9))
    add_line(wallet, 9_000, kind=RecordKind.TOP_UP, at=moment(TODAY, 9))

    roll_up(day=DAY)

    category, _by = category_of(coffee)
    assert hourly("spending", DAY, DAY) == [(DAY, 9, 4_500), (DAY, 20, 500)]
    assert by_part("spending", "category", DAY, DAY) == {f"category:{category}": 5_000}
