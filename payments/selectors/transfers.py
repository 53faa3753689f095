"""Merchant transfers: whose turn it is, and what their customer is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from payments.models import MerchantTransfer
from payments.rules.transfers import CONFIRMABLE_FOR, REMINDED_BEFORE, STOPPABLE, UNDECIDED, TransferState
from wallet.rules.withdrawals import WithdrawalState


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What `wx.requestMerchantTransfer` takes, and until when."""

    mch_id: str
    app_id: str
    package: str
    expires_at: datetime


def transfers_to_ask_about(at: datetime) -> QuerySet[MerchantTransfer]:
    due = MerchantTransfer.objects.filter(next_query_at__lte=at, state__in=UNDECIDED)
    return due.order_by("next_query_at")


def transfers_to_remind_of(at: datetime) -> QuerySet[MerchantTransfer]:
    """They wait for their customer, and their day is almost over."""
    alone = CONFIRMABLE_FOR - REMINDED_BEFORE
    waiting = MerchantTransfer.objects.filter(state=TransferState.WAIT_USER_CONFIRM, stopped_at=None)
    told_long_ago = waiting.filter(created_at__lte=at - alone, reminded_at__lt=F("created_at") + alone)
    return told_long_ago.order_by("pk")


def transfer_of(withdrawal_id: int) -> MerchantTransfer | None:
    """The transfer that carries, or carried, a part of a withdrawal."""
    return MerchantTransfer.objects.filter(withdrawal=withdrawal_id).order_by("-pk").first()


def transfers_of(user_id: int) -> QuerySet[MerchantTransfer]:
    return MerchantTransfer.objects.filter(user=user_id).order_by("-pk")


def with_waiting(withdrawals: QuerySet[Any]) -> QuerySet[Any]:
    """Each also says whether its customer must confirm."""
    waiting = MerchantTransfer.objects.filter(
        withdrawal=OuterRef("pk"), state=TransferState.WAIT_USER_CONFIRM, package_sealed__isnull=False
    )
    return withdrawals.annotate(awaits_confirmation=Exists(waiting))


def that_may_be_called_off(withdrawals: QuerySet[Any]) -> QuerySet[Any]:
    """Nothing of them has certainly left: in review, or with a transfer that nobody has confirmed."""
    stoppable = MerchantTransfer.objects.filter(
        withdrawal=OuterRef("pk"), state__in=STOPPABLE, stopped_at=None
    )
    return withdrawals.filter(
        Q(state=WithdrawalState.REVIEW) | Q(Exists(stoppable), state=WithdrawalState.SENDING)
    )


def confirmation_of(transfer: MerchantTransfer) -> Confirmation | None:
    """None: there is nothing to confirm, not yet or not any more."""
    package = transfer.package
    if not package or transfer.stopped_at is not None:
        return None
    return Confirmation(
        mch_id=transfer.mchid,
        app_id=transfer.appid,
        package=package,
        expires_at=transfer.created_at + CONFIRMABLE_FOR,
    )
