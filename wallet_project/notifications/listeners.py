"""What people are told of: events of every app become messages."""

from datetime import datetime

from accounts.events import AccountClosed, AccountsMerged, AgreementPublished
from coupons.events import CouponExpiring
from feedback.events import SurveyInvited
from payments.events import SubscribeMessageEnded, SubscriptionAnswered
from wallet.events import BudgetReached
from wallet_project.kit import clock
from wallet_project.kit.events import Event, listens_to
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.rules.triggers import TriggerKind
from wallet_project.notifications.selectors.news import accounts, coupons, feedback, payments, wallet
from wallet_project.notifications.selectors.news.register import NEWS
from wallet_project.notifications.services.deliveries import note_receipt
from wallet_project.notifications.services.everybody import tell_of_agreement
from wallet_project.notifications.services.leaving import forget_messages_of, hand_messages_over
from wallet_project.notifications.services.news import tell
from wallet_project.notifications.services.quotas import hear_of_popup, hear_of_refusal
from wallet_project.notifications.services.triggers import note_occasion

__all__ = ["accounts", "coupons", "feedback", "payments", "wallet"]  # importing them registers what they tell


def people_hear(event: Event) -> None:
    tell(NEWS[type(event)](event))


for _event in NEWS:
    listens_to(_event)(people_hear)


@listens_to(AgreementPublished)
def everybody_hears_of_an_agreement(event: AgreementPublished) -> None:
    tell_of_agreement(kind=event.kind, version=event.version)


@listens_to(CouponExpiring)
def a_coupon_is_expiring(event: CouponExpiring) -> None:
    note_occasion(
        kind=TriggerKind.COUPON_EXPIRING, user_id=event.user_id, key=event.serial, since=clock.now()
    )


@listens_to(BudgetReached)
def a_budget_is_reached(event: BudgetReached) -> None:
    note_occasion(
        kind=TriggerKind.BUDGET_REACHED,
        user_id=event.user_id,
        key=f"{event.month}:{event.category}:{event.level}",
        since=clock.now(),
    )


@listens_to(SurveyInvited)
def a_survey_opens(event: SurveyInvited) -> None:
    note_occasion(
        kind=TriggerKind.SURVEY_OPEN,
        user_id=event.user_id,
        key=str(event.invitation_id),
        since=datetime.fromisoformat(event.opens_at),
    )


@listens_to(AccountClosed)
def what_they_were_told_goes_with_them(event: AccountClosed) -> None:
    forget_messages_of(user_id=event.user_id)


@listens_to(AccountsMerged)
def a_person_keeps_their_messages(event: AccountsMerged) -> None:
    hand_messages_over(closed_user_id=event.closed_user_id, user_id=event.user_id)


@listens_to(SubscriptionAnswered)
def a_message_is_let_through_or_all_are_refused(event: SubscriptionAnswered) -> None:
    if event.is_accepted != event.in_popup:
        return  # a popup that is rejected takes nothing away, settings that accept let nothing through
    hear = hear_of_popup if event.in_popup else hear_of_refusal
    hear(
        user_id=event.user_id,
        template_id=event.template_id,
        reference=event.reference,
        at=datetime.fromisoformat(event.at),
    )


@listens_to(SubscribeMessageEnded)
def a_subscribe_message_arrived_or_did_not(event: SubscribeMessageEnded) -> None:
    note_receipt(
        channel=ChannelKind.SUBSCRIBE,
        user_id=event.user_id,
        provider_id=event.message_id,
        error=event.error,
    )
