"""What a wallet does while all money stands still."""

import pytest
from django.db import transaction

from wallet.errors import WalletNotEmpty
from wallet.models import Journal
from wallet.selectors.balances import balance_of, explained_balance_of
from wallet.services.gifts import expire_gifts, give_bonus
from wallet.services.wallets import close_wallet
from wallet.tests.factories import make_wallet, new_key
from wallet_project.kit import clock
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow
from wallet_project.pauses.tests.factories import paused

pytestmark = pytest.mark.django_db


def test_a_wallet_tells_that_money_stands_still():
    wallet = make_wallet(principal=100)
    assert not explained_balance_of(wallet.user_id).paused

    pause_flow(flow=Flow.MONEY, reason="支付通道异常")

    assert explained_balance_of(wallet.user_id).paused
    assert balance_of(wallet.user_id).available == 100


def test_nothing_is_forfeited_meanwhile_and_empty_wallets_may_close():
    full, empty = make_wallet(bonus=100), make_wallet()
    pause_flow(flow=Flow.MONEY, reason="支付通道异常")
    journals = Journal.objects.count()

    with pytest.raises(Paused), transaction.atomic():
        close_wallet(user_id=full.user_id, gives_up=100)
    with pytest.raises(WalletNotEmpty), transaction.atomic():
        close_wallet(user_id=full.user_id, gives_up=99)
    with transaction.atomic():
        close_wallet(user_id=empty.user_id, gives_up=0)

    assert Journal.objects.count() == journals
    assert balance_of(full.user_id).bonus == 100
    empty.refresh_from_db()
    assert empty.is_closed


def test_no_gift_ends_while_nobody_can_use_it():
    wallet = make_wallet()
    with transaction.atomic():
        give_bonus(
            wallet_id=wallet.pk, amount=100, source=new_key("gift"), title="赠金", expires_at=clock.now()
        )

    with paused():
        assert expire_gifts() == 0
        assert balance_of(wallet.user_id).bonus == 100

    assert expire_gifts() >= 1
    assert balance_of(wallet.user_id).bonus == 0
