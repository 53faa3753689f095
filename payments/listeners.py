"""What payments do when others speak."""

from accounts.events import AccountClosed
from accounts.services.onboarding import complete_step
from payments.events import OrderPaid
from payments.services.payers import forget_payer
from payments.services.withdrawals import send_approved
from wallet.events import WithdrawalApproved
from wallet_project.kit.events import listens_to


@listens_to(AccountClosed)
def forget_who_paid(event: AccountClosed) -> None:
    forget_payer(user_id=event.user_id)


@listens_to(OrderPaid)
def an_order_is_a_first_step(event: OrderPaid) -> None:
    complete_step(user_id=event.payer_id, key="first_payment")


@listens_to(WithdrawalApproved)
def a_reviewed_withdrawal_is_sent(event: WithdrawalApproved) -> None:
    send_approved(number=event.number)
