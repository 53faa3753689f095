"""Open a wallet, stop it, let it go on."""

import pytest
from django.db import transaction

from accounts.events import UserRegistered
from accounts.models import User
from wallet.models import LedgerAccount, Wallet
from wallet.rules import chart
from wallet.services.wallets import freeze_wallet, open_wallet, unfreeze_wallet
from wallet.tests.factories import make_wallet
from wallet_project.kit.events import publish


@pytest.mark.django_db
def test_a_wallet_is_opened_with_its_three_accounts():
    wallet = open_wallet(user_id=User.objects.create().pk)

    accounts = dict(LedgerAccount.objects.filter(wallet=wallet).values_list("code", "id"))
    assert accounts == {
        row.code: chart.customer_account_id(row.code, wallet_id=wallet.pk) for row in chart.CUSTOMER
    }


@pytest.mark.django_db
def test_opening_a_wallet_again_finds_the_first():
    user = User.objects.create()

    assert open_wallet(user_id=user.pk) == open_wallet(user_id=user.pk)


@pytest.mark.committed
def test_many_at_once_open_one_wallet(committed_db, in_parallel):
    user = User.objects.create()

    wallets = in_parallel([lambda: open_wallet(user_id=user.pk)] * 8)

    assert len({wallet.pk for wallet in wallets}) == 1
    assert LedgerAccount.objects.filter(wallet__user=user).count() == 3


@pytest.mark.django_db
def test_whoever_registers_gets_a_wallet(outbox):
    user = User.objects.create()
    with transaction.atomic():
        publish(UserRegistered(user_id=user.pk))

    outbox.deliver()

    assert Wallet.objects.filter(user=user).count() == 1


@pytest.mark.django_db
def test_a_freeze_keeps_its_reason():
    wallet = make_wallet()

    frozen = freeze_wallet(wallet_id=wallet.pk, reason="涉案账户")
    assert (frozen.status, frozen.status_reason) == ("FROZEN", "涉案账户")
    assert set(LedgerAccount.objects.filter(wallet=wallet).values_list("frozen", flat=True)) == {True}

    freed = unfreeze_wallet(wallet_id=wallet.pk, reason="已核实")
    assert (freed.status, freed.status_reason) == ("OPEN", "已核实")
    assert set(LedgerAccount.objects.filter(wallet=wallet).values_list("frozen", flat=True)) == {False}
