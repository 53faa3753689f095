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
class CaseOpened(Event):
    """Something came from WeChat that does not fit."""

    name = "payments.case.opened"
    case_id: int
    kind: str
    amount: int

    @property
    def aggregate(self) -> str:
        return f"case:{self.case_id}"


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
