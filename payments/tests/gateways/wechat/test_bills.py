"""Bills at the sandbox: applied for, downloaded, proven by their hash."""

from datetime import datetime, timedelta

import pytest

from payments.gateways.wechat.bill_lines import Statement
from payments.gateways.wechat.bills import Unpacking, apply_for_bill, downloaded, lines_of
from payments.gateways.wechat.errors import (
    InvalidBill,
    StatementCreating,
    StatementMissing,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
)
from payments.rules.daily_close import BillKind
from wallet_project.kit import clock

DAY = clock.business_day(clock.now()) - timedelta(days=3)


@pytest.fixture
def stocked(wechat):
    """A day, long over, with one payment and one transfer in its bills."""
    for kind in ("paid_unknown", "transfer_unknown"):
        wechat.plant(kind, str(DAY), amount=1_234)
    yield wechat
    wechat.forget_plants()


def fetched(kind=BillKind.TRADE):
    bill = apply_for_bill(kind, DAY)
    with downloaded(bill) as pieces:
        return bill, list(pieces)


@pytest.mark.parametrize("kind", list(BillKind))
def test_a_bill_is_downloaded_and_is_what_its_hash_says(stocked, kind):
    bill, pieces = fetched(kind)

    unpacking = Unpacking()
    for piece in pieces:
        list(unpacking.feed(piece))
    unpacking.require_whole(digest=bill.digest)
    [line] = Statement(kind, lines_of(pieces)).read()
    told = {BillKind.TRADE: "amount", BillKind.FUND_FLOW: "change", BillKind.OPERATION: "change"}
    assert getattr(line, told[kind]) == (-1_234 if kind is BillKind.OPERATION else 1_234)


def test_a_day_without_business_is_told_from_one_that_is_not_ready(wechat):
    with pytest.raises(StatementMissing):
        apply_for_bill(BillKind.TRADE, DAY)
    wechat.plant("late", str(DAY))
    try:
        with pytest.raises(StatementCreating):
            apply_for_bill(BillKind.TRADE, DAY)
    finally:
        wechat.forget_plants()


def test_today_has_no_bill_yet(wechat):
    with pytest.raises(WeChatRefused):
        apply_for_bill(BillKind.TRADE, datetime.now(clock.SHANGHAI).date())


def test_an_old_link_leads_nowhere(stocked):
    bill = apply_for_bill(BillKind.TRADE, DAY)
    stocked.advance(301)
    try:
        with pytest.raises(WeChatRefused), downloaded(bill):
            pass
    finally:
        stocked.reset_clock()


@pytest.mark.parametrize("kind", ["bad_signature", "signtest", "unsigned"])
def test_a_link_that_is_not_proven_is_not_followed(stocked, kind):
    stocked.fault(kind, path="/v3/bill/", times=3)

    with pytest.raises(WeChatUnknown):
        apply_for_bill(BillKind.TRADE, DAY)


def test_a_download_that_breaks_off_may_be_tried_again(stocked):
    bill = apply_for_bill(BillKind.TRADE, DAY)
    stocked.fault("reset_after", path="/v3/billdownload/")

    with pytest.raises(WeChatUnreachable), downloaded(bill) as pieces:
        list(pieces)
    with downloaded(bill) as pieces:
        assert list(pieces)


def test_a_wrong_hash_is_noticed(stocked):
    stocked.plant("wrong_hash", str(DAY))
    bill, pieces = fetched()
    unpacking = Unpacking()
    for piece in pieces:
        list(unpacking.feed(piece))

    with pytest.raises(InvalidBill, match="摘要"):
        unpacking.require_whole(digest=bill.digest)
