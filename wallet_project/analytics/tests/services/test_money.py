"""The numbers of money are the ledger's, to the fen; whoever asks the tables otherwise finds the same."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction

from payments.tests.factories import bill_payment, merchant_transfer, paid_order
from wallet.rules import chart
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import Leg, settlement_legs, top_up_legs
from wallet.selectors.figures import balances, moved
from wallet.selectors.journal import trial_balance
from wallet.services.ledger import post_journal
from wallet.services.transfers import send_transfer
from wallet.tests.dealings import ready_to_send, somebody
from wallet_project.analytics.models import Figure
from wallet_project.analytics.selectors.metrics.money import EARNED_AND_SPENT
from wallet_project.analytics.selectors.series import by_part, hourly, total, totals
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

_BY_KIND = """
    SELECT 'journal:' || j.kind, -sum(e.amount)
    FROM wallet_journal j
    JOIN wallet_entry e ON e.journal_id = j.id JOIN wallet_ledgeraccount a ON a.id = e.account_id
    WHERE a.code = %s AND (j.at AT TIME ZONE 'Asia/Shanghai')::date = %s
    GROUP BY j.kind ORDER BY 1"""


def asked(sql: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@pytest.fixture
def town():
    """Somebody buys, pays a bill, sends money and takes some out; WeChat settles, and we give a bonus."""
    rich, friend = somebody(100_000), somebody(1_000)
    paid_order(rich.user, amount=12_345)
    bill_payment(rich.user, amount=5_680)
    send_transfer(**ready_to_send(rich, friend, 777))
    merchant_transfer(friend.user, amount=4_000)
    key = uuid.uuid4().hex
    gift = [Leg("promotion_cost", -250), Leg("bonus", 250, friend.wallet.pk)]
    post_journal(kind=JournalKind.GRANT, key=f"gift:{key}", legs=gift)
    legs = settlement_legs(fees=74, settled=12_271)
    post_journal(kind=JournalKind.SETTLEMENT, key=f"wx:settlement:{key}", legs=legs)
    return rich, friend


def test_what_is_there_and_what_the_day_brought_equal_the_ledger(town):
    today = clock.business_day(clock.now())

    roll_up(day=today)

    for row in trial_balance():
        if row.code not in EARNED_AND_SPENT:
            assert total(row.code, today, today) == row.balance, row.code
    for code in EARNED_AND_SPENT:
        sign = 1 if chart.BY_CODE[code].side is chart.Side.DEBIT else -1
        wanted = {kind: sign * int(amount) for kind, amount in asked(_BY_KIND, code, today)}
        assert by_part(code, "journal", today, today) == dict(
            sorted(wanted.items(), key=lambda each: (-each[1], each[0]))
        )
        assert total(code, today, today) == sum(wanted.values())


def test_yesterday_ends_with_what_was_there_before_today(town):
    today = clock.business_day(clock.now())
    yesterday = today - timedelta(days=1)

    roll_up(day=yesterday)
    roll_up(day=today)

    before = clock.beginning_of(today) - timedelta(microseconds=1)
    for row in trial_balance(before):
        if row.code not in EARNED_AND_SPENT:
            assert total(row.code, yesterday, yesterday) == row.balance, row.code
    moved = totals(["wallets_in", "wallets_out"], today, today)
    grown = total("wallet_balance", today, today) - total("wallet_balance", yesterday, yesterday)
    assert grown == moved["wallets_in"] - moved["wallets_out"] > 0
    at_wechat = totals(["wechat_in", "wechat_out"], today, today)
    grown = total("wechat_clearing", today, today) - total("wechat_clearing", yesterday, yesterday)
    assert grown == at_wechat["wechat_in"] - at_wechat["wechat_out"]


def test_sales_of_orders_are_the_sales_of_the_ledger(town):
    today = clock.business_day(clock.now())

    roll_up(day=today)

    sold = by_part("merchant_sales", "journal", today, today)
    assert total("volume", today, today) == sold[f"journal:{JournalKind.ORDER_PAYMENT}"]
    assert total("refunded", today, today) == -sold.get(f"journal:{JournalKind.ORDER_REFUND}", 0)


def test_each_move_is_counted_once(town):
    rich, friend = town
    today = clock.business_day(clock.now())
    counted = ["transfers", "transfer_amount", "payouts", "payout_amount", "fee_income", "promotion_cost"]
    roll_up(day=today)
    before = totals(counted, today, today)

    merchant_transfer(somebody().user, amount=1_500)  # who was given them first
    send_transfer(**ready_to_send(rich, friend, 33))
    roll_up(day=today)

    after = totals(counted, today, today)
    assert {code: after[code] - before[code] for code in counted} == {
        "transfers": 1,
        "transfer_amount": 33,
        "payouts": 1,
        "payout_amount": 1_500,
        "fee_income": 0,
        "promotion_cost": 1_500,
    }
    assert (
        sum(value for _day, _hour, value in hourly("payout_amount", today, today)) == after["payout_amount"]
    )


def test_what_waits_to_be_settled_grows_old_first_in_first_out(monkeypatch):
    """Fresh money waits for no day; when it leaves, the oldest leaves first."""
    today = clock.business_day(clock.now())
    wallet = somebody().wallet
    in_days = {days: today + timedelta(days=days) for days in (1, 2)}
    codes = ["clearing_over_1_day", "clearing_over_3_days", "wechat_clearing"]
    roll_up(day=today)
    fresh = totals(codes, today, today)
    legs = top_up_legs(wallet_id=wallet.pk, amount=5_000)
    with transaction.atomic():
        post_journal(kind=JournalKind.TOP_UP, key=f"wx:pay:{uuid.uuid4().hex}", legs=legs)
    roll_up(day=today)
    assert totals(codes, today, today) == {**fresh, "wechat_clearing": fresh["wechat_clearing"] + 5_000}

    later = clock.beginning_of(in_days[2])
    monkeypatch.setattr(clock, "now", lambda: later)
    roll_up(day=in_days[1])

    aged = totals(codes, in_days[1], in_days[1])
    assert aged["clearing_over_1_day"] == fresh["wechat_clearing"] + 5_000
    assert aged["clearing_over_3_days"] == fresh["clearing_over_3_days"]


def test_nobody_rolls_up_a_day_that_has_not_begun():
    tomorrow = clock.business_day(clock.now()) + timedelta(days=1)

    with pytest.raises(ValueError, match="has not begun"):
        roll_up(day=tomorrow)

    assert not Figure.objects.filter(day=tomorrow).exists()


def test_a_person_of_a_segment_brings_their_own_money_alone(town):
    rich, _friend = town
    among = type(rich.user).objects.filter(pk=rich.id).values("pk")
    now = clock.now() + timedelta(seconds=1)

    theirs = balances(before=now, among=among)

    assert theirs["principal"] == rich.money[0]
    assert {each.code for each in moved(since=now - timedelta(hours=1), until=now, among=among)} == {
        "principal"
    }
