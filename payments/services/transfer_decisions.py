"""What WeChat can no longer be asked about a merchant transfer, two people read in its bills and decide."""

from django.db import transaction

from payments.errors import TransferStillAsked
from payments.models import MerchantTransfer
from payments.rules.transfers import QUERYABLE_FOR, TransferState
from payments.services.transfer_results import decide_transfer
from payments.services.transfers import lock_transfer
from wallet_project.approvals.services import propose
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction


def propose_outcome(*, number: str, arrived: bool, reason: str, maker_id: int) -> None:
    """
    Say how it ended, by the fund-flow bill, and ask a second person to look there as well.

    :raises TransferStillAsked: WeChat can be asked, or has said how it ended
    :raises AlreadyProposed: somebody has said so already
    """
    with transaction.atomic(durable=True):
        transfer = lock_transfer(number)
        _require_unanswerable(transfer)
        propose(
            kind="payments.transfer_outcome",
            subject=f"transfer:{number}",
            facts={
                "number": number,
                "amount": transfer.amount,
                "arrived": arrived,
                "user_id": transfer.user_id,
            },
            reason=reason,
            maker_id=maker_id,
        )


def carry_out_outcome(*, number: str, arrived: bool) -> MerchantTransfer:
    """
    Two people agree: it is booked so. Part of the transaction that approves it.

    :raises TransferStillAsked: WeChat has said how it ended meanwhile
    """
    require_transaction()
    transfer = lock_transfer(number)
    _require_unanswerable(transfer)
    decide_transfer(transfer, state=TransferState.SUCCESS if arrived else TransferState.FAIL)
    return transfer


def _require_unanswerable(transfer: MerchantTransfer) -> None:
    if not transfer.is_undecided or clock.now() - transfer.created_at <= QUERYABLE_FOR:
        raise TransferStillAsked(state=transfer.state)
