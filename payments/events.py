"""What others may hear from payments."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Event):
    """An order is paid in full; amounts in fen."""

    name = "payments.order.paid"
    order_no: str
    payer_id: int
    amount: int
    discount: int
    from_balance: int
    from_channel: int

    @property
    def aggregate(self) -> str:
        return f"order:{self.order_no}"


@dataclass(frozen=True, kw_only=True)
class OrderClosed(Event):
    """An order ended unpaid."""

    name = "payments.order.closed"
    order_no: str
    reason: str

    @property
    def aggregate(self) -> str:
        return f"order:{self.order_no}"


@dataclass(frozen=True, kw_only=True)
class _OfCase(Event):
    """Something came from outside that does not fit; WeChat holds `amount` fen for us because of it."""

    case_id: int
    kind: str
    amount: int

    @property
    def aggregate(self) -> str:
        return f"case:{self.case_id}"


@dataclass(frozen=True, kw_only=True)
class CaseOpened(_OfCase):
    name = "payments.case.opened"


@dataclass(frozen=True, kw_only=True)
class CaseDueSoon(_OfCase):
    """Nobody has ended it, and its time is almost over; said once. `assignee_id`: who answers for it."""

    name = "payments.case.due_soon"
    assignee_id: int | None
    due_at: str


@dataclass(frozen=True, kw_only=True)
class CaseOverdue(CaseDueSoon):
    """Its time is over; said once."""

    name = "payments.case.overdue"


@dataclass(frozen=True, kw_only=True)
class _OfTransfer(Event):
    """`amount` fen of this customer's own money on the way to their WeChat balance."""

    number: str
    user_id: int
    amount: int

    @property
    def aggregate(self) -> str:
        return f"transfer:{self.number}"


@dataclass(frozen=True, kw_only=True)
class TransferWaits(_OfTransfer):
    """It waits for its customer to confirm `until` this moment; said at once, and again shortly before."""

    name = "payments.transfer.waits"
    until: str


@dataclass(frozen=True, kw_only=True)
class TransferEnded(_OfTransfer):
    """SUCCESS: it arrived. FAIL, CANCELLED, REFUSED: it is in the wallet again; `reason` is WeChat's."""

    name = "payments.transfer.ended"
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class _OfBill(Event):
    """`amount` fen for the biller of this code, `fee` fen for us."""

    number: str
    user_id: int
    biller: str
    amount: int
    fee: int

    @property
    def aggregate(self) -> str:
        return f"bill:{self.number}"


@dataclass(frozen=True, kw_only=True)
class BillPaid(_OfBill):
    """The biller has the money."""

    name = "payments.bill.paid"


@dataclass(frozen=True, kw_only=True)
class BillFailed(_OfBill):
    """It never happens; amount and fee are free again. `reason` is the platform's code."""

    name = "payments.bill.failed"
    reason: str


@dataclass(frozen=True, kw_only=True)
class BillReturned(_OfBill):
    """The biller sent a paid bill back; amount and fee are the customer's again."""

    name = "payments.bill.returned"
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderRefundEvent(Event):
    """`amount` fen of a paid order; `origin` is CUSTOMER, SHOP or STAFF."""

    number: str
    order_no: str
    payer_id: int
    amount: int
    origin: str

    @property
    def aggregate(self) -> str:
        return f"order_refund:{self.number}"


@dataclass(frozen=True, kw_only=True)
class RefundRequested(OrderRefundEvent):
    """Somebody asked for it; the amount is reserved."""

    name = "payments.order_refund.requested"


@dataclass(frozen=True, kw_only=True)
class RefundAccepted(OrderRefundEvent):
    """It is decided: what was earned by so much of the order is to be taken back. The wallet has its part."""

    name = "payments.order_refund.accepted"


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(OrderRefundEvent):
    """Every part has arrived."""

    name = "payments.order_refund.succeeded"


@dataclass(frozen=True, kw_only=True)
class RefundDelayed(OrderRefundEvent):
    """WeChat's part does not reach the payer; a person is looking at it."""

    name = "payments.order_refund.delayed"


