"""What WeChat holds for us, by our ledger."""

from datetime import timedelta

import pytest

from wallet.rules.postings import top_up_legs
from wallet.selectors.clearing import clearing_balance
from wallet.services.ledger import post_journal
from wallet.tests.factories import make_wallet, new_key
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def test_what_wechat_held_before_a_moment_is_without_what_was_booked_at_it():
    wallet = make_wallet()
    before = clearing_balance(before=clock.now())
    booked = [
        post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=amount)).at
        for amount in (100, 20, 3)
    ]

    held = [clearing_balance(before=at) - before for at in booked]
    assert held == [0, 100, 120]
    assert clearing_balance(before=booked[-1] + timedelta(microseconds=1)) - before == 123
