"""Begin a merchant transfer, or wish that it had not begun. WeChat is asked in transfer_sending."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.selectors.users import openid_of
from payments.errors import TransferNotStoppable
from payments.gateways.wechat.transfers import Scene
from payments.models import MerchantTransfer
from payments.rules.transfers import STOPPABLE, needs_name, next_transfer_query
from wallet.rules.kinds import RecordKind
from wallet.services.payouts import begin_transfer_out
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


def begin_transfer(
    *,
    user_id: int,
    wallet_id: int,
    take: Sequence[tuple[int, Fen]],
    now: datetime,
    shown_as: RecordKind = RecordKind.PAYOUT,
    withdrawal_id: int | None = None,
) -> MerchantTransfer:
    """
    Take these parts of a customer's own lots out of their wallet, to be transferred to their WeChat balance.

    Must be called inside the transaction that decided so; WeChat is asked after the commit.

    :raises WeChatNotLinked: they never logged in through our mini-program
    :raises LotExhausted, InsufficientBalance: some of it was spent in the same moment
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    require_transaction()
    told = settings.WECHAT_TRANSFERS
    amount = Fen(sum(part for _lot, part in take))
    transfer = MerchantTransfer(
        number=new_serial("D", now),
        user_id=user_id,
        withdrawal_id=withdrawal_id,
        amount=amount,
        appid=settings.WECHAT["appid"],
        mchid=settings.WECHAT["mchid"],
        openid=openid_of(user_id),
        scene=asdict(
            Scene(
                code=told["scene"],
                reports=told["reports"],
                remark=told["remark"],
                perception=told["perception"],
            )
        ),
        named=needs_name(amount),
    )
    transfer.next_query_at = next_transfer_query(state=transfer.state, at=now, asked=0, begun_at=now)
    begin_transfer_out(wallet_id=wallet_id, number=transfer.number, take=take, shown_as=shown_as)
    transfer.save()
    record_audit(
        action="payments.transfer.begun",
        subject=f"transfer:{transfer.number}",
        facts={"amount": amount, "user_id": user_id},
    )
    after_commit("payments.push_transfer", number=transfer.number)
    return transfer


def stop_transfer(*, number: str, because: str) -> None:
    """
    It shall not happen: it is asked for no more, and called off where it exists. The money is free when
    WeChat has said so, or when it is proven that there is nothing to call off. The first wish counts.

    :raises TransferNotStoppable: its customer has confirmed it, or it is over
    """
    with transaction.atomic():
        transfer = lock_transfer(number)
        if transfer.state not in STOPPABLE:
            raise TransferNotStoppable(state=transfer.state)
        mark_stopped(transfer, because=because)
        after_commit("payments.push_transfer", number=number)


def mark_stopped(transfer: MerchantTransfer, *, because: str) -> None:
    """A locked transfer is not to happen any more."""
    require_transaction()
    if transfer.stopped_at is not None:
        return
    now = clock.now()
    transfer.stopped_at, transfer.stopped_because = now, because[:200]
    transfer.queries, transfer.next_query_at = 0, now
    transfer.save(update_fields=["stopped_at", "stopped_because", "queries", "next_query_at", "updated_at"])
    record_audit(
        action="payments.transfer.stopped", subject=f"transfer:{transfer.number}", facts={"because": because}
    )


def ask_again(*, number: str) -> None:
    """Somebody does not want to wait for its turn: WeChat is asked now, by a worker."""
    with transaction.atomic(durable=True):
        record_audit(action="payments.transfer.asked", subject=f"transfer:{number}", facts={})
        after_commit("payments.push_transfer", number=number)


def lock_transfer(number: str) -> MerchantTransfer:
    """As it is until the caller's transaction ends."""
    require_transaction()
    return MerchantTransfer.objects.select_for_update(no_key=True).get(number=number)
