"""What runs away stops itself; what only knocks does not."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.tests.factories import logged_in
from payments.models import MerchantTransfer, Refund, RiskCase
from payments.services import trips
from payments.services.inbox import count_rejection
from payments.services.refunds import push_refund
from payments.services.returns import return_to_sources
from payments.services.risk_cases import let_go
from payments.tests.factories import held_move, staff_member, topped_up
from wallet.models import Quote, Withdrawal
from wallet.rules.withdrawals import WithdrawalState
from wallet.tests.factories import make_schedule, make_wallet, new_key
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow, Pause
from wallet_project.pauses.selectors import is_paused, look_again
from wallet_project.pauses.tests.factories import paused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_went_before(db):
    """Whatever other tests have left here went long ago."""
    long_ago = clock.now() - timedelta(days=365)
    Withdrawal.objects.filter(sent_at__isnull=False).update(sent_at=long_ago)
    for model in (Refund, MerchantTransfer):
        model.objects.update(created_at=long_ago)


@pytest.fixture
def send():
    """Withdraw so many fen, so long ago; where they came from is not looked at."""
    wallet, schedule = make_wallet(), make_schedule("withdrawal")

    def send(amount, *, ago=timedelta(minutes=1)):
        at = clock.now() - ago
        quote = Quote.objects.create(
            user=wallet.user,
            kind="withdrawal",
            amount=amount,
            fee=0,
            schedule=schedule,
            fingerprint=b"",
            month="2026-01",
            state="TAKEN",
            created_at=at,
            expires_at=at,
            taken_at=at,
        )
        Withdrawal.objects.create(
            number=new_key("W")[:32],
            wallet=wallet,
            amount=amount,
            fee=0,
            quote=quote,
            state=WithdrawalState.SENDING,
            requested_at=at,
            sent_at=at,
        )

    return send


def test_a_day_above_its_cap_stops_withdrawals_and_nothing_else(send, settings):
    settings.WITHDRAWALS_DAY_TRIP = 1_000
    send(1_000)
    trips.watch(at=clock.now())
    assert not is_paused(Flow.WITHDRAW)

    send(1)
    trips.watch(at=clock.now())
    look_again()

    assert [flow for flow in Flow if is_paused(flow)] == [Flow.WITHDRAW]
    pause = Pause.objects.get(lifted_at=None)
    assert (pause.cause, pause.raised_by) == ("trip", "system")
    trips.watch(at=clock.now())
    assert Pause.objects.filter(lifted_at=None).count() == 1


def test_what_goes_out_by_no_withdrawal_counts_for_the_cap(send, settings):
    settings.WITHDRAWALS_DAY_TRIP = 1_000
    send(999)
    payment = topped_up(logged_in().user, 100_00, at=clock.now())
    Refund.objects.create(
        number=new_serial("F"), payment=payment, transaction_id="4200", amount=2, total=100_00, reason="退回"
    )

    trips.watch(at=clock.now() + timedelta(seconds=1))
    look_again()

    assert is_paused(Flow.WITHDRAW)


def test_an_hour_far_above_the_same_hour_of_other_days_stops_them(send, settings):
    settings.WITHDRAWALS_DAY_TRIP, settings.WITHDRAWALS_HOUR_TRIP_FROM = 10**9, 1_000
    for day in range(1, 15):
        send(900 + 20 * (day % 3), ago=timedelta(days=day, minutes=10))

    send(970)
    trips.watch(at=clock.now())
    assert not is_paused(Flow.WITHDRAW)  # far above, but below the floor

    send(100)
    trips.watch(at=clock.now())
    look_again()
    assert is_paused(Flow.WITHDRAW)


def test_clocks_that_part_stop_all_money(monkeypatch):
    monkeypatch.setattr("payments.services.trips.time.time", lambda: clock.now().timestamp() - 61)

    trips.watch(at=clock.now())
    look_again()

    assert is_paused(Flow.MONEY)


def test_forged_callbacks_raise_an_alarm_and_stop_nothing(settings):
    settings.REJECTED_CALLBACKS_A_MINUTE = 2
    count_rejection("wrong signature")
    trips.watch(at=clock.now())

    for _ in range(3):
        count_rejection("wrong signature")
    trips.watch(at=clock.now())
    trips.watch(at=clock.now())

    alarm = StoredEvent.objects.get(name="payments.callbacks.forged")
    assert alarm.payload == {"count": 3}
    assert not Pause.objects.filter(lifted_at=None).exists()


def test_own_money_that_wechat_has_not_taken_waits_while_withdrawals_stand_still(wechat):
    user = logged_in().user
    payment = topped_up(user, 100_00, at=clock.now())
    with transaction.atomic():
        [refund] = return_to_sources(
            user_id=user.pk, wallet_id=payment.top_up.wallet_id, amount=Fen(1), now=clock.now()
        )

    with paused(Flow.WITHDRAW):
        push_refund(number=refund.number)
        refund.refresh_from_db()
        assert refund.asked_at is None

    push_refund(number=refund.number)
    refund.refresh_from_db()
    assert refund.asked_at is not None


def test_no_case_lets_a_withdrawal_go_while_withdrawals_stand_still():
    case = held_move(logged_in().user)
    RiskCase.objects.filter(pk=case.pk).update(reference="W1")

    with paused(Flow.WITHDRAW), pytest.raises(Paused):
        let_go(number=case.number, staff_id=staff_member().pk, conclusion="本人操作")

    case.refresh_from_db()
    assert case.state == "OPEN"
