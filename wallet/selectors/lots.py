"""Where a customer's money comes from, and how much of it is theirs to take out."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from wallet.models import Entry, LedgerAccount, Lot, TopUp
from wallet.rules import chart
from wallet.rules.kinds import JournalKind
from wallet.rules.top_up_refunds import ToppedUp
from wallet.selectors.balances import balance_of, own_money_of
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class WithdrawableLine:
    """One reason why the withdrawable amount is what it is, in fen; what takes away from it is negative."""

    code: str
    amount: Fen


@dataclass(frozen=True, kw_only=True)
class Withdrawable:
    """A customer's own money that can go back to where it came from; the lines add up to the amount."""

    amount: Fen
    lines: list[WithdrawableLine]


def lots_of(user_id: int) -> QuerySet[Lot]:
    """What is left of money with a source, account by account, in the order in which it is spent."""
    mine = Lot.objects.filter(account__wallet=wallet_of(user_id), is_used_up=False)
    return mine.select_related("account").order_by("account_id", "expires_at", "pk")


def unsourced_of(user_id: int) -> Fen:
    """Own money that came from elsewhere: no lot of its own, UNSOURCED where one takes it."""
    account = LedgerAccount.objects.filter(wallet=wallet_of(user_id), code="principal").first()
    return Fen(account.unsourced) if account else ZERO


def expiring_lots_of(user_id: int, *, before: datetime) -> QuerySet[Lot]:
    """Gifts that end before a moment, the next first."""
    return lots_of(user_id).filter(expires_at__lt=before).order_by("expires_at", "pk")


def top_up_lots_of(user_id: int) -> dict[str, Lot]:
    """What is left of own money by the number of its top-up; what came from elsewhere is not in it."""
    mine = Lot.objects.filter(account__wallet=wallet_of(user_id), account__code="principal", is_used_up=False)
    return {lot.source: lot for lot in mine}


def withdrawable_of(user_id: int, *, at: datetime) -> Withdrawable:
    """
    Line by line, in two queries: everything there is, less what was given, what is promised, what came in
    packages, and what came from elsewhere or too long ago.
    """
    balance = balance_of(user_id)
    own = own_money_of(user_id, balance=balance, at=at)
    lines = {
        "total": balance.total,
        "bonus": -balance.bonus,
        "cashback": -balance.cashback,
        "held": -(balance.principal - balance.own_free),
        "package": -(own.free - own.sendable),
        "elsewhere": -(own.sendable - own.withdrawable),
        "frozen": -own.withdrawable if balance.frozen else ZERO,
    }
    shown = [
        WithdrawableLine(code=code, amount=Fen(amount))
        for code, amount in lines.items()
        if amount or code == "total"
    ]
    return Withdrawable(amount=Fen(sum(line.amount for line in shown)), lines=shown)


def topped_up(top_up: TopUp, *, returned: Fen) -> ToppedUp:
    """
    What is left of a credited top-up and of its gift, in two queries; `returned` fen of it went back before.

    Somebody must keep the wallet's accounts from moving, or post with `Lots(take=…)`, if it is to stay true.
    """
    principal, bonus = (
        chart.customer_account_id(code, wallet_id=top_up.wallet_id) for code in ("principal", "bonus")
    )
    left = {
        lot.account_id: lot
        for lot in Lot.objects.filter(source=top_up.number, account__in=(principal, bonus))
    }
    expired = Entry.objects.filter(
        account=bonus, journal__kind=JournalKind.EXPIRY, journal__reference=top_up.number
    ).aggregate(total=Sum("amount"))["total"]
    gift = left.get(bonus)
    return ToppedUp(
        paid=Fen(top_up.amount),
        paid_left=Fen(left[principal].remaining) if principal in left else ZERO,
        returned=returned,
        given=Fen(gift.amount) if gift else ZERO,
        given_left=Fen(gift.remaining) if gift else ZERO,
        given_expired=Fen(-(expired or 0)),
        credited_at=top_up.credited_at or top_up.created_at,
    )