@dataclass(frozen=True, kw_only=True)
class RefundRejected(OrderRefundEvent):
    """A person said no, and why."""

    name = "payments.order_refund.rejected"
    answer: str


@dataclass(frozen=True, kw_only=True)
class RefundWithdrawn(OrderRefundEvent):
    """Whoever asked for it took it back, or a refund by the seller took its place."""

    name = "payments.order_refund.withdrawn"


@dataclass(frozen=True, kw_only=True)
class ShopNotificationDied(Event):
    """A shop system did not take it in a day of trying; a person sends it again, or tells them."""

    name = "payments.shop_notification.died"
    notification_id: str
    order_no: str
    shop: str

    @property
    def aggregate(self) -> str:
        return f"order:{self.order_no}"


@dataclass(frozen=True, kw_only=True)
class ComplaintNoticed(Event):
    """WeChat has news of a payer's complaint, old or new; what they are has to be asked."""

    name = "payments.complaint.noticed"
    complaint_id: str

    @property
    def aggregate(self) -> str:
        return f"complaint:{self.complaint_id}"


@dataclass(frozen=True, kw_only=True)
class SignaturesFailing(Event):
    """Within a minute this many callbacks were not proven to be WeChat's."""

    name = "payments.callbacks.forged"
    count: int

    @property
    def aggregate(self) -> str:
        return "callbacks"


@dataclass(frozen=True, kw_only=True)
class MoveStopped(Event):
    """
    A move of somebody looked strange and was refused, put off or held. `operation` and `cause` in words for
    them; `number` is what they name when they object. Amount in fen.
    """

    name = "payments.risk.move_stopped"
    user_id: int
    number: str
    operation: str
    amount: int
    outcome: str
    cause: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class RiskCaseOpened(Event):
    """Somebody of the staff has to look at a person's moves; never told to that person."""

    name = "payments.risk.case_opened"
    number: str
    user_id: int
    kind: str
    title: str

    @property
    def aggregate(self) -> str:
        return f"risk_case:{self.number}"


@dataclass(frozen=True, kw_only=True)
class RiskCaseClosed(Event):
    """It was looked at. A customer whose move waited is told by whoever speaks to them."""

    name = "payments.risk.case_closed"
    number: str
    user_id: int
    kind: str
    state: str

    @property
    def aggregate(self) -> str:
        return f"risk_case:{self.number}"


@dataclass(frozen=True, kw_only=True)
class _OfDay(Event):
    """About the close of one Shanghai day, '2026-11-28'."""

    day: str

    @property
    def aggregate(self) -> str:
        return f"daily_close:{self.day}"


@dataclass(frozen=True, kw_only=True)
class DailyCloseLate(_OfDay):
    """It is past noon, and the bills of the day before are not here."""

    name = "payments.close.late"


@dataclass(frozen=True, kw_only=True)
class DifferencesFound(_OfDay):
    """Bills and ledger do not agree: `count` open differences about `unexplained` fen."""

    name = "payments.close.differences"
    count: int
    unexplained: int


@dataclass(frozen=True, kw_only=True)
class DayClosed(_OfDay):
    """Two people have signed a day; WeChat holds `closing` fen for us at its end."""

    name = "payments.close.signed"
    closing: int


@dataclass(frozen=True, kw_only=True)
class _OfSubscriptions(Event):
    """WeChat pushed something about somebody's subscribe messages; `at` as clock.iso() writes it."""

    user_id: int
    at: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class SubscriptionAnswered(_OfSubscriptions):
    """
    In the popup they let one message of a template through, or none; in the settings they refuse it, and all
    they had let through. `reference` names the push.
    """

    name = "payments.wechat.subscription_answered"
    template_id: str
    is_accepted: bool
    in_popup: bool
    reference: str


@dataclass(frozen=True, kw_only=True)
class SubscribeMessageEnded(_OfSubscriptions):
    """A message, by WeChat's number, arrived, or did not for this `error`."""

    name = "payments.wechat.subscribe_message_ended"
    message_id: str
    error: str
