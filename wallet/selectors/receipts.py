"""A record as the receipt that is made of it, for its owner and for whoever checks it."""

from datetime import datetime

from accounts.models import User
from accounts.selectors.name_hints import hint_of, with_hints
from wallet.models import Record
from wallet.rules.receipts import CHECKABLE_FOR, Receipt
from wallet_project.kit.masking import mask_name
from wallet_project.kit.money import Fen
from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

_CODE = "wallet.receipt"
_PERSON = "user:"


def receipt_of(record_id: int) -> Receipt:
    """
    In one query.

    :raises Record.DoesNotExist: there is no such record
    """
    record = Record.objects.select_related("wallet__user", *with_hints("wallet__user")).get(pk=record_id)
    return Receipt(
        record_id=record.pk,
        title=record.title,
        kind=record.kind,
        direction=record.direction,
        amount=Fen(record.amount),
        balance_amount=Fen(record.balance_amount),
        channel_amount=Fen(record.channel_amount),
        discount_amount=Fen(record.discount_amount),
        fee=Fen(record.fee),
        holder=masked(record.wallet.user),
        counterparty=_other_side(record),
        reference=record.reference,
        at=record.occurred_at,
    )


def code_of(receipt: Receipt) -> str:
    """By which anybody may check this receipt, and no other."""
    return make_ticket(receipt.record_id, purpose=_CODE, until=receipt.at + CHECKABLE_FOR)


def receipt_with(code: str, *, at: datetime) -> Receipt | None:
    """The receipt that a code was made for; None: changed, made up, or too old."""
    try:
        [record_id] = open_ticket(code, purpose=_CODE, at=at)
    except TicketRefused:
        return None
    return receipt_of(record_id)


def masked(user: User) -> str:
    """张*, or as much of a nickname where no name was verified."""
    hint = hint_of(user)
    return hint.name_masked or mask_name(hint.nickname)


def _other_side(record: Record) -> str:
    person = record.counterparty.startswith(_PERSON)
    return mask_name(record.counterparty_name) if person else record.counterparty_name
