"""What people are told of: events of every app become messages."""

from accounts.events import AccountClosed, AccountsMerged
from wallet_project.kit.events import listens_to
from wallet_project.notifications.services.leaving import forget_messages_of, hand_messages_over


@listens_to(AccountClosed)
def what_they_were_told_goes_with_them(event: AccountClosed) -> None:
    forget_messages_of(user_id=event.user_id)


@listens_to(AccountsMerged)
def a_person_keeps_their_messages(event: AccountsMerged) -> None:
    hand_messages_over(closed_user_id=event.closed_user_id, user_id=event.user_id)
