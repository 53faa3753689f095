"""What payments do when others speak, and what shops hear when orders end."""

from accounts.events import AccountClosed
from accounts.services.onboarding import complete_step
from coupons.services.purchases import note_purchase, note_return
from coupons.services.referral_rewards import decide_held
from payments.events import (
    OrderClosed,
    OrderPaid,
    OrderRefundEvent,
    RefundDelayed,
    RefundRejected,
    RefundSucceeded,
    RefundWithdrawn,
    RiskCaseClosed,
)
from payments.rules.risk_cases import RiskCaseState
from payments.rules.shop_notifications import ShopEvent
from payments.selectors.purchases import purchase_of, return_of
from payments.services.payers import forget_payer
from payments.services.shipping import ship_by_itself
from payments.services.shop_notifications import note_for_shop
from payments.services.withdrawals import send_approved
from wallet.events import WithdrawalApproved
from wallet_project.kit.events import listens_to

_TOLD_OF_REFUNDS: dict[type[OrderRefundEvent], ShopEvent] = {
    RefundSucceeded: ShopEvent.REFUND_SUCCEEDED,
    RefundDelayed: ShopEvent.REFUND_DELAYED,
    RefundRejected: ShopEvent.REFUND_REJECTED,
    RefundWithdrawn: ShopEvent.REFUND_WITHDRAWN,
}


@listens_to(AccountClosed)
def forget_who_paid(event: AccountClosed) -> None:
    forget_payer(user_id=event.user_id)


@listens_to(OrderPaid)
def an_order_is_a_first_step(event: OrderPaid) -> None:
    complete_step(user_id=event.payer_id, key="first_payment")


@listens_to(OrderPaid)
def a_purchase_may_be_rewarded(event: OrderPaid) -> None:
    note_purchase(purchase_of(event.order_no))


@listens_to(RefundSucceeded)
def what_goes_back_is_not_rewarded(event: RefundSucceeded) -> None:
    note_return(**return_of(event.number))


@listens_to(OrderPaid)
def a_shop_hears_that_its_order_is_paid(event: OrderPaid) -> None:
    note_for_shop(event=ShopEvent.ORDER_PAID, order_no=event.order_no)


@listens_to(OrderPaid)
def what_needs_no_carrier_is_shipped(event: OrderPaid) -> None:
    ship_by_itself(order_no=event.order_no)


@listens_to(OrderClosed)
def a_shop_hears_that_its_order_is_closed(event: OrderClosed) -> None:
    note_for_shop(event=ShopEvent.ORDER_CLOSED, order_no=event.order_no)


def a_shop_hears_of_a_refund(event: OrderRefundEvent) -> None:
    note_for_shop(event=_TOLD_OF_REFUNDS[type(event)], order_no=event.order_no, refund_no=event.number)


for _event in _TOLD_OF_REFUNDS:
    listens_to(_event)(a_shop_hears_of_a_refund)


@listens_to(WithdrawalApproved)
def a_reviewed_withdrawal_is_sent(event: WithdrawalApproved) -> None:
    send_approved(number=event.number)


@listens_to(RiskCaseClosed)
def held_rewards_go_on_or_fall_away(event: RiskCaseClosed) -> None:
    decide_held(case=event.number, is_deserved=event.state == RiskCaseState.FALSE_ALARM)
