"""Money stands still at once, and moves again when two people say so."""

import pytest
from django.db import transaction

from accounts.models import User
from wallet.errors import AlreadyPaused, MoneyPaused, NotPaused, WalletNotEmpty
from wallet.models import Journal, Pause
from wallet.selectors.balances import balance_of, explained_balance_of
from wallet.services.gifts import expire_gifts, give_bonus
from wallet.services.pauses import (
    lift_pause,
    pause_for_drift,
    pause_money,
    propose_lift,
    require_money_moving,
)
from wallet.services.wallets import close_wallet
from wallet.tests.factories import make_wallet, money_paused, new_key
from wallet_project.approvals.errors import AlreadyProposed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock, context
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    """Two who may pause money and let it go on."""
    return [User.objects.create_superuser(name, "a long enough password") for name in ("chen", "zhou")]


def told_of(pause):
    published = StoredEvent.objects.filter(aggregate="money", payload__pause_id=pause.pk)
    return list(published.values_list("name", flat=True).order_by("pk"))


def test_money_moves_until_somebody_stops_it():
    require_money_moving()

    with context.acting(actor="staff:3"):
        pause = pause_money(reason="支付通道异常")

    with pytest.raises(MoneyPaused):
        require_money_moving()
    assert (pause.cause, pause.raised_by, pause.lifted_at) == ("staff", "staff:3", None)
    entry = AuditEntry.objects.get(action="wallet.money.paused", subject=f"pause:{pause.pk}")
    assert entry.actor == "staff:3"
    assert told_of(pause) == ["wallet.money.paused"]


def test_it_is_stopped_once_and_by_a_broken_ledger_in_silence():
    pause_for_drift(reason="账户余额与分录不符")

    pause_for_drift(reason="试算不平衡")
    with pytest.raises(AlreadyPaused):
        pause_money(reason="支付通道异常")

    pause = Pause.objects.get(lifted_at=None)
    assert (pause.cause, pause.reason) == ("drift", "账户余额与分录不符")
    assert told_of(pause) == ["wallet.money.paused"]


def test_two_people_let_it_move_again(staff):
    chen, zhou = staff
    pause = pause_money(reason="支付通道异常")
    propose_lift(pause_id=pause.pk, reason="通道已恢复", maker_id=chen.pk)
    with pytest.raises(AlreadyProposed):
        propose_lift(pause_id=pause.pk, reason="通道已恢复", maker_id=zhou.pk)
    proposal = Proposal.objects.get(subject=f"pause:{pause.pk}")

    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=chen.pk)
    with pytest.raises(MoneyPaused):
        require_money_moving()
    approve(proposal_id=proposal.pk, checker_id=zhou.pk)

    require_money_moving()
    pause.refresh_from_db()
    assert (pause.lifted_by, pause.lifted_reason) == (f"staff:{zhou.pk}", "通道已恢复")
    assert told_of(pause) == ["wallet.money.paused", "wallet.money.resumed"]
    with pytest.raises(NotPaused):
        propose_lift(pause_id=pause.pk, reason="通道已恢复", maker_id=chen.pk)
    with pytest.raises(NotPaused), transaction.atomic():
        lift_pause(pause_id=pause.pk, reason="通道已恢复", checker_id=zhou.pk)


def test_a_wallet_tells_that_money_stands_still():
    wallet = make_wallet(principal=100)
    assert not explained_balance_of(wallet.user_id).paused

    pause_money(reason="支付通道异常")

    assert explained_balance_of(wallet.user_id).paused
    assert balance_of(wallet.user_id).available == 100


def test_nothing_is_forfeited_meanwhile_and_empty_wallets_may_close():
    full, empty = make_wallet(bonus=100), make_wallet()
    pause_money(reason="支付通道异常")
    journals = Journal.objects.count()

    with pytest.raises(MoneyPaused), transaction.atomic():
        close_wallet(user_id=full.user_id, gives_up=100)
    with pytest.raises(WalletNotEmpty), transaction.atomic():
        close_wallet(user_id=full.user_id, gives_up=99)
    with transaction.atomic():
        close_wallet(user_id=empty.user_id, gives_up=0)

    assert Journal.objects.count() == journals
    assert balance_of(full.user_id).bonus == 100
    empty.refresh_from_db()
    assert empty.is_closed


def test_moving_money_costs_no_query_most_of_the_time(django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(5):
            require_money_moving()


def test_no_gift_ends_while_nobody_can_use_it():
    wallet = make_wallet()
    with transaction.atomic():
        give_bonus(
            wallet_id=wallet.pk, amount=100, source=new_key("gift"), title="赠金", expires_at=clock.now()
        )

    with money_paused():
        assert expire_gifts() == 0
        assert balance_of(wallet.user_id).bonus == 100

    assert expire_gifts() >= 1
    assert balance_of(wallet.user_id).bonus == 0
