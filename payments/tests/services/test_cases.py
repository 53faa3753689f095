"""Exceptions: each is one case, its rule acts once, its clock warns once, and nothing is credited wrongly."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from payments.errors import (
    CaseEnded,
    CaseHoldsMoney,
    CaseNeedsApproval,
    CaseNotHonourable,
    CaseRuleChangesNothing,
    CaseRuleRefused,
)
from payments.gateways.wechat.messages import RefundNotice, TradeState, TransactionNotice, TransferNotice
from payments.gateways.wechat.messages import RefundState as SaidState
from payments.gateways.wechat.messages import TransferState as SaidTransfer
from payments.models import CallbackReceipt, CaseRule, ExceptionCase, Order, Payment, Refund, Store
from payments.rules.cases import HONOURABLE, CaseKind, CaseTerms, Handling, problem_with
from payments.rules.order_states import OrderState, PaymentState
from payments.selectors.case_rules import case_rule
from payments.services.case_money import honour_case, propose_honour, propose_refund, refund_case
from payments.services.case_rules import propose_case_rule
from payments.services.case_watch import watch_cases
from payments.services.case_work import assign_case, note_case_seen, note_on_case, resolve_by_hand
from payments.services.orders import create_store_order
from payments.services.refunds import apply_refund
from payments.services.settlement import settle_payment
from payments.services.transfer_results import apply_transfer
from payments.tests.factories import exception_case, merchant_transfer, staff_member
from wallet.models import Journal, LedgerAccount, Record
from wallet.tests.factories import make_wallet
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import Job, StoredEvent
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial

pytestmark = pytest.mark.django_db

OPENID = "o-the-payer"


_LOOKED_AT = (CaseRule, ExceptionCase, Job, Journal, Order, Payment, Proposal, Refund, StoredEvent)
_begun: dict[Any, int] = {}


@pytest.fixture(autouse=True)
def _begin() -> None:
    """Other tests commit what they leave behind."""
    _begun.update({model: model.objects.aggregate(last=Max("pk", default=0))["last"] for model in _LOOKED_AT})


def new(model: Any) -> QuerySet[Any]:
    """What this test has made."""
    return model.objects.filter(pk__gt=_begun[model])


def balances() -> dict[str, int]:
    sums: dict[str, int] = {}
    for code, balance in LedgerAccount.objects.values_list("code", "balance"):
        sums[code] = sums.get(code, 0) + balance
    return sums


def moved(before: dict[str, int]) -> dict[str, int]:
    after = balances()
    return {code: after[code] - before.get(code, 0) for code in after if after[code] != before.get(code, 0)}


@pytest.fixture
def order() -> Order:
    """8.00 at the counter, not paid."""
    payer = make_wallet().user
    store = Store.objects.create(code=f"s{payer.pk}", name="人民路店")
    return create_store_order(payer_id=payer.pk, store_code=store.code, amount=Fen(8_00), remark="")


@pytest.fixture
def attempt(order: Order) -> Callable[..., Payment]:
    """A payment of that order at WeChat, as far as it came."""

    def begin(state: str = PaymentState.CLOSED, **said: Any) -> Payment:
        fields = {
            "number": new_serial("P"),
            "order": order,
            "payer": order.payer,
            "method": "WECHAT",
            "description": order.title,
            "from_balance": 0,
            "from_channel": order.amount,
            "state": state,
            "openid": OPENID,
            "appid": settings.WECHAT["appid"],
            "mchid": settings.WECHAT["mchid"],
            "expires_at": order.expires_at,
        }
        return Payment.objects.create(**{**fields, **said})

    return begin


def paid(number: str, **said: Any) -> TransactionNotice:
    fields: dict[str, Any] = {
        "appid": settings.WECHAT["appid"],
        "mchid": settings.WECHAT["mchid"],
        "number": number,
        "state": TradeState.SUCCESS,
        "transaction_id": f"42{number[-20:]}",
        "total": Fen(8_00),
        "currency": "CNY",
        "openid": OPENID,
        "success_time": clock.now(),
        "attach": "",
        "raw": {},
    }
    return TransactionNotice(**{**fields, **said})


def receipt_of(number: str) -> CallbackReceipt:
    return CallbackReceipt.objects.create(
        notice_id=new_serial("N"), event_type="TRANSACTION.SUCCESS", headers={}, body="{}", state="RECEIVED"
    )


def told(notice: TransactionNotice, *, via: str = "query") -> None:
    """By a callback, a query, or a line of the bill; as their doors do it."""
    with transaction.atomic():
        receipt = receipt_of(notice.number) if via == "callback" else None
        settle_payment(notice=notice, via=via, receipt=receipt)


def rule_says(kind: CaseKind, **terms: Any) -> CaseRule:
    """The next version, as if two people had agreed to it."""
    now = clock.now()
    said = {**case_rule(kind, at=now).terms.columns, **terms}
    return CaseRule.objects.create(kind=kind, **said, effective_from=now)


def end_refund(refund: Refund, state: SaidState) -> None:
    notice = RefundNotice(
        mchid=None,
        refund_number=refund.number,
        refund_id=f"50{refund.number[-16:]}",
        number="",
        transaction_id=refund.transaction_id,
        state=state,
        amount=Fen(refund.amount),
        total=Fen(refund.total),
        success_time=None,
        raw={},
    )
    with transaction.atomic():
        apply_refund(notice=notice)


def pushes() -> int:
    return new(Job).filter(task="payments.push_refund").count()


WRONG = {
    CaseKind.AMOUNT_MISMATCH: {"total": Fen(7_99)},
    CaseKind.CURRENCY_MISMATCH: {"currency": "USD"},
    CaseKind.PAYER_MISMATCH: {"openid": "o-somebody-else"},
    CaseKind.MERCHANT_MISMATCH: {"mchid": "1900000001"},
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("routes", list(permutations(["callback", "query", "bill"])), ids="-".join)
def test_what_differs_is_one_case_whoever_brings_it_and_credits_nobody(attempt, kind, routes):
    payment = attempt(PaymentState.WAITING)
    before = balances()

    for via in (*routes, routes[0]):
        told(paid(payment.number, **WRONG[kind]), via=via)

    case = new(ExceptionCase).get()
    assert (case.kind, case.state, case.evidence["via"]) == (kind, "OPEN", routes[0])
    assert (case.rule.handling, case.refunds.count()) == ("HAND", 0)
    total = case.amount
    assert total == {"AMOUNT_MISMATCH": 7_99, "PAYER_MISMATCH": 8_00}.get(kind, 0)
    assert moved(before) == ({"wechat_clearing": -total, "suspense": total} if total else {})
    assert Record.objects.filter(wallet__user=payment.payer).count() == 0
    assert new(StoredEvent).filter(name="payments.case.opened").count() == 1


def test_an_unknown_order_is_one_case_with_its_money_in_suspense():
    before = balances()

    for via in ("bill", "callback", "query"):
        told(paid("P-nobody-knows-this-number"), via=via)

    case = new(ExceptionCase).get()
    assert (case.kind, case.amount, case.state) == ("UNKNOWN_ORDER", 8_00, "OPEN")
    assert moved(before) == {"wechat_clearing": -8_00, "suspense": 8_00}


def test_a_late_payment_goes_back_once_however_often_it_is_reported(attempt):
    payment = attempt()

    for via in ("callback", "query", "bill", "callback"):
        told(paid(payment.number), via=via)

    case = new(ExceptionCase).get()
    assert (case.kind, case.state, case.decided_by) == ("LATE_PAYMENT", "REFUNDING", None)
    assert (case.refunds.get().amount, pushes()) == (8_00, 1)
    end_refund(case.refunds.get(), SaidState.SUCCESS)
    told(paid(payment.number), via="bill")
    case.refresh_from_db()
    assert (case.state, case.refunds.count()) == ("RESOLVED", 1)


def test_a_second_payment_goes_back_and_the_first_stays(attempt):
    rule_says(CaseKind.LATE_PAYMENT, handling="HONOUR")
    first, second = attempt(), attempt()
    told(paid(first.number))

    told(paid(second.number))
    told(paid(second.number), via="callback")

    kinds = dict(new(ExceptionCase).values_list("kind", "state"))
    assert kinds == {"LATE_PAYMENT": "RESOLVED", "DOUBLE_PAYMENT": "REFUNDING"}
    assert new(Refund).get().transaction_id == paid(second.number).transaction_id


def test_by_rule_a_late_payment_pays_the_order_that_still_waits_once(attempt, order):
    rule_says(CaseKind.LATE_PAYMENT, handling="HONOUR")
    payment, before = attempt(), balances()

    for via in ("callback", "query", "bill"):
        told(paid(payment.number), via=via)

    order.refresh_from_db()
    payment.refresh_from_db()
    case = new(ExceptionCase).get()
    assert (order.state, order.paid_from_channel, payment.state) == (OrderState.PAID, 8_00, "PAID")
    assert (case.state, case.decided_by, case.refunds.count()) == ("RESOLVED", None, 0)
    assert moved(before) == {"wechat_clearing": -8_00, "merchant_sales": 8_00}
    assert Record.objects.get(wallet__user=order.payer).channel_amount == 8_00
    assert new(StoredEvent).filter(name="payments.order.paid").count() == 1


@pytest.mark.parametrize("why", ["closed", "being paid", "in two parts", "payer left", "somebody else's"])
def test_an_order_that_does_not_wait_for_it_is_not_paid_by_it(attempt, order, why):
    rule_says(CaseKind.LATE_PAYMENT, handling="HONOUR")
    payment = attempt(**{"in two parts": {"from_channel": 7_00}}.get(why, {}))
    total = Fen(payment.from_channel)
    if why == "payer left":
        new(Payment).update(openid="")
    states = {"closed": OrderState.CLOSED, "being paid": OrderState.PAYING}
    new(Order).update(state=states.get(why, OrderState.OPEN))
    if why == "somebody else's":
        new(Order).update(payer=make_wallet().user)

    told(paid(payment.number, total=total))

    case = new(ExceptionCase).get()
    assert (case.state, case.refunds.get().amount) == ("REFUNDING", total)
    order.refresh_from_db()
    assert order.state == states.get(why, OrderState.OPEN)
    assert not Record.objects.filter(wallet__user=payment.payer).exists()


def test_above_its_amount_a_rule_leaves_it_to_a_person(attempt):
    rule_says(CaseKind.LATE_PAYMENT, up_to=7_99)
    payment, before = attempt(), balances()

    told(paid(payment.number))

    case = new(ExceptionCase).get()
    assert (case.state, case.refunds.count(), pushes()) == ("OPEN", 0, 0)
    assert moved(before) == {"wechat_clearing": -8_00, "suspense": 8_00}


def test_a_rule_may_send_a_wrong_amount_back_by_itself_and_its_order_is_free_again(attempt, order):
    rule_says(CaseKind.AMOUNT_MISMATCH, handling="REFUND")
    payment = attempt(PaymentState.WAITING)
    new(Order).update(state=OrderState.PAYING)

    told(paid(payment.number, total=Fen(1)))
    end_refund(new(Refund).get(), SaidState.SUCCESS)

    order.refresh_from_db()
    assert (new(ExceptionCase).get().state, order.state) == ("RESOLVED", OrderState.OPEN)


def test_what_a_crash_rolled_back_is_done_once_when_it_comes_again(attempt):
    payment, before = attempt(), balances()

    with transaction.atomic():
        settle_payment(notice=paid(payment.number), via="query")
        transaction.set_rollback(True)
    assert (new(ExceptionCase).count(), pushes(), moved(before)) == (0, 0, {})

    told(paid(payment.number))
    told(paid(payment.number))
    assert (new(ExceptionCase).count(), new(Refund).count(), pushes()) == (1, 1, 1)


def by_hand(attempt: Callable[..., Payment], **terms: Any) -> ExceptionCase:
    rule_says(CaseKind.LATE_PAYMENT, handling="HAND", **terms)
    told(paid(attempt().number))
    return new(ExceptionCase).get()


def test_a_person_lets_a_late_payment_pay_its_order(attempt, order):
    case, staff = by_hand(attempt), staff_member()

    honour_case(case_id=case.pk, reason="顾客已取货", staff_id=staff.pk)

    case.refresh_from_db()
    order.refresh_from_db()
    assert (case.state, case.decided_by, order.state) == ("RESOLVED", staff.pk, "PAID")
    before = balances()
    with pytest.raises(CaseNotHonourable):
        honour_case(case_id=case.pk, reason="再来一次", staff_id=staff.pk)
    assert moved(before) == {}


@pytest.mark.parametrize("kind", [CaseKind.AMOUNT_MISMATCH, CaseKind.PAYER_MISMATCH])
def test_nobody_can_credit_what_differs(attempt, order, kind):
    told(paid(attempt(PaymentState.WAITING).number, **WRONG[kind]))
    case, before = new(ExceptionCase).get(), balances()

    with pytest.raises(CaseNotHonourable):
        honour_case(case_id=case.pk, reason="就这样吧", staff_id=1)

    case.refresh_from_db()
    order.refresh_from_db()
    assert (case.state, order.state, moved(before)) == ("OPEN", OrderState.OPEN, {})


@pytest.mark.parametrize("act", [refund_case, honour_case])
def test_above_a_line_nobody_decides_alone_and_nothing_moves(attempt, act):
    case, before = by_hand(attempt, alone_up_to=7_99), None
    before = balances()

    with pytest.raises(CaseNeedsApproval):
        act(case_id=case.pk, reason="一个人决定", staff_id=staff_member().pk)

    case.refresh_from_db()
    assert (case.state, pushes(), moved(before)) == ("OPEN", 0, {})


@pytest.mark.parametrize(("ask", "state"), [(propose_refund, "REFUNDING"), (propose_honour, "RESOLVED")])
def test_above_the_line_two_people_do_it_and_the_maker_stands_for_it(attempt, ask, state):
    case, maker = by_hand(attempt, alone_up_to=0), staff_member()
    checker = User.objects.create_superuser("zhou", "a long enough password")

    ask(case_id=case.pk, reason="已与顾客核实", maker_id=maker.pk)
    approve(proposal_id=new(Proposal).get().pk, checker_id=checker.pk)

    case.refresh_from_db()
    assert (case.state, case.decided_by) == (state, maker.pk)


def test_a_refund_that_wechat_closes_opens_the_case_again_with_a_new_clock(attempt):
    told(paid(attempt().number))
    case = new(ExceptionCase).get()
    new(ExceptionCase).update(due_at=clock.now() - timedelta(hours=1), overdue_at=clock.now())

    end_refund(case.refunds.get(), SaidState.CLOSED)

    case.refresh_from_db()
    assert (case.state, case.overdue_at) == ("OPEN", None)
    assert case.due_at > clock.now() + timedelta(hours=23)


# --- the clock, and who answers ---


def events(name: str, case: ExceptionCase) -> int:
    return StoredEvent.objects.filter(name=f"payments.case.{name}", aggregate=f"case:{case.pk}").count()


def test_the_clock_warns_once_and_raises_the_alarm_once():
    case = exception_case("UNREADABLE_NOTICE")
    begun = case.created_at

    for hours in (1, 19, 20.1, 21, 23.9):
        watch_cases(at=begun + timedelta(hours=hours), limit=1000)
    assert (events("due_soon", case), events("overdue", case)) == (1, 0)

    for hours in (24.1, 25, 90):
        watch_cases(at=begun + timedelta(hours=hours), limit=1000)
    assert (events("due_soon", case), events("overdue", case)) == (1, 1)
    case.refresh_from_db()
    assert case.overdue_at == begun + timedelta(hours=24.1)


def test_a_watch_that_slept_raises_the_alarm_and_does_not_warn_of_the_past():
    case = exception_case("UNREADABLE_NOTICE")

    watch_cases(at=clock.now() + timedelta(days=3), limit=1000)

    assert (events("due_soon", case), events("overdue", case)) == (0, 1)


def test_what_is_on_its_way_back_has_no_clock(attempt):
    told(paid(attempt().number))
    case = new(ExceptionCase).get()

    watch_cases(at=clock.now() + timedelta(hours=30), limit=1000)

    assert (events("due_soon", case), events("overdue", case)) == (0, 0)


def test_a_rule_that_changes_moves_no_clock_that_runs():
    case = exception_case("UNREADABLE_NOTICE")
    rule_says(CaseKind.UNREADABLE_NOTICE, due_hours=100, warn_hours=1)

    watch_cases(at=case.created_at + timedelta(hours=25), limit=1000)

    assert events("overdue", case) == 1


def test_a_case_says_who_did_what():
    case, staff = exception_case("WECHAT_WARNING"), staff_member()

    note_case_seen(case_id=case.pk, at=clock.now())
    note_case_seen(case_id=case.pk, at=clock.now())
    assign_case(case_id=case.pk, assignee_id=staff.pk)
    note_on_case(case_id=case.pk, text="已致电微信")
    resolve_by_hand(case_id=case.pk, resolution="微信确认无需处理", staff_id=staff.pk)

    trail = AuditEntry.objects.filter(subject=f"case:{case.pk}").order_by("pk")
    assert [entry.action.rpartition(".")[2] for entry in trail] == ["seen", "assigned", "noted", "resolved"]
    case.refresh_from_db()
    assert (case.assignee_id, case.decided_by, case.resolution) == (staff.pk, staff.pk, "微信确认无需处理")
    for act in (
        lambda: assign_case(case_id=case.pk, assignee_id=1),
        lambda: note_on_case(case_id=case.pk, text="还有"),
    ):
        with pytest.raises(CaseEnded):
            act()
    with pytest.raises(CaseHoldsMoney):
        resolve_by_hand(case_id=case.pk, resolution="再次", staff_id=staff.pk)


# --- what has no outcome ---


def test_a_refund_without_an_outcome_is_one_case_that_its_outcome_ends(attempt):
    told(paid(attempt().number))
    refund = new(Refund).get()

    for hours in (71, 73, 74, 200):
        watch_cases(at=refund.created_at + timedelta(hours=hours), limit=1000)

    case = new(ExceptionCase).get(kind="REFUND_UNDECIDED", number=refund.number)
    assert (case.number, case.amount, case.evidence["amount"]) == (refund.number, 0, 8_00)
    before = balances()
    end_refund(refund, SaidState.PROCESSING)
    case.refresh_from_db()
    assert (case.state, moved(before)) == ("OPEN", {})

    end_refund(refund, SaidState.SUCCESS)

    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("RESOLVED", None)
    watch_cases(at=clock.now() + timedelta(days=30), limit=1000)
    refund = new(Refund).get()
    assert new(ExceptionCase).filter(kind="REFUND_UNDECIDED", number=refund.number).count() == 1


def test_an_undecided_refund_that_gets_stuck_goes_on_as_an_abnormal_one(attempt):
    told(paid(attempt().number))
    refund = new(Refund).get()
    watch_cases(at=refund.created_at + timedelta(hours=73), limit=1000)

    for _twice in range(2):
        end_refund(refund, SaidState.ABNORMAL)

    states = dict(new(ExceptionCase).filter(number=refund.number).values_list("kind", "state"))
    assert states == {"REFUND_UNDECIDED": "RESOLVED", "REFUND_ABNORMAL": "OPEN"}


def test_how_long_to_wait_for_an_outcome_is_a_rule(attempt):
    told(paid(attempt().number))
    rule_says(CaseKind.REFUND_UNDECIDED, opens_after_hours=2)

    watch_cases(at=clock.now() + timedelta(hours=3), limit=1000)

    refund = new(Refund).get()
    assert new(ExceptionCase).filter(kind="REFUND_UNDECIDED", number=refund.number).count() == 1


def test_a_transfer_without_an_outcome_is_one_case_and_one_that_waits_for_its_customer_is_none():
    stuck, waits = (merchant_transfer(make_wallet().user) for _each in range(2))
    type(stuck).objects.filter(pk=stuck.pk).update(state="TRANSFERING")
    type(waits).objects.filter(pk=waits.pk).update(state="WAIT_USER_CONFIRM")

    for hours in (23, 25, 26):
        watch_cases(at=stuck.created_at + timedelta(hours=hours), limit=1000)

    of_both = new(ExceptionCase).filter(number__in=(stuck.number, waits.number))
    case = of_both.get()
    assert (case.kind, case.number, case.amount) == ("TRANSFER_UNDECIDED", stuck.number, 0)


@pytest.mark.parametrize("kind", ["refund", "transfer"])
def test_a_notice_with_an_unknown_number_is_one_case_and_moves_nothing(kind):
    before = balances()
    refund = RefundNotice(
        mchid=None,
        refund_number="F-nobody",
        refund_id="50-nobody",
        number="P",
        transaction_id="42",
        state=SaidState.SUCCESS,
        amount=Fen(100),
        total=Fen(100),
        success_time=None,
        raw={},
    )
    transfer = TransferNotice(
        number="Tnobody",
        bill_no="13-nobody",
        state=SaidTransfer.SUCCESS,
        mchid=None,
        amount=Fen(100),
        openid=None,
        fail_reason="",
        package_info=None,
        raw={},
    )
    for _again in range(3):
        with transaction.atomic():
            if kind == "refund":
                apply_refund(notice=refund)
            else:
                apply_transfer(notice=transfer, via="query")

    assert new(ExceptionCase).get().kind == f"UNKNOWN_{kind.upper()}"
    assert moved(before) == {}


# --- rules ---


def test_every_kind_has_a_rule_and_only_two_act_by_themselves():
    rules = {kind: case_rule(kind, at=clock.now()) for kind in CaseKind}

    assert set(CaseRule.objects.values_list("kind", flat=True)) == set(CaseKind)
    acting = {kind for kind, rule in rules.items() if rule.handling != Handling.HAND}
    assert acting == {CaseKind.LATE_PAYMENT, CaseKind.DOUBLE_PAYMENT}


def terms_of(kind: CaseKind, **changed: Any) -> CaseTerms:
    return CaseTerms(**{**case_rule(kind, at=clock.now()).terms.columns, **changed})


def test_a_rule_changes_when_a_second_person_agrees_and_not_before(attempt):
    maker, checker = staff_member(), User.objects.create_superuser("zhou", "a long enough password")
    terms = terms_of(CaseKind.LATE_PAYMENT, handling="HAND")
    propose_case_rule(kind=CaseKind.LATE_PAYMENT, terms=terms, reason="先人工核实", maker_id=maker.pk)
    proposal = new(Proposal).get()
    told(paid(attempt().number))
    assert new(ExceptionCase).get().state == "REFUNDING"
    maker.is_superuser = True
    maker.save()
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    assert case_rule(CaseKind.LATE_PAYMENT, at=clock.now()).handling == "REFUND"

    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    rule = case_rule(CaseKind.LATE_PAYMENT, at=clock.now())
    assert (rule.handling, rule.proposed_by, rule.approved_by) == ("HAND", maker.pk, checker.pk)
    told(paid(attempt().number))
    assert new(ExceptionCase).filter(rule=rule).get().state == "OPEN"
    assert CaseRule.objects.filter(kind="LATE_PAYMENT").count() > 1, "the earlier version stays"


@pytest.mark.parametrize("kind", [kind for kind in CaseKind if kind not in HONOURABLE])
def test_no_rule_may_honour_anything_but_a_late_payment(kind):
    with pytest.raises(CaseRuleRefused):
        propose_case_rule(kind=kind, terms=terms_of(kind, handling="HONOUR"), reason="全部入账", maker_id=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        rule_says(kind, handling="HONOUR")

    assert not new(Proposal).exists()


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (CaseKind.CURRENCY_MISMATCH, {"handling": "REFUND"}),
        (CaseKind.MERCHANT_MISMATCH, {"alone_up_to": 1}),
        (CaseKind.LATE_PAYMENT, {"warn_hours": 24}),
        (CaseKind.LATE_PAYMENT, {"due_hours": 0, "warn_hours": 0}),
        (CaseKind.LATE_PAYMENT, {"opens_after_hours": 3}),
        (CaseKind.REFUND_UNDECIDED, {"opens_after_hours": None}),
    ],
)
def test_what_a_rule_cannot_mean_is_refused_by_the_words_and_by_the_table(kind, changed):
    assert problem_with(terms_of(kind, **changed), kind=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        rule_says(kind, **changed)


def test_a_rule_that_says_what_counts_already_is_no_change():
    with pytest.raises(CaseRuleChangesNothing):
        propose_case_rule(
            kind=CaseKind.LATE_PAYMENT,
            terms=terms_of(CaseKind.LATE_PAYMENT),
            reason="没有变化",
            maker_id=staff_member().pk,
        )
    assert new(Journal).filter(kind="suspense_in").count() == 0
