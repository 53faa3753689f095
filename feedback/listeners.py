"""What the support desk hears."""

from datetime import datetime

from accounts.events import AccountClosed, AccountsMerged, UserRegistered
from coupons.rules.point_rules import EarnEvent
from coupons.services.point_rules import reward_event
from feedback.events import (
    CustomerWrote,
    SurveyAnswered,
    TicketAssigned,
    TicketMoved,
    TicketOpened,
    TicketReclassified,
    TicketReplied,
)
from feedback.rules.actions import ActionKind, ActionState
from feedback.rules.surveys import Trigger
from feedback.rules.tickets import TicketState
from feedback.services.actions import end_actions
from feedback.services.appeals import tell_of_case
from feedback.services.chat_desk import follow_ticket
from feedback.services.complaint_tellings import follow_merge, tell_answer, tell_end, tell_refund
from feedback.services.complaints import notice_complaint
from feedback.services.consultations import end_in_ticket
from feedback.services.follow_ups import follow_up
from feedback.services.goodwill import refuse_goodwill
from feedback.services.incidents import join_incident
from feedback.services.invitations import invite, invite_about_ticket, withdraw_about_ticket
from feedback.services.leaving import (
    close_tickets_of,
    hand_suggestions_over,
    hand_tickets_over,
    withdraw_invitations_of,
)
from feedback.services.routing import route
from feedback.services.sla import await_reply, begin_clocks, end_wait, follow_state, renew_promises
from payments.events import (
    ComplaintNoticed,
    OrderPaid,
    OrderRefundEvent,
    RefundAccepted,
    RefundRejected,
    RefundSucceeded,
    RefundWithdrawn,
    RiskCaseClosed,
)
from payments.rules.risk_cases import RiskCaseState
from wallet.events import TopUpTakenBack, WithdrawalEnded
from wallet.rules.withdrawals import WithdrawalState
from wallet_project.approvals.events import ProposalDecided
from wallet_project.kit.events import Event, listens_to
from wallet_project.kit.money import Fen

_UNFREEZES = {"wallet.unfreeze": ActionKind.WALLET, "accounts.unfreeze": ActionKind.ACCOUNT}


@listens_to(AccountClosed)
def who_left_asks_no_more(event: AccountClosed) -> None:
    close_tickets_of(user_id=event.user_id)


@listens_to(AccountClosed)
def who_left_is_asked_no_more(event: AccountClosed) -> None:
    withdraw_invitations_of(user_id=event.user_id)


@listens_to(AccountsMerged)
def a_person_keeps_their_tickets(event: AccountsMerged) -> None:
    hand_tickets_over(closed_user_id=event.closed_user_id, user_id=event.user_id)


@listens_to(AccountsMerged)
def a_person_keeps_their_suggestions(event: AccountsMerged) -> None:
    hand_suggestions_over(closed_user_id=event.closed_user_id, user_id=event.user_id)


@listens_to(TicketMoved)
def a_solved_ticket_is_rated(event: TicketMoved) -> None:
    if event.state in (TicketState.RESOLVED, TicketState.CLOSED):
        invite_about_ticket(ticket_id=event.ticket_id)
    elif event.was == TicketState.RESOLVED:
        withdraw_about_ticket(ticket_id=event.ticket_id)


@listens_to(OrderPaid)
def a_paid_order_invites(event: OrderPaid) -> None:
    invite(trigger=Trigger.ORDER_PAID, user_id=event.payer_id, about=f"order:{event.order_no}")


@listens_to(RefundSucceeded)
def a_refunded_order_invites(event: RefundSucceeded) -> None:
    invite(trigger=Trigger.ORDER_REFUNDED, user_id=event.payer_id, about=f"order:{event.order_no}")


@listens_to(WithdrawalEnded)
def an_ended_withdrawal_invites(event: WithdrawalEnded) -> None:
    invite(trigger=Trigger.WITHDRAWAL_ENDED, user_id=event.user_id, about=f"withdrawal:{event.number}")


@listens_to(UserRegistered)
def joining_invites(event: UserRegistered) -> None:
    invite(trigger=Trigger.REGISTERED, user_id=event.user_id)


@listens_to(SurveyAnswered)
def an_answered_survey_earns_points(event: SurveyAnswered) -> None:
    """Once per survey: whoever opens ten tickets to rate them earns no more."""
    reward_event(user_id=event.user_id, event=EarnEvent.SURVEY_ANSWERED, occasion=f"survey:{event.survey_id}")


