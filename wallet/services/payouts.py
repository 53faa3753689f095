"""A customer's own money on its way back to where it came from. Talking to WeChat is payments' business."""

from collections.abc import Sequence

from django.db.models import Sum

from wallet.events import TopUpTakenBack
from wallet.models import Entry, Journal, Lot, Wallet
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import Leg, payout_legs, payout_settled_legs, top_up_refund_legs
from wallet.rules.top_up_refunds import RefundPlan
from wallet.services.ledger import Lots, post_journal, reverse_journal
from wallet.services.records import write_record
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen

_TITLES = {RecordKind.PAYOUT: "余额退回微信", RecordKind.WITHDRAWAL: "提现到微信"}


def begin_payout(
    *, wallet_id: int, amount: Fen, number: str, lot_id: int, shown_as: RecordKind = RecordKind.PAYOUT
) -> None:
    """
    Take own money of one lot out of a wallet; until WeChat has given it to the customer it waits in clearing.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises InsufficientBalance: there is not that much own money free
    :raises LotExhausted: there is not that much left of this lot
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    _begin(
        JournalKind.PAYOUT,
        shown_as,
        wallet_id=wallet_id,
        number=number,
        legs=payout_legs(wallet_id=wallet_id, amount=amount),
        take=[(lot_id, amount)],
        title=_TITLES[shown_as],
        moved=amount,
    )


def begin_transfer_out(
    *,
    wallet_id: int,
    number: str,
    take: Sequence[tuple[int, Fen]],
    shown_as: RecordKind = RecordKind.PAYOUT,
) -> None:
    """
    Take own money out of a wallet, so many fen of each of these lots; until WeChat has given it to the
    customer it waits in clearing.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises InsufficientBalance: there is not that much own money free
    :raises LotExhausted: there is not that much left of a lot
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    amount = Fen(sum(part for _lot, part in take))
    _begin(
        JournalKind.PAYOUT,
        shown_as,
        wallet_id=wallet_id,
        number=number,
        legs=payout_legs(wallet_id=wallet_id, amount=amount),
        take=take,
        title="提现到微信零钱",
        moved=amount,
    )


def begin_top_up_refund(*, wallet_id: int, top_up_no: str, plan: RefundPlan, number: str) -> None:
    """
    Take what is left of a top-up and of its gift out of a wallet: what the plan pays back waits in clearing,
    the rest is ours again.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises InsufficientBalance: some of it is promised elsewhere
    :raises LotExhausted: some of it was spent since the plan was made; nothing has moved
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    lots = Lot.objects.filter(source=top_up_no, account__wallet=wallet_id)
    by_code = {lot.account.code: lot.pk for lot in lots.select_related("account")}
    taken = {"principal": plan.own_taken, "bonus": plan.gift_taken}
    _begin(
        JournalKind.TOP_UP_REFUND,
        RecordKind.TOP_UP_REFUND,
        wallet_id=wallet_id,
        number=number,
        legs=top_up_refund_legs(wallet_id=wallet_id, plan=plan),
        take=[(by_code[code], amount) for code, amount in taken.items() if amount],
        title="充值退款",
        moved=Fen(plan.own_taken + plan.gift_taken),
    )
    publish(TopUpTakenBack(number=top_up_no, user_id=Wallet.objects.get(pk=wallet_id).user_id))


def settle_payout(*, amount: Fen, number: str, key: str) -> None:
    """WeChat has given it to the customer; does nothing the second time."""
    post_journal(
        kind=JournalKind.PAYOUT_SETTLED, key=key, legs=payout_settled_legs(amount=amount), reference=number
    )


def return_payout(*, number: str) -> None:
    """It did not happen: everything is as before, lot by lot. Does nothing the second time."""
    require_transaction()
    begun = Journal.objects.get(key=_begun(number))
    journal = reverse_journal(
        journal_id=begun.pk,
        key=f"payout_returned:{number}",
        reason="退回未成功",
        kind=JournalKind.PAYOUT_RETURNED,
    )
    if not journal.replayed:
        moved = Entry.objects.filter(journal=journal.journal_id, account__wallet__isnull=False)
        wallet = Wallet.objects.filter(accounts__entries__journal=begun.pk).distinct().get()
        write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=RecordKind.PAYOUT_RETURNED,
            title="余额退回未成功，已返还",
            reference=number,
            balance_amount=Fen(moved.aggregate(total=Sum("amount"))["total"]),
        )


def _begin(
    kind: JournalKind,
    shown_as: RecordKind,
    *,
    wallet_id: int,
    number: str,
    legs: Sequence[Leg],
    take: Sequence[tuple[int, Fen]],
    title: str,
    moved: Fen,
) -> None:
    require_transaction()
    journal = post_journal(kind=kind, key=_begun(number), legs=legs, reference=number, lots=Lots(take=take))
    if not journal.replayed:
        write_record(
            wallet_id=wallet_id,
            journal=journal,
            kind=shown_as,
            title=title,
            reference=number,
            balance_amount=moved,
        )


def _begun(number: str) -> str:
    return f"payout:{number}"
