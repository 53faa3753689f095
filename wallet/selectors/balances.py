"""How much there is, how much is free, and how much there was."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from wallet.models import Hold, LedgerAccount, Lot, TopUp, TopUpState
from wallet.rules.top_up_refunds import REFUNDABLE_FOR
from wallet.selectors.wallets import wallet_of
from wallet_project.kit import clock
from wallet_project.kit.money import ZERO, Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

_BALANCE = "SELECT * FROM wallet_balance(%s)"
_PAST_BALANCE = """
    SELECT balance_after FROM wallet_entry WHERE account_id = %s AND version = ledger_entry_at(%s, %s)"""


@dataclass(frozen=True, kw_only=True)
class OpenHold:
    """Why some of a balance is not available."""

    reference: str
    amount: Fen
    placed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Balance:
    """
    One wallet: total = principal + bonus + cashback, available = total − held.

    `frozen`: nothing goes out; `receives_nothing`: nothing comes in; why and until when the owner is told so.
    `own_free` is the customer's own money: principal without what is held of it. `withdrawable`, `holds` and
    `paused` are filled in by explained_balance_of only.
    """

    principal: Fen = ZERO
    bonus: Fen = ZERO
    cashback: Fen = ZERO
    held: Fen = ZERO
    own_free: Fen = ZERO
    withdrawable: Fen = ZERO
    frozen: bool = False
    receives_nothing: bool = False
    stopped_because: str = ""
    stopped_until: datetime | None = None
    closed: bool = False
    paused: bool = False  # all money stands still, everybody's
    holds: tuple[OpenHold, ...] = ()

    @property
    def total(self) -> Fen:
        return Fen(self.principal + self.bonus + self.cashback)

    @property
    def available(self) -> Fen:
        return Fen(self.total - self.held)


@dataclass(frozen=True, kw_only=True)
class OwnMoney:
    """
    What a customer's own free money may do. `tied` came in packages: it is spent here or goes back with its
    gift, by the refund of its top-up. `returnable` is what has a way to its owner's WeChat: from other
    top-ups that WeChat still takes back, and whatever a merchant transfer may carry, where there are any:
    any top-up, and with a licence what came from elsewhere, too (payments/selectors/exits.py).
    """

    free: Fen
    tied: Fen
    returnable: Fen

    @property
    def sendable(self) -> Fen:
        """May leave the house: for other people, for billers, for its owner."""
        return Fen(max(self.free - self.tied, 0))

    @property
    def withdrawable(self) -> Fen:
        """May go to its owner's WeChat."""
        return Fen(min(self.sendable, self.returnable))


@dataclass(frozen=True, kw_only=True)
class PastBalance:
    """What a wallet held at a moment."""

    at: datetime
    principal: Fen = ZERO
    bonus: Fen = ZERO
    cashback: Fen = ZERO

    @property
    def total(self) -> Fen:
        return Fen(self.principal + self.bonus + self.cashback)


def balance_of(user_id: int) -> Balance:
    """This user's balance now, in one query; zeros while there is no wallet yet."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [user_id])
        found = cursor.fetchone()
    if found is None:
        return Balance()
    principal, bonus, cashback, held, own_held, frozen, receives_nothing, closed, reason, until = found
    return Balance(
        principal=Fen(principal),
        bonus=Fen(bonus),
        cashback=Fen(cashback),
        held=Fen(held),
        own_free=Fen(principal - own_held),
        frozen=frozen,
        receives_nothing=receives_nothing and not closed,
        stopped_because=reason,
        stopped_until=until,
        closed=closed,
    )


def explained_balance_of(user_id: int) -> Balance:
    """
    The same with what is held and for what, newest first, what may be taken out, and whether money moves;
    two queries more.
    """
    holds = Hold.objects.filter(wallet=wallet_of(user_id)).still_open().order_by("-id")
    balance = balance_of(user_id)
    own = own_money_of(user_id, balance=balance, at=clock.now())
    return replace(
        balance,
        withdrawable=ZERO if balance.frozen else own.withdrawable,
        paused=is_paused(Flow.MONEY),
        holds=tuple(
            OpenHold(reference=hold.reference, amount=Fen(hold.open), placed_at=hold.placed_at)
            for hold in holds
        ),
    )


def own_money_of(user_id: int, *, balance: Balance, at: datetime) -> OwnMoney:
    """Of this balance, in one query; whether anything goes out at all is the balance's to say."""
    top_up = TopUp.objects.filter(number=OuterRef("source"), state=TopUpState.CREDITED)
    lots = Lot.objects.filter(account__wallet=wallet_of(user_id), account__code="principal", is_used_up=False)
    own = top_up.filter(package__isnull=True)
    if not settings.WECHAT_TRANSFERS["scene"]:
        own = own.filter(credited_at__gt=at - REFUNDABLE_FOR)
    found = lots.aggregate(
        tied=Sum("remaining", filter=Exists(top_up.filter(package__isnull=False)), default=0),
        returnable=Sum("remaining", filter=Exists(own), default=0),
    )
    if settings.WECHAT_TRANSFERS["scene"] and settings.WALLET_MODE == "licensed":
        found["returnable"] = balance.principal
    return OwnMoney(
        free=balance.own_free,
        tied=Fen(found["tied"]),
        returnable=Fen(found["returnable"]),
    )


def balances_of_all() -> QuerySet[LedgerAccount, tuple[int, int]]:
    """(user, total) of everybody with a wallet, for a statement about many people."""
    accounts = LedgerAccount.objects.filter(wallet__isnull=False).order_by()
    return accounts.values("wallet__user").annotate(total=Sum("balance")).values_list("wallet__user", "total")


def past_balance_of(user_id: int, moment: datetime) -> PastBalance:
    """This user's balance at a moment; zeros before there was a wallet."""
    accounts = LedgerAccount.objects.filter(wallet=wallet_of(user_id)).values_list("code", "id")
    return PastBalance(at=moment, **{code: balance_at(account_id, moment) for code, account_id in accounts})


def balance_at(account_id: int, moment: datetime) -> Fen:
    """What one account's balance was at a moment, credit-positive."""
    with connection.cursor() as cursor:
        cursor.execute(_PAST_BALANCE, [account_id, account_id, moment])
        found = cursor.fetchone()
    return Fen(found[0] if found else 0)
