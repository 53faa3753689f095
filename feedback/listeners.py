"""What the support desk hears."""

from accounts.events import AccountClosed, AccountsMerged
from feedback.services.leaving import close_tickets_of, hand_tickets_over
from wallet_project.kit.events import listens_to


@listens_to(AccountClosed)
def who_left_asks_no_more(event: AccountClosed) -> None:
    close_tickets_of(user_id=event.user_id)


@listens_to(AccountsMerged)
def a_person_keeps_their_tickets(event: AccountsMerged) -> None:
    hand_tickets_over(closed_user_id=event.closed_user_id, user_id=event.user_id)
