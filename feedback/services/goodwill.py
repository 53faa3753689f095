"""
What we give a customer because something went wrong: within what its giver may give in a day, and, above what
a customer may have of one person's word, with a second one.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Sum

from coupons.rules.rewards import RewardKind, RewardState, RewardTerms
from coupons.selectors.coupons import coupon_for, template_to_give
from coupons.services.coupons import issue_coupon, renew_coupon
from coupons.services.rewards import give_reward
from feedback.errors import ActionOver, GivenAgainBefore, GoodwillSpent
from feedback.models import GoodwillDay, TicketAction
from feedback.rules.action_words import with_worth
from feedback.rules.actions import COUNTED, GOODWILL, ActionKind, ActionState, takes_two
from feedback.services.actions import Customer, Effect, Wish, do_once, end_action, lock_action
from feedback.services.locks import lock_where_it_goes_on
from wallet.errors import WalletClosed
from wallet_project.approvals.services import propose
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.money import ZERO, Fen

LATELY = timedelta(days=30)
CREDIT_LASTS_DAYS = 365
_CUSTOMERS = 0x676F6F64 << 32  # "good", so that nobody else locks these numbers
_TITLE = "客服补偿"


def give_again(wish: Wish, *, serial: str) -> TicketAction:
    """
    A coupon of theirs that ended unused is theirs again.

    :raises NotFound: no such coupon of theirs
    :raises CouponNotUsable: it has not ended, or not unused
    :raises GivenAgainBefore: it was given again before, or is about to be
    :raises GoodwillSpent: it is more than is left of the agent's day
    """

    def worth(customer: Customer) -> Fen:
        given = TicketAction.objects.filter(
            kind=ActionKind.RENEWAL, subject=f"coupon:{serial}", state__in=COUNTED
        )
        coupon = coupon_for(user_id=customer.user_id, serial=serial)
        if given.exists():
            raise GivenAgainBefore
        return Fen(coupon.face)

    return _give(ActionKind.RENEWAL, wish, subject=f"coupon:{serial}", worth=worth)


def give_coupon(wish: Wish, *, template_id: int) -> TicketAction:
    """
    A coupon of those that staff give.

    :raises CouponNotOffered, CouponsGone, CouponTakenOften: they may have none
    :raises GoodwillSpent: it is more than is left of the agent's day
    """

    def worth(_customer: Customer) -> Fen:
        return Fen(template_to_give(template_id, at=clock.now()).amount)

    return _give(ActionKind.COUPON, wish, subject=f"coupon_template:{template_id}", worth=worth)


def give_points(wish: Wish, *, points: int) -> TicketAction:
    """
    :raises Paused: nothing is given at the moment
    :raises GoodwillSpent: it is more than is left of the agent's day
    """
    return _give(ActionKind.POINTS, wish, subject="", worth=lambda _customer: Fen(points))


def give_credit(wish: Wish, *, amount: Fen) -> TicketAction:
    """
    Bonus in their wallet, for a year; what they owe of earlier bonus is kept back.

    :raises Paused: nothing is given at the moment
    :raises WalletReceivesNothing: nothing comes into this wallet
    :raises GoodwillSpent: it is more than is left of the agent's day
    """
    return _give(ActionKind.CREDIT, wish, subject="", worth=lambda _customer: amount)


def carry_out_goodwill(*, number: str) -> TicketAction:
    """
    Two people agree: it is given, in the transaction that approves it.

    :raises ActionOver: it has ended another way
    """
    require_transaction()
    action_id, ticket_id = TicketAction.objects.values_list("pk", "ticket").get(number=number)
    ticket = lock_where_it_goes_on(ticket_id)
    action = lock_action(action_id)
    if action.state != ActionState.PROPOSED:
        raise ActionOver(state=action.state)
    customer = Customer(ticket=action.ticket, user_id=action.ticket.user_id or 0)
    action.reference = _hand_over(
        ActionKind(action.kind), customer, number, subject=action.subject, amount=Fen(action.amount)
    )
    end_action(ticket, action, ActionState.DONE)
    return action


def refuse_goodwill(*, number: str) -> None:
    """The second person said no, or nobody did in time: its giver may give so much again."""
    require_transaction()
    action_id, ticket_id = TicketAction.objects.values_list("pk", "ticket").get(number=number)
    ticket = lock_where_it_goes_on(ticket_id)
    action = lock_action(action_id)
    if action.state == ActionState.PROPOSED:
        of_day = GoodwillDay.objects.filter(agent_id=action.agent_id, day=clock.business_day(action.at))
        of_day.update(spent=F("spent") - action.amount)
        end_action(ticket, action, ActionState.REFUSED)


def _give(kind: ActionKind, wish: Wish, *, subject: str, worth: Callable[[Customer], Fen]) -> TicketAction:
    def does(customer: Customer, number: str) -> Effect:
        lock_number(_CUSTOMERS + customer.user_id)
        amount = worth(customer)
        given = _given_lately(customer.user_id)
        _spend(wish.agent_id, amount)
        if takes_two(amount, given=given, alone_up_to=Fen(settings.GOODWILL_ALONE_MAX)):
            reference = _ask_a_second(kind, wish, customer, number, amount=amount, given=given)
            state = ActionState.PROPOSED
        else:
            reference = _hand_over(kind, customer, number, subject=subject, amount=amount)
            state = ActionState.DONE
        return Effect(subject=subject, state=state, amount=amount, reference=reference)

    return do_once(kind, wish, does)


def _hand_over(kind: ActionKind, customer: Customer, number: str, *, subject: str, amount: Fen) -> str:
    """Answers the number that the owning app calls it by; that names the ticket."""
    of, ticket = subject.partition(":")[2], customer.ticket
    match kind:
        case ActionKind.RENEWAL:
            return renew_coupon(user_id=customer.user_id, serial=of, reference=ticket.number).serial
        case ActionKind.COUPON:
            return issue_coupon(
                template_id=int(of),
                user_id=customer.user_id,
                source=f"ticket_action:{number}",
                reference=ticket.number,
            ).serial
        case _:
            return _reward(kind, customer, number, amount=amount)


def _reward(kind: ActionKind, customer: Customer, number: str, *, amount: Fen) -> str:
    """
    :raises WalletClosed: they left in the same moment, and have nothing of it
    """
    is_credit = kind == ActionKind.CREDIT
    terms = RewardTerms(
        kind=RewardKind.BONUS if is_credit else RewardKind.POINTS,
        amount=amount,
        days=CREDIT_LASTS_DAYS if is_credit else None,
    )
    reward = give_reward(
        user_id=customer.user_id,
        terms=terms,
        source=f"ticket_action:{number}",
        title=_TITLE,
        reference=customer.ticket.number,
    )
    if reward is None or reward.state != RewardState.GIVEN:
        raise WalletClosed
    return reward.source


def _ask_a_second(
    kind: ActionKind, wish: Wish, customer: Customer, number: str, *, amount: Fen, given: Fen
) -> str:
    subject = f"ticket_action:{number}"
    propose(
        kind="feedback.goodwill",
        subject=subject,
        facts={
            "number": number,
            "ticket": customer.ticket.number,
            "what": with_worth(kind, amount),
            "amount": amount,
            "given": given,
            "user_id": customer.user_id,
        },
        reason=wish.because,
        maker_id=wish.agent_id,
    )
    return subject


def _given_lately(user_id: int) -> Fen:
    """What this customer had from any of us, or is about to have; whoever asks has locked them."""
    had = TicketAction.objects.filter(
        ticket__user=user_id, kind__in=GOODWILL, state__in=COUNTED, at__gt=clock.now() - LATELY
    )
    return Fen(had.aggregate(total=Sum("amount"))["total"] or ZERO)


def _spend(agent_id: int, amount: Fen) -> None:
    """
    Of the agent's day; its row is theirs alone until the transaction ends.

    :raises GoodwillSpent: there is not so much left
    """
    today = clock.business_day(clock.now())
    GoodwillDay.objects.bulk_create(
        [GoodwillDay(agent_id=agent_id, day=today, most=settings.GOODWILL_DAY_MAX)], ignore_conflicts=True
    )
    of_today = GoodwillDay.objects.filter(agent_id=agent_id, day=today)
    if not of_today.filter(spent__lte=F("most") - amount).update(spent=F("spent") + amount):
        left = of_today.values_list("most", "spent").get()
        raise GoodwillSpent(limit=left[0], left=left[0] - left[1])
