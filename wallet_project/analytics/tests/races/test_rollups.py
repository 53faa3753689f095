"""A day that several roll up at once, while money moves."""

import uuid
from datetime import date, timedelta

import pytest
from django.db.models import Count

from wallet.rules.kinds import JournalKind
from wallet.rules.postings import top_up_legs
from wallet.services.ledger import post_journal
from wallet.tests.dealings import somebody
from wallet_project.analytics.models import Figure
from wallet_project.analytics.selectors.series import total, totals
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.kit import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]

QUIET = date(2018, 1, 1)


def test_they_wait_for_each_other_and_keep_every_figure_once(in_parallel):
    answers = in_parallel([lambda: roll_up(day=QUIET)] * 4)

    assert answers == [None] * 4
    counted = Figure.objects.filter(day=QUIET).values("metric", "cut", "hour").annotate(times=Count("pk"))
    assert set(counted.values_list("times", flat=True)) == {1}
    Figure.objects.filter(day=QUIET).delete()


def test_what_was_there_and_what_came_fit_together_whenever_one_looks(in_parallel):
    """What is posted meanwhile is never in yesterday's balance, and in today's only with its entry."""
    wallet, today = somebody().wallet, clock.business_day(clock.now())
    yesterday = today - timedelta(days=1)
    roll_up(day=yesterday)
    before = total("principal", yesterday, yesterday)

    def post():
        for _ in range(10):
            legs = top_up_legs(wallet_id=wallet.pk, amount=100)
            post_journal(kind=JournalKind.TOP_UP, key=f"wx:pay:{uuid.uuid4().hex}", legs=legs)

    answers = in_parallel([post, lambda: roll_up(day=yesterday), post, lambda: roll_up(day=yesterday)])

    assert answers == [None] * 4
    assert total("principal", yesterday, yesterday) == before
    roll_up(day=today)
    now = totals(["principal", "bonus", "cashback", "wallets_in", "wallets_out"], today, today)
    was = totals(["principal", "bonus", "cashback"], yesterday, yesterday)
    assert now["wallets_in"] - now["wallets_out"] == sum(now[code] - was[code] for code in was)
    Figure.objects.filter(day__in=(yesterday, today)).delete()
