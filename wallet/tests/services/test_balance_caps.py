"""Balance caps: nobody is brought more than they may keep, however many bring it at once."""

import pytest
from django.db import transaction

from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.tests.factories import with_level
from wallet.errors import BalanceCapExceeded
from wallet.services.balance_caps import require_room
from wallet.services.top_ups import credit_top_up, give_up_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet.tests.factories import make_wallet, new_key


def ask(wallet, amount):
    """What begins to come in."""
    with transaction.atomic():
        require_room(user_id=wallet.user_id, coming=amount)
        return open_top_up(wallet_id=wallet.pk, amount=amount).number


def refused(wallet, amount):
    with pytest.raises(BalanceCapExceeded) as error:
        ask(wallet, amount)
    return error.value.detail


@pytest.mark.django_db
def test_what_is_there_and_what_is_coming_stays_below_the_cap():
    wallet = make_wallet(principal=400_00, bonus=999_00)
    ask(wallet, 250_00)

    assert refused(wallet, 350_01) == {"cap": 1_000_00, "room": 350_00, "level": 0}
    ask(wallet, 350_00)
    assert refused(wallet, 1)["room"] == 0


@pytest.mark.django_db
def test_what_was_given_up_makes_room_again():
    wallet = make_wallet()
    number = ask(wallet, 1_000_00)
    assert refused(wallet, 1)["room"] == 0

    with transaction.atomic():
        give_up_top_up(number=number, reason="超时未付")

    ask(wallet, 1_000_00)


@pytest.mark.django_db
def test_what_has_been_collected_is_credited_room_or_not():
    wallet = make_wallet()
    number = ask(wallet, 1_000_00)
    with transaction.atomic():
        late = open_top_up(wallet_id=wallet.pk, amount=500_00).number

    with transaction.atomic():
        for each in (number, late):
            credit_top_up(number=each, key=new_key(), facts={})

    assert refused(wallet, 1)["room"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "level", "cap"),
    [
        ("closed_loop", KycLevel.NONE, 1_000_00),
        ("closed_loop", KycLevel.I, 5_000_00),
        ("closed_loop", KycLevel.III, 5_000_00),
        ("licensed", KycLevel.I, 10_000_00),
        ("licensed", KycLevel.III, 200_000_00),
    ],
)
def test_the_cap_follows_the_kind_of_wallet_and_the_level(settings, mode, level, cap):
    settings.WALLET_MODE = mode
    wallet = open_wallet(user_id=with_level(User.objects.create_user(), level).pk)

    assert refused(wallet, cap + 1) == {"cap": cap, "room": cap, "level": level}
    ask(wallet, cap)


@pytest.mark.committed
def test_many_at_once_do_not_pass_the_cap_together(committed_db, in_parallel):
    wallet = make_wallet(principal=100_00)

    outcomes = in_parallel([lambda: ask(wallet, 130_00)] * 32, threads=32)

    assert sum(isinstance(outcome, str) for outcome in outcomes) == 900 // 130
    assert all(isinstance(outcome, str | BalanceCapExceeded) for outcome in outcomes)


@pytest.mark.committed
def test_whoever_waited_for_the_room_sees_what_was_taken_of_it_meanwhile(hands):
    wallet = make_wallet(principal=400_00)
    first, second = hands

    first.does(lambda: ask(wallet, 500_00))
    asked = second.starts(lambda: refused(wallet, 500_00))
    assert second.is_seen_waiting(asked)
    first.commits()

    assert asked.result(timeout=10)["room"] == 100_00
