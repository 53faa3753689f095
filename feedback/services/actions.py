"""
Put something right from a ticket, in one transaction with what the owning app does and with what the
conversation says of it. What waits for a second person, or for WeChat, ends when that is heard of.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation

from accounts.errors import AccountClosed
from accounts.models import User, UserStatus
from accounts.services.freezing import propose_unfreeze_user
from feedback.errors import CustomerUnknown, OwnMatter
from feedback.models import Ticket, TicketAction
from feedback.rules.action_words import noted_for_staff, told_to_customer
from feedback.rules.actions import ACTION_MOVES, OPEN_ACTIONS, ActionKind, ActionState
from feedback.rules.tickets import Voice
from feedback.services.locks import lock_where_it_goes_on
from feedback.services.tickets import lock_open_ticket, say, tell
from payments.rules.order_refunds import OrderRefundState, RefundReason
from payments.selectors.orders import order_for
from payments.services.order_refunds import refund_by_staff
from payments.services.withdrawals import call_off_for
from wallet.rules.withdrawals import UNDER_WAY
from wallet.selectors.receipts import receipt_of
from wallet.selectors.records import record_for
from wallet.services.freezes import propose_unfreeze
from wallet.services.receipt_papers import address_of
from wallet.services.wallets import open_wallet
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who of the staff does it, in which ticket and why; `key` is what their dialog calls it."""

    ticket_id: int
    agent_id: int
    key: str
    because: str

    def as_reason(self, ticket: Ticket) -> str:
        """For the owning app, which so names the ticket."""
        return f"{self.because[:160]}（工单 {ticket.number}）"


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Of a ticket: who of the customers it is is known."""

    ticket: Ticket
    user_id: int


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What came of it; `address` is what the customer is to open."""

    subject: str
    state: ActionState = ActionState.DONE
    amount: Fen = ZERO
    reference: str = ""
    address: str = ""


@retry_conflicts
def do_once(kind: ActionKind, wish: Wish, does: Callable[[Customer, str], Effect]) -> TicketAction:
    """
    Once for each key of a ticket: done again, it answers what was done. `does` is told for whom and under
    which number; what it raises leaves nothing behind.

    :raises TicketClosed: the ticket is over
    :raises CustomerUnknown: nobody knows whose it is
    :raises OwnMatter: it is the agent's own
    :raises AccountClosed: they have left
    """
    with transaction.atomic(durable=True):
        ticket = lock_open_ticket(wish.ticket_id)
        if earlier := ticket.actions.filter(key=wish.key).first():
            return earlier
        customer = _customer_of(ticket, agent_id=wish.agent_id)
        now = clock.now()
        number = new_serial("Y", now)
        effect = does(customer, number)
        action = TicketAction.objects.create(
            number=number,
            ticket=ticket,
            kind=kind,
            state=effect.state,
            amount=effect.amount,
            subject=effect.subject,
            reference=effect.reference,
            because=wish.because,
            agent_id=wish.agent_id,
            key=wish.key,
            at=now,
            ended_at=None if effect.state in OPEN_ACTIONS else now,
        )
        _tell(ticket, action, address=effect.address)
    return action


def refund_order(wish: Wish, *, order_no: str, amount: Fen, reason: RefundReason) -> TicketAction:
    """
    Give back so much of an order of theirs. Above what one person may, it is PROPOSED.

    :raises NotFound: no such order of theirs
    :raises Paused, OrderNotRefundable, RefundExceedsPaid, TooManyRefunds: see `refund_by_staff`
    """

    def does(customer: Customer, _number: str) -> Effect:
        order = order_for(customer.user_id, order_no)
        if order.payer_id != customer.user_id:
            raise NotFound
        refund = refund_by_staff(
            order_id=order.pk,
            amount=amount,
            reason=reason,
            note=wish.as_reason(customer.ticket),
            maker_id=wish.agent_id,
        )
        waits = refund.state == OrderRefundState.REVIEW
        return Effect(
            subject=f"order:{order_no}",
            state=ActionState.PROPOSED if waits else ActionState.DONE,
            amount=amount,
            reference=refund.number,
        )

    return do_once(ActionKind.REFUND, wish, does)


def return_withdrawal(wish: Wish, *, number: str) -> TicketAction:
    """
    Call a withdrawal off, as its customer could. Where it is with WeChat it is UNDER_WAY until WeChat has
    answered.

    :raises NotFound: no such withdrawal of theirs
    :raises WithdrawalNotInReview: it is on its way, or over
    """

    def does(customer: Customer, _number: str) -> Effect:
        withdrawal = call_off_for(
            user_id=customer.user_id, number=number, wish=f"工单 {customer.ticket.number}"
        )
        waits = withdrawal.state in UNDER_WAY
        return Effect(
            subject=f"withdrawal:{number}",
            state=ActionState.UNDER_WAY if waits else ActionState.DONE,
            amount=Fen(withdrawal.amount),
            reference=number,
        )

    return do_once(ActionKind.WITHDRAWAL, wish, does)


