"""What payments do when others speak."""

from accounts.events import AccountClosed
from payments.services.payers import forget_payer
from wallet_project.kit.events import listens_to


@listens_to(AccountClosed)
def forget_who_paid(event: AccountClosed) -> None:
    forget_payer(user_id=event.user_id)
