"""What is put right from a ticket is the owning app's doing, once, and told; refused, nothing has moved."""

from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import User, UserStatus
from accounts.rules.kyc import KycLevel
from accounts.services.freezing import freeze_user
from accounts.tests.factories import logged_in, with_level
from feedback.errors import CustomerUnknown, OwnMatter, TicketClosed
from feedback.models import TicketAction
from feedback.rules.actions import ActionKind
from feedback.rules.tickets import TicketState
from feedback.selectors.actions import possible_for
from feedback.services.actions import (
    ask_unfreeze_account,
    ask_unfreeze_wallet,
    refund_order,
    resend_receipt,
    return_withdrawal,
)
from feedback.services.tickets import move_ticket
from feedback.tests.actions import ticket_of, told, wish
from payments.errors import RefundExceedsPaid
from payments.models import MerchantTransfer, OrderRefund
from payments.rules.order_refunds import RefundReason
from payments.rules.transfers import TransferState
from payments.services.transfer_results import decide_transfer
from payments.services.transfers import lock_transfer
from payments.tests.factories import merchant_transfer, paid_order, staff_member
from wallet.errors import WithdrawalNotInReview
from wallet.models import Record, Withdrawal
from wallet.rules.kinds import MoveKind
from wallet.services.freezes import freeze_wallet
from wallet.services.quotes import make_quote
from wallet.services.wallets import open_wallet
from wallet.services.withdrawals import open_withdrawal
from wallet.tests.factories import amounts_in, fill
from wallet_project.approvals.errors import AlreadyProposed
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import OPEN_FOR, approve, reject
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import Fen

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> User:
    return logged_in().user


@pytest.fixture
def ticket(customer):
    return ticket_of(customer)


def checker(*codenames: str) -> User:
    member = staff_member()
    for codename in codenames:
        member.user_permissions.add(Permission.objects.get(codename=codename))
    return member


def refund(ticket, order, amount=400, **more):
    return refund_order(
        wish(ticket, **more), order_no=order.number, amount=Fen(amount), reason=RefundReason.DEFECTIVE
    )


def test_an_order_is_refunded_and_both_sides_name_each_other(ticket, customer):
    order = paid_order(customer)

    action = refund(ticket, order)

    given = OrderRefund.objects.get(order=order)
    assert (action.state, action.amount, action.reference) == ("DONE", 400, given.number)
    assert (given.state, given.origin) == ("SUCCEEDED", "STAFF")
    assert ticket.number in given.note
    [said] = told(ticket)
    assert "4.00" in said
    assert given.number in said


def test_the_same_dialog_sent_twice_acts_once(ticket, customer):
    order, agent = paid_order(customer), staff_member()

    first = refund(ticket, order, agent=agent, key="dialog-1")
    again = refund(ticket, order, agent=agent, key="dialog-1")

    assert (again, OrderRefund.objects.filter(order=order).count()) == (first, 1)


def test_what_a_second_person_must_let_go_waits_and_then_is_told(ticket, customer, settings, outbox):
    settings.STAFF_REFUND_ALONE_MAX = 399
    order = paid_order(customer)

    action = refund(ticket, order)
    assert action.state == "PROPOSED"
    assert "复核" in told(ticket)[-1]
    proposal = Proposal.objects.get(subject=f"order_refund:{action.reference}")
    approve(proposal_id=proposal.pk, checker_id=checker("approve_order_refund").pk)
    outbox.deliver()

    action.refresh_from_db()
    assert (action.state, OrderRefund.objects.get(order=order).state) == ("DONE", "SUCCEEDED")
    assert action.reference in told(ticket)[-1]


