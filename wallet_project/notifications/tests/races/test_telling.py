"""Many tell one person at the same moment."""

from datetime import datetime

import pytest
import time_machine
from django.db import transaction

from accounts.tests.factories import logged_in
from wallet_project.kit.clock import SHANGHAI
from wallet_project.notifications.models import Delivery, Message
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import Category, ChannelKind
from wallet_project.notifications.rules.variables import examples
from wallet_project.notifications.services.deliveries import deliver
from wallet_project.notifications.services.sending import notify
from wallet_project.notifications.tests.factories import agree_to_marketing, told

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]

NOON = datetime(2026, 12, 1, 12, tzinfo=SHANGHAI)


def test_of_ten_who_tell_the_same_one_is_heard(in_parallel):
    user, row = logged_in().user, CATALOGUE["wallet.top_up_credited"]

    @transaction.atomic
    def tell():
        return notify(user_id=user.pk, notice=row.code, key="order:1", facts=examples(row.variables))

    answers = in_parallel([tell] * 10, threads=10)

    assert [answer is None for answer in answers].count(False) == 1
    assert (
        Message.objects.filter(user=user).count() == Delivery.objects.filter(message__user=user).count() == 1
    )


def test_of_ten_offers_at_one_moment_as_many_are_pushed_as_the_cap_allows(in_parallel, channels):
    """One a day, as it is until staff say otherwise."""
    user = logged_in().user
    agree_to_marketing(user)
    offer = next(
        row.code
        for row in CATALOGUE.values()
        if row.category == Category.GROWTH and ChannelKind.SUBSCRIBE in row.channels
    )
    with time_machine.travel(NOON, tick=False):
        for _each in range(10):
            told(user, offer)
        waiting = Delivery.objects.filter(message__user=user).values_list("pk", flat=True)
        in_parallel([lambda pk=pk: deliver(delivery_id=pk) for pk in waiting], threads=10)

    assert len(channels.got) == 1
    ended = Delivery.objects.filter(message__user=user, channel=ChannelKind.SUBSCRIBE)
    assert sorted(ended.values_list("state", flat=True)) == ["SENT", *["SKIPPED"] * 9]
