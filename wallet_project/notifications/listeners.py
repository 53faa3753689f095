"""What people are told of: events of every app become messages."""

from datetime import datetime

from accounts.events import AccountClosed, AccountsMerged
from payments.events import SubscribeMessageEnded, SubscriptionAnswered
from wallet_project.kit.events import listens_to
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.services.deliveries import note_receipt
from wallet_project.notifications.services.leaving import forget_messages_of, hand_messages_over
from wallet_project.notifications.services.quotas import hear_of_popup, hear_of_refusal


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