def test_whatever_is_refused_leaves_nothing(ticket, customer):
    order, strangers = paid_order(customer), paid_order(logged_in().user)
    own = staff_member(own=customer)
    nobodys, over = ticket_of(None), ticket_of(customer)
    move_ticket(ticket_id=over.pk, to=TicketState.CLOSED, by_id=None)

    for refusal, attempt in (
        (RefundExceedsPaid, lambda: refund(ticket, order, order.amount + 1)),
        (NotFound, lambda: refund(ticket, strangers)),
        (OwnMatter, lambda: refund(ticket, order, agent=own)),
        (CustomerUnknown, lambda: refund(nobodys, order)),
        (TicketClosed, lambda: refund(over, order)),
    ):
        with pytest.raises(refusal):
            attempt()

    assert not TicketAction.objects.filter(ticket__in=[ticket, nobodys, over]).exists()
    assert not OrderRefund.objects.filter(order__in=[order, strangers]).exists()
    assert told(ticket) == []


def in_review(customer) -> Withdrawal:
    with_level(customer, KycLevel.II)
    wallet, amount = open_wallet(user_id=customer.pk), 100_00
    fill(wallet, principal=amount + 10_000)
    quote = make_quote(user_id=customer.pk, kind=MoveKind.WITHDRAW, amount=Fen(amount), facts={})
    with transaction.atomic():
        return open_withdrawal(
            user_id=customer.pk,
            wallet_id=wallet.pk,
            amount=Fen(amount),
            quote_id=quote.public_id,
            at=clock.now(),
            looked_at_for="大额",
        )


def test_a_withdrawal_in_review_is_back_at_once(ticket, customer):
    withdrawal = in_review(customer)

    action = return_withdrawal(wish(ticket), number=withdrawal.number)

    withdrawal.refresh_from_db()
    assert (action.state, withdrawal.state) == ("DONE", "CANCELLED")
    assert amounts_in(withdrawal.wallet)["principal"][1] == 0
    with pytest.raises(WithdrawalNotInReview):
        return_withdrawal(wish(ticket), number=withdrawal.number)
    assert ticket.actions.count() == 1


@pytest.mark.parametrize(
    ("wechat_says", "state", "ends"),
    [(TransferState.CANCELLED, "CANCELLED", "DONE"), (TransferState.SUCCESS, "PAID", "FAILED")],
)
def test_what_is_with_wechat_is_under_way_until_wechat_has_answered(
    ticket, customer, outbox, wechat_says, state, ends
):
    withdrawal = in_review(customer)
    transfer = sent(withdrawal)

    action = return_withdrawal(wish(ticket), number=withdrawal.number)
    assert action.state == "UNDER_WAY"
    transfer.refresh_from_db()
    assert ticket.number in transfer.stopped_because
    with transaction.atomic():
        decide_transfer(lock_transfer(transfer.number), state=wechat_says)
    outbox.deliver()

    action.refresh_from_db()
    withdrawal.refresh_from_db()
    assert (withdrawal.state, action.state) == (state, ends)
    assert withdrawal.number in told(ticket)[-1]


def sent(withdrawal: Withdrawal) -> MerchantTransfer:
    """As far as the withdrawal knows, all of it is on its way by this transfer."""
    transfer = merchant_transfer(
        withdrawal.wallet.user, amount=withdrawal.amount, withdrawal_id=withdrawal.pk
    )
    Withdrawal.objects.filter(pk=withdrawal.pk).update(state="SENDING", sent_at=clock.now())
    return transfer


def test_two_people_let_a_wallet_and_an_account_go_on(ticket, customer, outbox):
    freeze_wallet(wallet_id=open_wallet(user_id=customer.pk).pk, reason="公安协查")
    freeze_user(user_id=customer.pk, reason="盗号")

    wallet, account = ask_unfreeze_wallet(wish(ticket)), ask_unfreeze_account(wish(ticket))
    for_wallet, for_account = (
        Proposal.objects.get(pk=int(action.reference.partition(":")[2])) for action in (wallet, account)
    )
    assert ticket.number in for_wallet.reason
    approve(proposal_id=for_wallet.pk, checker_id=checker("approve_unfreeze").pk)
    reject(proposal_id=for_account.pk, checker_id=checker("approve_unfreeze_user").pk, comment="还没有核实")
    outbox.deliver()

    wallet.refresh_from_db()
    account.refresh_from_db()
    customer.refresh_from_db()
    assert (wallet.state, account.state) == ("DONE", "REFUSED")
    assert customer.status == UserStatus.FROZEN
    assert "您的钱包已解冻" in told(ticket)
    assert "您的账户已解冻，可以重新登录" not in told(ticket)