def ask_unfreeze_wallet(wish: Wish) -> TicketAction:
    """
    One person asks, a second one lets the wallet go on.

    :raises WalletNotFrozen: there is nothing to lift
    :raises AlreadyProposed: somebody has asked already
    """

    def does(customer: Customer, _number: str) -> Effect:
        proposal_id = propose_unfreeze(
            wallet_id=open_wallet(user_id=customer.user_id).pk,
            reason=wish.as_reason(customer.ticket),
            maker_id=wish.agent_id,
        )
        return Effect(subject="wallet", state=ActionState.PROPOSED, reference=f"proposal:{proposal_id}")

    return do_once(ActionKind.WALLET, wish, does)


def ask_unfreeze_account(wish: Wish) -> TicketAction:
    """
    One person asks, a second one lets them log in again.

    :raises StateConflict: they are not frozen
    :raises AlreadyProposed: somebody has asked already
    """

    def does(customer: Customer, _number: str) -> Effect:
        proposal_id = propose_unfreeze_user(
            user_id=customer.user_id, reason=wish.as_reason(customer.ticket), maker_id=wish.agent_id
        )
        return Effect(subject="account", state=ActionState.PROPOSED, reference=f"proposal:{proposal_id}")

    return do_once(ActionKind.ACCOUNT, wish, does)


def resend_receipt(wish: Wish, *, record_id: int) -> TicketAction:
    """
    Write the address of a line's receipt into the conversation: anybody may check it there, names masked.

    :raises NotFound: no such line of theirs
    """

    def does(customer: Customer, _number: str) -> Effect:
        record = record_for(user_id=customer.user_id, record_id=record_id)
        receipt = receipt_of(record.pk)
        return Effect(
            subject=f"record:{record.pk}", reference=receipt.reference[:80], address=address_of(receipt)
        )

    return do_once(ActionKind.RECEIPT, wish, does)


def end_actions(kind: ActionKind, *, reference: str, state: ActionState) -> None:
    """
    What was waited for has come about: every open action of this kind under this reference ends so. Does
    nothing the second time.
    """
    waiting = TicketAction.objects.filter(kind=kind, reference=reference, state__in=OPEN_ACTIONS)
    for action_id, ticket_id in waiting.order_by("ticket", "pk").values_list("pk", "ticket"):
        with transaction.atomic():
            ticket = lock_where_it_goes_on(ticket_id)
            action = lock_action(action_id)
            if action.state in OPEN_ACTIONS:
                end_action(ticket, action, state)


def lock_action(action_id: int) -> TicketAction:
    """After its ticket."""
    require_transaction()
    return TicketAction.objects.select_for_update(no_key=True).get(pk=action_id)


def end_action(ticket: Ticket, action: TicketAction, state: ActionState) -> None:
    """
    Of a locked action and the ticket that tells of it.

    :raises StateConflict: no line leads there
    """
    require_move(ACTION_MOVES, action.state, state)
    action.state, action.ended_at = state, clock.now()
    action.save(update_fields=["state", "reference", "ended_at"])
    _tell(ticket, action)


def _customer_of(ticket: Ticket, *, agent_id: int) -> Customer:
    if ticket.user_id is None:
        raise CustomerUnknown
    if ticket.user_id in User.objects.get(pk=agent_id).own_user_ids:
        raise OwnMatter
    if User.objects.filter(pk=ticket.user_id, status=UserStatus.CLOSED).exists():
        raise AccountClosed
    return Customer(ticket=ticket, user_id=ticket.user_id)


def _tell(ticket: Ticket, action: TicketAction, *, address: str = "") -> None:
    """In the conversation, and on the trail."""
    amount = Fen(action.amount)
    with translation.override(ticket.language):
        told = told_to_customer(
            action.kind, action.state, amount=amount, reference=action.reference, address=address
        )
    if told:
        tell(ticket, told, at=clock.now())
    else:
        say(
            ticket_id=ticket.pk,
            voice=Voice.NOTE,
            body=noted_for_staff(action.kind, action.state, amount=amount),
            client_id=f"{action.number}:{action.state}",
            author_id=action.agent_id,
        )
    record_audit(
        action=f"feedback.action.{action.state.lower()}",
        subject=f"ticket:{ticket.pk}",
        facts={
            "what": action.kind,
            "amount": action.amount,
            "row": action.subject,
            "to": action.reference,
            "reason": action.because,
        },
    )
