"""Moves are counted, judged and kept; the decision outlives the move."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.errors import MoveDelayed, MoveDenied, MoveHeld, StepUpRequired
from accounts.models import StepUpChallenge
from accounts.rules.kyc import KycLevel
from accounts.rules.screening import LOGIN, Move, Outcome, Standing
from accounts.rules.step_up import Operation, OperationKind
from accounts.services.screening import screen_visit
from accounts.services.step_up import authorise
from accounts.tests.factories import grant_for
from payments.models import Payment, Refund, RiskCase, RiskDecision, RiskListEntry, RiskMove, Store
from payments.rules.plans import PayMethod, Way
from payments.rules.risk_lists import network_of
from payments.selectors import risk_rules
from payments.services.checkout import pay_order
from payments.services.orders import create_store_order
from payments.services.risk_cases import confirm, let_go
from payments.services.screening import screen
from payments.services.top_up_refunds import refund_top_up
from payments.tests.factories import risk_rule, staff_member, topped_up
from wallet.errors import InsufficientBalance
from wallet.models import Transfer, WalletStatus
from wallet.rules.freezes import FreezeScope
from wallet.services.red_packets import open_red_packet
from wallet.services.transfers import send_transfer
from wallet.tests.dealings import ready_to_send, send, somebody
from wallet.tests.packets import send_packet
from wallet_project.approvals.errors import OwnProposal
from wallet_project.kit import clock, context
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.money import Fen


@pytest.fixture
def payer(db):
    person = somebody(5_000_00)
    person.user.devices.update(first_seen_at=clock.now() - timedelta(days=30))
    return person


@pytest.fixture
def payee(db):
    return somebody()


def move(person, amount=100, *, operation="wallet.transfer", is_final=True, **said):
    return Move(
        operation=operation,
        user_id=person.id,
        is_final=is_final,
        amount=Fen(amount),
        standing=Standing(uid=str(person.user.uid)),
        **said,
    )


def facts(person, **said):
    screen(move(person, **said))
    return RiskDecision.objects.filter(user=person.id).latest("pk").facts


def counted(person):
    return RiskMove.objects.filter(user_id=person.id).count()


def asked_of(person):
    """Their challenges, the newest first."""
    return list(StepUpChallenge.objects.filter(user=person.id).order_by("-pk"))


def listed(kind, value, name="DENY", **said):
    return RiskListEntry.objects.create(
        kind=kind, value=value, list=name, reason="试", added_at=clock.now(), added_by="staff:1", **said
    )


def test_what_is_counted_includes_the_move_and_ends_with_its_window(payer):
    with time_machine.travel(clock.now() - timedelta(minutes=30)):
        facts(payer, amount=700, ip="10.0.0.1")

    found = facts(payer, amount=50, ip="10.0.0.1", device_id="d-1")

    assert [found[f"user_count_{window}"] for window in ("1m", "1h", "24h", "30d")] == [1, 2, 2, 2]
    assert [found[f"ip_sum_{window}"] for window in ("1m", "1h", "24h", "30d")] == [50, 750, 750, 750]
    assert (found["device_count_30d"], found["payee_count_30d"]) == (1, 0)


def test_a_question_counts_nothing_and_is_kept_only_when_something_was_said(payer):
    assert screen(move(payer, is_final=False)).outcome is Outcome.ALLOW

    assert not counted(payer)
    assert not RiskDecision.objects.filter(user=payer.id).exists()


def test_a_payee_is_new_once_and_has_payers(payer, payee):
    key = f"user:{payee.user.uid}"

    first, second = facts(payer, to=key), facts(payer, to=key)
    third = facts(somebody(), to=key)

    assert (first["is_new_payee"], second["is_new_payee"]) == (True, False)
    assert (third["payee_payers_24h"], third["payee_count_24h"]) == (2, 3)
    assert facts(payee)["received_payers_24h"] == 2
    assert third["user_payees_24h"] == 1


def test_a_top_up_is_remembered_by_its_minutes_and_its_share(payer):
    topped_up(payer.user, 1_000_00, at=clock.now() - timedelta(minutes=7))

    found = facts(payer, amount=800_00, operation="wallet.withdraw")

    assert (found["minutes_since_top_up"], found["top_up_sum_24h"]) == (7, 1_000_00)
    assert found["turnover_percent_24h"] == 80


@pytest.mark.parametrize(
    ("network", "verdict"), [("203.0.113.0/24", Outcome.DENY), ("203.0.114.0/24", Outcome.ALLOW)]
)
def test_a_network_is_listed_by_its_prefix(payer, network, verdict):
    listed("NETWORK", network_of(network))

    assert screen(move(payer, ip="203.0.113.77")).outcome is verdict


def test_an_entry_ends_with_its_time(payer):
    listed("USER", str(payer.user.uid), expires_at=clock.now() + timedelta(hours=1))

    assert screen(move(payer)).outcome is Outcome.DENY
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert screen(move(payer)).outcome is Outcome.ALLOW


def test_who_is_denied_is_told_the_sort_of_reason_and_a_number_and_no_rule(payer, payee):
    listed("USER", str(payee.user.uid))

    with pytest.raises(MoveDenied) as refused:
        send(payer, payee, 100)

    decision = RiskDecision.objects.get(user=payer.id)
    assert refused.value.detail == {"cause": "收款方存在风险", "appeal": decision.number}
    assert [hit["code"] for hit in decision.hits] == ["payee_denied"]
    assert payer.money == (5_000_00, 0)
    assert not Transfer.objects.filter(sender=payer.id).exists()
    assert not counted(payer)
    told = StoredEvent.objects.get(name="payments.risk.move_stopped", payload__user_id=payer.id).payload
    assert (told["user_id"], told["cause"]) == (payer.id, "收款方存在风险")


def test_a_move_that_looks_strange_takes_more_proof(payer):
    risk_rule("strange", action="STEP_UP")
    coffee = Operation(kind=OperationKind.ORDER_PAY, amount=Fen(900_00), facts={"order": "O1", "payee": "店"})

    with pytest.raises(StepUpRequired) as asked:
        authorise(user_id=payer.id, device_id=payer.login.device.device_id, operation=coffee, grant="")

    assert asked_of(payer)[0].risk == "MEDIUM"
    assert ["PIN"] not in asked.value.detail["factors"]


def test_what_was_proven_before_it_looked_strange_is_not_enough(payer):
    coffee = Operation(kind=OperationKind.ORDER_PAY, amount=Fen(900_00), facts={"order": "O1", "payee": "店"})
    grant = grant_for(payer.login, coffee)
    StepUpChallenge.objects.filter(user=payer.id).update(proven="PIN")
    risk_rule("strange", action="STEP_UP")

    with pytest.raises(StepUpRequired):
        authorise(user_id=payer.id, device_id=payer.login.device.device_id, operation=coffee, grant=grant)

    assert [challenge.risk for challenge in asked_of(payer)] == ["MEDIUM", "LOW"]


def test_an_engine_that_fails_is_a_medium_risk_never_a_low_one(payer, settings):
    settings.MOVE_SCREENER = "payments.services.nowhere.screen"
    coffee = Operation(kind=OperationKind.ORDER_PAY, amount=Fen(900_00), facts={"order": "O1", "payee": "店"})

    with pytest.raises(StepUpRequired):
        authorise(user_id=payer.id, device_id=payer.login.device.device_id, operation=coffee, grant="")

    assert asked_of(payer)[0].risk == "MEDIUM"


def test_a_delayed_move_goes_on_after_its_wait_with_more_proof(payer):
    risk_rule("slow", action="DELAY")
    with pytest.raises(MoveDelayed) as told:
        screen_visit(operation="wallet.top_up", user_id=payer.id, amount=Fen(100))

    with time_machine.travel(clock.now() + timedelta(minutes=30)), pytest.raises(MoveDelayed) as again:
        screen_visit(operation="wallet.top_up", user_id=payer.id, amount=Fen(100))
    with time_machine.travel(clock.now() + timedelta(minutes=125)):
        verdict = screen_visit(operation="wallet.top_up", user_id=payer.id, amount=Fen(100))

    assert told.value.detail["until"] == again.value.detail["until"]
    assert verdict.outcome is Outcome.STEP_UP


def held(payer, payee, amount=1_000_00):
    with pytest.raises(MoveHeld):
        send(payer, payee, amount)
    return RiskCase.objects.get(user=payer.id, state="OPEN")


def test_a_held_move_is_one_case_and_its_money_is_set_aside(payer, payee):
    risk_rule("hold", action="HOLD")

    case = held(payer, payee)
    again = held(payer, payee)

    assert case == again
    assert payer.money == (5_000_00, 1_000_00)
    assert payee.money == (0, 0)
    assert (case.amount, case.decision.outcome, case.payee) == (1_000_00, "HOLD", f"user:{payee.user.uid}")
    assert not counted(payer)


def test_a_held_move_that_was_a_false_alarm_may_be_made_again(payer, payee):
    risk_rule("hold", action="HOLD")
    case = held(payer, payee)

    let_go(number=case.number, staff_id=staff_member().pk, conclusion="本人给父母转账")

    assert payer.money == (5_000_00, 0)
    assert send(payer, payee, 1_000_00).amount == 1_000_00
    with pytest.raises(MoveHeld):
        send(payer, payee, 1_000_01)


def test_a_held_refund_of_a_top_up_moves_nothing_before_somebody_has_looked(payer):
    payment = topped_up(payer.user, 100_00, at=clock.now())
    top_up = payment.top_up
    risk_rule("hold", action="HOLD")
    facts = {"top_up": top_up.number, "payee": "原路退回微信"}
    wish = Operation(kind=OperationKind.WITHDRAW, amount=Fen(100_00), facts=facts)

    with pytest.raises(MoveHeld):
        refund_top_up(
            user_id=payer.id,
            device_id=payer.login.device.device_id,
            number=top_up.number,
            expected=wish.amount,
            grant=grant_for(payer.login, wish),
        )

    assert not Refund.objects.filter(payment=payment).exists()
    assert payer.money == (5_100_00, 100_00)  # set aside for as long as somebody looks at it


def test_a_confirmed_fraud_leaves_the_money_in_a_stopped_wallet(payer, payee):
    risk_rule("hold", action="HOLD")
    case = held(payer, payee)

    confirm(number=case.number, staff_id=staff_member().pk, conclusion="盗号", freeze=FreezeScope.ALL)

    payer.wallet.refresh_from_db()
    assert payer.wallet.status == WalletStatus.ALL_FROZEN
    assert payer.money == (5_000_00, 0)
    assert payee.money == (0, 0)


def test_nobody_lets_their_own_move_go(payer, payee):
    risk_rule("hold", action="HOLD")
    case = held(payer, payee)

    with pytest.raises(OwnProposal):
        let_go(number=case.number, staff_id=staff_member(own=payer.user).pk, conclusion="是我自己")

    assert payer.money == (5_000_00, 1_000_00)


def test_a_hold_without_cover_is_a_case_all_the_same(payer, payee):
    risk_rule("hold", action="HOLD")

    with pytest.raises(MoveHeld):
        authorise(
            user_id=payee.id,
            device_id=payee.login.device.device_id,
            operation=(
                poor := Operation(kind=OperationKind.TRANSFER, amount=Fen(100), facts={"payee": "王"})
            ),
            grant=grant_for(payee.login, poor),
        )

    assert RiskCase.objects.get(user=payee.id).hold is None


def test_who_opens_a_red_packet_is_screened_for_its_sender_did_not_know_who_would(payer, payee):
    packet = send_packet(payer, amount=100, to=None)
    risk_rule("deny", operations="wallet.red_packet_open", expression="amount == 0", action="DENY")

    with pytest.raises(MoveDenied):
        open_red_packet(user_id=payee.id, token=packet.token)

    assert payee.money == (0, 0)
    assert not packet.shares.filter(taken_by__isnull=False).exists()


def test_an_order_that_wechat_pays_is_screened_though_nothing_is_to_be_proven(payer):
    store = Store.objects.create(code="south", name="南门店")
    order = create_store_order(payer_id=payer.id, store_code=store.code, amount=Fen(500), remark="")
    risk_rule("deny", operations="order.by_wechat", action="DENY")

    with pytest.raises(MoveDenied):
        pay_order(
            payer_id=payer.id,
            device_id=payer.login.device.device_id,
            order_no=order.number,
            way=Way(method=PayMethod.WECHAT),
        )

    order.refresh_from_db()
    assert (order.state, order.payments.count()) == ("OPEN", 0)


def test_registering_is_judged_before_there_is_anybody(db):
    listed("NETWORK", network_of("198.51.100.7"))

    with context.acting(ip="198.51.100.7"), pytest.raises(MoveDenied):
        screen_visit(operation=LOGIN, user_id=None, device_id="d-unknown")

    assert RiskDecision.objects.latest("pk").user is None


class TestLaundering:
    def test_topped_up_and_withdrawn_at_once(self, payer):
        topped_up(payer.user, 2_000_00, at=clock.now() - timedelta(minutes=5))

        assert screen(move(payer, 1_900_00, operation="wallet.withdraw")).outcome is Outcome.HOLD
        assert screen(move(payer, 900_00, operation="wallet.withdraw")).outcome is not Outcome.HOLD

    def test_many_small_ones_in_one_big_one_out(self, payer):
        for _ in range(5):
            screen(move(somebody(), 300_00, to=f"user:{payer.user.uid}"))

        assert screen(move(payer, 1_200_00, operation="wallet.withdraw")).outcome is Outcome.HOLD

    def test_strangers_pay_one_person(self, payer, payee):
        for _ in range(9):
            screen(move(somebody(), 600_00, to=f"user:{payee.user.uid}"))

        assert screen(move(payer, 100, to=f"user:{payee.user.uid}")).outcome is Outcome.HOLD

    def test_an_honest_newcomer_is_asked_for_more_proof_at_most(self, db):
        person = somebody(level=KycLevel.II)
        topped_up(person.user, 3_000_00, at=clock.now() - timedelta(days=1, minutes=1))

        verdict = screen(move(person, 2_000_00, operation="order.pay"))

        assert verdict.outcome in (Outcome.ALLOW, Outcome.STEP_UP)


def test_a_screening_costs_two_round_trips_and_a_question_one(payer, django_assert_num_queries):
    risk_rules.rules_in_use()

    # the facts; savepoint, lock and facts, decision with what is counted, savepoint
    with django_assert_num_queries(1):
        screen(move(payer, is_final=False))
    with django_assert_num_queries(4):
        screen(move(payer))


@pytest.mark.committed
@pytest.mark.usefixtures("committed_db")
class TestAtTheSameMoment:
    def test_each_of_many_sees_the_ones_before(self, in_parallel):
        person, ip = somebody(), f"2001:db8::{clock.now().microsecond:x}"

        in_parallel([lambda: screen(move(person, 100, ip=ip, device_id=f"d-{person.id}"))] * 32)

        seen = RiskDecision.objects.filter(user=person.id).values_list("facts", flat=True)
        for dimension in ("user", "ip", "device"):
            assert sorted(each[f"{dimension}_count_1h"] for each in seen) == list(range(1, 33))
            assert sorted(each[f"{dimension}_sum_24h"] for each in seen) == list(range(100, 3_300, 100))

    def test_the_decision_outlives_the_move_that_was_rolled_back(self):
        payer, payee = somebody(1_000), somebody()
        wish = ready_to_send(payer, payee, 1_000)
        send_transfer(**ready_to_send(payer, payee, 500))

        with pytest.raises(InsufficientBalance):
            send_transfer(**wish)

        assert RiskDecision.objects.filter(user=payer.id, is_final=True).count() == 2
        assert Transfer.objects.filter(sender=payer.id).count() == 1
        with transaction.atomic():
            assert Payment.objects.filter(payer=payer.id).count() == 0
