"""Who pays first."""

from wallet.rules import chart
from wallet.rules.spend_order import OWN_MONEY, SPEND_ORDERS, Spending


def test_every_way_of_spending_has_an_order_that_names_every_customer_account_once():
    assert set(SPEND_ORDERS) == set(Spending)
    for order in SPEND_ORDERS.values():
        assert sorted(order.accounts) == sorted(row.code for row in chart.CUSTOMER)


def test_only_own_money_leaves_the_house():
    assert OWN_MONEY.accounts == ("principal",)
