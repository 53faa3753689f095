"""Put a balance right by hand: one proposes within a ceiling, another has it posted."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Abs

from accounts.models import User
from wallet.errors import AdjustmentCeiling
from wallet.models import Adjustment, Wallet
from wallet.rules.adjustments import AdjustmentCause, Colour
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import adjustment_legs
from wallet.services.ledger import post_journal
from wallet.services.records import write_record
from wallet_project.approvals.services import propose
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial

_MAKERS = 0x61646A75 << 32  # "adju", so that nobody else locks these numbers


def propose_adjustment(
    *,
    wallet_id: int,
    colour: Colour,
    amount: int,
    cause: AdjustmentCause,
    ticket: str,
    note: str,
    maker_id: int,
) -> Adjustment:
    """
    Ask a second person to post `amount` fen into a wallet, or out of it where negative.

    :raises AdjustmentCeiling: this member of staff has proposed as much today as they may
    :raises OwnProposal: it is the maker's own wallet
    """
    now = clock.now()
    wallet = Wallet.objects.get(pk=wallet_id)
    with transaction.atomic():
        lock_number(_MAKERS + maker_id)
        left = settings.ADJUSTMENTS_DAY_MAX - _proposed(maker_id, day=clock.business_day(now))
        if abs(amount) > left:
            raise AdjustmentCeiling(limit=settings.ADJUSTMENTS_DAY_MAX, left=max(left, 0))
        adjustment = Adjustment.objects.create(
            number=new_serial("J", now),
            wallet_id=wallet_id,
            colour=colour,
            amount=amount,
            cause=cause,
            ticket=ticket,
            note=note,
            maker_id=maker_id,
            day=clock.business_day(now),
            created_at=now,
        )
        propose(
            kind="wallet.adjustment",
            subject=f"adjustment:{adjustment.number}",
            facts={
                "number": adjustment.number,
                "wallet_id": wallet_id,
                "user_id": wallet.user_id,
                "colour": colour,
                "amount": amount,
                "cause": cause,
                "ticket": ticket,
            },
            reason=note,
            maker_id=maker_id,
        )
    return adjustment


def post_adjustment(*, number: str, maker_id: int, checker_id: int) -> Adjustment:
    """
    Post what was approved, with both names on the journal, in the transaction that approves it.

    :raises InsufficientBalance: there is not that much to take
    :raises WalletFrozen, WalletClosed: nothing leaves, or nothing is there any more
    """
    require_transaction()
    adjustment = Adjustment.objects.select_for_update(no_key=True).get(number=number)
    amount = Fen(adjustment.amount)
    staff = User.objects.in_bulk([maker_id, checker_id])
    facts = {
        "cause": adjustment.cause,
        "ticket": adjustment.ticket,
        "maker": str(staff[maker_id]),
        "checker": str(staff[checker_id]),
    }
    journal = post_journal(
        kind=JournalKind.ADJUSTMENT,
        key=f"adjustment:{number}",
        legs=adjustment_legs(wallet_id=adjustment.wallet_id, code=adjustment.colour, amount=amount),
        reference=number,
        facts=facts,
    )
    write_record(
        wallet_id=adjustment.wallet_id,
        journal=journal,
        kind=RecordKind.ADJUSTMENT_IN if amount > 0 else RecordKind.ADJUSTMENT_OUT,
        title=f"调账 · {adjustment.get_cause_display()}",
        reference=number,
        balance_amount=Fen(abs(amount)),
    )
    adjustment.checker_id, adjustment.journal_id, adjustment.posted_at = (
        checker_id,
        journal.journal_id,
        journal.at,
    )
    adjustment.save(update_fields=["checker_id", "journal", "posted_at"])
    return adjustment


def _proposed(maker_id: int, *, day: date) -> int:
    today = Adjustment.objects.filter(maker_id=maker_id, day=day)
    return today.aggregate(total=Sum(Abs("amount")))["total"] or 0
