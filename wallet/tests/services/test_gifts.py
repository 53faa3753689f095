"""Gifts end, each by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from wallet.services.freezes import freeze_wallet
from wallet.services.gifts import expire_gifts, give_bonus
from wallet.services.holds import place_hold
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def wallet_with_gift(*, days: int):
    wallet, ends = make_wallet(), clock.now() + timedelta(days=days)
    with transaction.atomic():
        give_bonus(wallet_id=wallet.pk, amount=100, source=new_key("gift"), title="赠送", expires_at=ends)
    return wallet


def test_a_gift_in_a_stopped_wallet_stays_and_keeps_no_other_waiting():
    stopped, promised, other = (wallet_with_gift(days=days) for days in (1, 2, 3))
    freeze_wallet(wallet_id=stopped.pk, reason="协查")
    place_hold(wallet_id=promised.pk, amount=100, key=new_key(), reference="B1")

    with time_machine.travel(clock.now() + timedelta(days=4), tick=True):
        expire_gifts()

    assert amounts_in(other) == {}
    assert amounts_in(stopped) == {"bonus": (100, 0)}
    assert amounts_in(promised) == {"bonus": (100, 100)}
