"""A trade of its own for each proof, on real commits; and what must be true when it is over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from payments.models import DailyClose
from payments.services.daily_closes import forget_bills, reconcile_day
from wallet.services.integrity import check_ledger
from wallet_project.kit import clock
from wallet_project.kit.testing.plugin import Outbox
from wallet_project.sandbox.testing import LocalSandbox
from wallet_project.tests.flows.conftest import money_at_wechat, money_for_billers
from wallet_project.tests.proofs.trade import Postbox, Trade, open_postbox


@pytest.fixture(scope="package")
def postbox() -> Iterator[Postbox]:
    with open_postbox() as postbox:
        yield postbox


@pytest.fixture
def trade(sandbox: LocalSandbox, postbox: Postbox, committed_db: None, settings) -> Iterator[Trade]:
    """Nothing of earlier trade is due; afterwards nothing of this one is left to do, and the books agree."""
    settings.PUBLIC_URL = postbox.url
    sandbox.wait_until_idle()
    postbox.letters.clear()
    trade = Trade(sandbox, postbox)
    trade.put_off_what_is_left_of_others()
    before = (
        sandbox.book()["balance"] - money_at_wechat(),
        sandbox.bill_book()["balance"] - money_for_billers(),
    )
    yield trade
    sandbox.clear_faults()
    sandbox.behave()
    sandbox.reset_clock()
    assert not trade.left_to_do()
    after = (
        sandbox.book()["balance"] - money_at_wechat(),
        sandbox.bill_book()["balance"] - money_for_billers(),
    )
    assert after == before
    assert check_ledger().findings == []


@pytest.fixture
def day_in_order(sandbox: LocalSandbox, outbox: Outbox, committed_db: None, no_daily_closes: None) -> None:
    """
    What other tests left at WeChat today and never heard of is booked now, so that nobody meets it in the
    bills of the day. To be asked for before `trade`.
    """
    today = clock.business_day(clock.now())
    tomorrow = clock.beginning_of(today) + timedelta(days=1, hours=10, minutes=15)
    sandbox.reset_clock()
    sandbox.advance((tomorrow - clock.now()).total_seconds())
    if DailyClose.objects.filter(day=today).exists():
        forget_bills(today)
    reconcile_day(today, at=tomorrow)
    outbox.deliver()
    forget_bills(today)
    sandbox.reset_clock()


@pytest.fixture
def no_daily_closes(owner_cursor: Any) -> Iterator[None]:
    """A day that was compared for real leaves no trace for whoever counts days."""
    yield
    for table in (
        "difference",
        "closeitem",
        "tradeline",
        "fundline",
        "billfilepart",
        "billfile",
        "dailyclose",
    ):
        owner_cursor.execute(f"DELETE FROM payments_{table}")  # noqa: S608 - our own names