@listens_to(SurveyAnswered)
def a_low_score_is_followed_up(event: SurveyAnswered) -> None:
    follow_up(invitation_id=event.invitation_id)


@listens_to(RefundAccepted)
def a_refund_that_waited_is_let_go(event: RefundAccepted) -> None:
    end_actions(ActionKind.REFUND, reference=event.number, state=ActionState.DONE)


def a_refund_that_waited_comes_to_nothing(event: OrderRefundEvent) -> None:
    end_actions(ActionKind.REFUND, reference=event.number, state=ActionState.REFUSED)


for _event in (RefundRejected, RefundWithdrawn):
    listens_to(_event)(a_refund_that_waited_comes_to_nothing)


@listens_to(WithdrawalEnded)
def a_withdrawal_came_back_or_arrived(event: WithdrawalEnded) -> None:
    arrived = event.state == WithdrawalState.PAID
    end_actions(
        ActionKind.WITHDRAWAL,
        reference=event.number,
        state=ActionState.FAILED if arrived else ActionState.DONE,
    )


@listens_to(ProposalDecided)
def what_waited_for_a_second_person_is_decided(event: ProposalDecided) -> None:
    is_approved = event.state == "APPROVED"
    if event.kind in _UNFREEZES:
        state = ActionState.DONE if is_approved else ActionState.REFUSED
        end_actions(_UNFREEZES[event.kind], reference=f"proposal:{event.proposal_id}", state=state)
    elif event.kind == "feedback.goodwill" and not is_approved:
        refuse_goodwill(number=event.subject.partition(":")[2])


@listens_to(RiskCaseClosed)
def whoever_appealed_hears_what_was_found(event: RiskCaseClosed) -> None:
    tell_of_case(case=event.number, state=RiskCaseState(event.state))


def clocks_follow(event: Event) -> None:
    match event:
        case TicketOpened():
            begin_clocks(ticket_id=event.ticket_id)
            join_incident(ticket_id=event.ticket_id)
        case TicketReclassified():
            renew_promises(ticket_id=event.ticket_id)
            join_incident(ticket_id=event.ticket_id)
        case CustomerWrote():
            await_reply(ticket_id=event.ticket_id, message_id=event.message_id)
        case TicketReplied():
            end_wait(ticket_id=event.ticket_id, message_id=event.message_id)
        case TicketMoved():
            follow_state(
                ticket_id=event.ticket_id,
                state=TicketState(event.state),
                at=datetime.fromisoformat(event.at),
            )


# One listener for all of them: what happens to a ticket reaches each listener in its order.
for _heard in (TicketOpened, TicketReclassified, CustomerWrote, TicketReplied, TicketMoved):
    listens_to(_heard)(clocks_follow)


@listens_to(TicketOpened)
def a_question_was_not_answered(event: TicketOpened) -> None:
    end_in_ticket(ticket_id=event.ticket_id)


@listens_to(ComplaintNoticed)
def wechat_has_news_of_a_complaint(event: ComplaintNoticed) -> None:
    notice_complaint(event.complaint_id)


@listens_to(TicketReplied)
def whoever_complains_reads_our_answer(event: TicketReplied) -> None:
    tell_answer(message_id=event.message_id)


@listens_to(TicketMoved)
def wechat_hears_when_a_complaint_is_dealt_with(event: TicketMoved) -> None:
    if event.state in {TicketState.RESOLVED, TicketState.CLOSED}:
        tell_end(ticket_id=event.ticket_id)
    elif event.state == TicketState.MERGED:
        follow_merge(ticket_id=event.ticket_id)


@listens_to(RefundAccepted)
def whoever_complains_hears_that_we_refund(event: RefundAccepted) -> None:
    tell_refund(about=f"order:{event.order_no}", amount=Fen(event.amount))


@listens_to(TopUpTakenBack)
def whoever_complains_hears_that_a_top_up_goes_back(event: TopUpTakenBack) -> None:
    tell_refund(about=f"top_up:{event.number}")


@listens_to(TicketOpened)
def a_new_ticket_finds_an_agent(event: TicketOpened) -> None:
    route(ticket_id=event.ticket_id)


@listens_to(TicketAssigned)
def a_chat_is_with_whoever_has_its_ticket(event: TicketAssigned) -> None:
    follow_ticket(ticket_id=event.ticket_id)


@listens_to(TicketMoved)
def a_chat_ends_with_its_ticket(event: TicketMoved) -> None:
    follow_ticket(ticket_id=event.ticket_id)
