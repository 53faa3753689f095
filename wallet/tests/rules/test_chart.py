"""The chart of accounts and the numbers it gives."""

import pytest

from wallet.rules import chart


def test_every_platform_account_has_a_number_of_its_own():
    ids = [account_id for account_id, _row, _slot in chart.platform_accounts()]

    assert len(ids) == len(set(ids))


def test_a_customers_rows_are_locked_before_the_busy_ones_of_the_platform():
    ids = [account_id for account_id, _row, _slot in chart.platform_accounts()]

    assert chart.customer_account_id("cashback", wallet_id=10**14) < min(ids)
    assert max(ids) < 2**53  # JavaScript still counts exactly


def test_a_busy_account_spreads_over_its_slots_by_key():
    slots = {chart.platform_account_id("merchant_sales", key=f"order:{n}") for n in range(1_000)}

    assert slots == {chart.PLATFORM_IDS + 300 + slot for slot in range(16)}


def test_a_key_always_meets_the_same_slot():
    first = chart.platform_account_id("wechat_clearing", key="wx:pay:4200002021")

    assert chart.platform_account_id("wechat_clearing", key="wx:pay:4200002021") == first


def test_an_account_without_slots_is_one_row():
    assert {chart.platform_account_id("suspense", key=str(n)) for n in range(100)} == {
        chart.PLATFORM_IDS + 1000
    }


@pytest.mark.parametrize(
    ("code", "balance", "shown"), [("wechat_clearing", -100, 100), ("merchant_sales", 100, 100)]
)
def test_a_balance_is_shown_on_its_normal_side(code, balance, shown):
    assert chart.on_normal_side(code, balance) == shown


def test_a_customer_has_no_platform_account_and_the_platform_no_principal():
    with pytest.raises(LookupError):
        chart.customer_account_id("suspense", wallet_id=1)
    with pytest.raises(LookupError):
        chart.platform_account_id("principal", key="x")
