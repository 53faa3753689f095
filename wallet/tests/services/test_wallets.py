"""Open a wallet, stop it, let it go on, close it."""

import pytest
from django.db import transaction

from accounts.events import UserRegistered
from accounts.models import User
from wallet.errors import WalletClosed, WalletFrozen, WalletNotEmpty
from wallet.models import Journal, LedgerAccount, Record, Wallet
from wallet.rules import chart
from wallet.services.freezes import freeze_wallet, unfreeze_wallet
from wallet.services.holds import place_hold
from wallet.services.integrity import check_ledger
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import close_wallet, open_wallet
from wallet.tests.factories import amounts_in, make_wallet, new_key
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
def test_a_freeze_tells_its_cause_until_it_is_lifted():
    wallet = make_wallet()

    frozen = freeze_wallet(wallet_id=wallet.pk, reason="涉案账户")
    assert (frozen.status, frozen.status_reason) == ("FROZEN", "账户存在异常，正在核实")
    assert set(LedgerAccount.objects.filter(wallet=wallet).values_list("frozen", flat=True)) == {True}

    freed = unfreeze_wallet(wallet_id=wallet.pk, reason="已核实")
    assert (freed.status, freed.status_reason) == ("OPEN", "")
    assert set(LedgerAccount.objects.filter(wallet=wallet).values_list("frozen", flat=True)) == {False}


def close(wallet: Wallet, *, gives_up: int = 0) -> None:
    with transaction.atomic():
        close_wallet(user_id=wallet.user_id, gives_up=gives_up)


@pytest.mark.django_db
def test_what_its_owner_gives_up_becomes_ours_and_the_wallet_closes_for_good():
    wallet = make_wallet(principal=30, bonus=500, cashback=7)

    close(wallet, gives_up=537)
    close(wallet, gives_up=537)

    wallet.refresh_from_db()
    assert wallet.is_closed
    assert amounts_in(wallet) == {}
    record = Record.objects.get(wallet=wallet, kind="forfeiture")
    assert (record.direction, record.amount, record.balance_after) == ("out", 537, 0)
    income = LedgerAccount.objects.get(code="forfeiture_income")
    assert income.entries.get(journal=record.journal).amount == 537
    with pytest.raises(WalletClosed), transaction.atomic():
        unfreeze_wallet(wallet_id=wallet.pk, reason="想要打开")
    assert check_ledger().findings == []


@pytest.mark.django_db
def test_a_wallet_with_a_fen_more_than_agreed_stays_open():
    wallet = make_wallet(principal=31)

    with pytest.raises(WalletNotEmpty) as refusal:
        close(wallet, gives_up=30)

    assert refusal.value.detail == {"amount": 31}
    assert amounts_in(wallet) == {"principal": (31, 0)}
    assert Wallet.objects.get(pk=wallet.pk).status == "OPEN"


@pytest.mark.django_db
def test_nothing_comes_into_a_closed_wallet_and_nothing_is_promised_by_it():
    wallet = make_wallet()
    top_up = open_top_up(wallet_id=wallet.pk, amount=100)
    close(wallet)
    key = new_key("wx:pay")

    with pytest.raises(WalletClosed), transaction.atomic():
        credit_top_up(number=top_up.number, key=key, facts={})
    with pytest.raises(WalletFrozen), transaction.atomic():
        place_hold(wallet_id=wallet.pk, amount=1, key=new_key("hold"), reference="O1")

    assert not Journal.objects.filter(key=key).exists()
    assert amounts_in(wallet) == {}


@pytest.mark.committed
def test_money_that_arrives_while_a_wallet_closes_is_credited_or_refused_never_both(
    committed_db, in_parallel
):
    wallets = [make_wallet() for _ in range(8)]
    top_ups = [open_top_up(wallet_id=wallet.pk, amount=100) for wallet in wallets]

    def credit(number: str):
        with transaction.atomic():
            return credit_top_up(number=number, key=f"wx:pay:{number}", facts={})

    outcomes = in_parallel(
        [
            call
            for wallet, top_up in zip(wallets, top_ups, strict=True)
            for call in (
                lambda wallet=wallet: close(wallet),
                lambda number=top_up.number: credit(number),
            )
        ],
        threads=16,
    )

    assert len(outcomes) == 16
    for wallet in Wallet.objects.filter(pk__in=[wallet.pk for wallet in wallets]):
        assert amounts_in(wallet) == ({} if wallet.is_closed else {"principal": (100, 0)})
    for refusal in outcomes:
        assert not isinstance(refusal, Exception) or isinstance(refusal, WalletClosed | WalletNotEmpty)