def test_asked_twice_waits_once_and_is_told_once(ticket, customer, outbox):
    freeze_user(user_id=customer.pk, reason="盗号")
    first = ask_unfreeze_account(wish(ticket))

    other = ticket_of(customer)
    for again in (ticket, other):
        with pytest.raises(AlreadyProposed):
            ask_unfreeze_account(wish(again))

    assert TicketAction.objects.filter(ticket__in=[ticket, other]).count() == 1
    assert told(other) == []
    proposal = Proposal.objects.get(kind="accounts.unfreeze", subject=f"user:{customer.pk}")
    approve(proposal_id=proposal.pk, checker_id=checker("approve_unfreeze_user").pk)
    outbox.deliver()
    first.refresh_from_db()
    assert first.state == "DONE"
    assert told(ticket) == ["已为您申请解冻账户，正在复核", "您的账户已解冻，可以重新登录"]


def test_what_became_of_the_first_request_does_not_end_the_second(ticket, customer, outbox):
    wallet = open_wallet(user_id=customer.pk)
    freeze_wallet(wallet_id=wallet.pk, reason="公安协查")
    ask = partial(Proposal.objects.get, kind="wallet.unfreeze", subject=f"wallet:{wallet.pk}", state="OPEN")
    may_decide = checker("approve_unfreeze").pk
    first = ask_unfreeze_wallet(wish(ticket))
    reject(proposal_id=ask().pk, checker_id=may_decide, comment="材料不全")
    second = ask_unfreeze_wallet(wish(ticket))  # before the first answer was heard of
    outbox.deliver()
    with time_machine.travel(clock.now() + OPEN_FOR):
        third = ask_unfreeze_wallet(wish(ticket))  # the second one has had its time
        outbox.deliver()
        approve(proposal_id=ask().pk, checker_id=may_decide)
        outbox.deliver()

    assert [TicketAction.objects.get(pk=action.pk).state for action in (first, second, third)] == [
        "REFUSED",
        "REFUSED",
        "DONE",
    ]
    assert told(ticket).count("您的钱包已解冻") == 1


def test_a_receipt_is_of_a_line_of_their_own(ticket, customer):
    paid_order(customer)
    paid_order(other := logged_in().user)

    resend_receipt(wish(ticket), record_id=Record.objects.filter(wallet__user=customer).latest("pk").pk)
    with pytest.raises(NotFound):
        resend_receipt(wish(ticket), record_id=Record.objects.filter(wallet__user=other).latest("pk").pk)

    [said] = told(ticket)
    assert "/receipts/" in said


def test_a_page_offers_what_the_agent_may_and_there_is_something_for(ticket, customer):
    agent = checker("start_orderrefund", "act_for_customer", "give_goodwill")
    assert possible_for(ticket, agent) == [ActionKind.POINTS, ActionKind.CREDIT]

    paid_order(customer)
    freeze_wallet(wallet_id=open_wallet(user_id=customer.pk).pk, reason="公安协查")

    offered = [
        ActionKind.REFUND,
        ActionKind.POINTS,
        ActionKind.CREDIT,
        ActionKind.WALLET,
        ActionKind.RECEIPT,
    ]
    assert possible_for(ticket, User.objects.get(pk=agent.pk)) == offered
    assert possible_for(ticket, checker("start_orderrefund")) == [ActionKind.REFUND]
    assert possible_for(ticket, staff_member(own=customer)) == []
    assert possible_for(ticket_of(None), agent) == []
