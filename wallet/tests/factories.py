"""People with wallets, and money in them."""

import time
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from wallet.models import (
    BlockedPerson,
    FeeSchedule,
    Journal,
    LedgerAccount,
    MoneyRequest,
    Seal,
    Split,
    TopUp,
    TopUpPackage,
    Transfer,
    Wallet,
)
from wallet.rules import chart
from wallet.rules.kinds import JournalKind, MoveKind
from wallet.rules.money_requests import REQUEST_LIFE
from wallet.rules.postings import Leg, top_up_legs
from wallet.services.holds import place_hold
from wallet.services.ledger import post_journal
from wallet.services.quotes import make_quote
from wallet.services.seals import seal_journals
from wallet.services.top_ups import credit_top_up, give_package_bonus, open_top_up
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


def new_key(prefix: str = "test") -> str:
    return f"{prefix}:{uuid.uuid4().hex}"


def make_wallet(*, principal: int = 0, bonus: int = 0, cashback: int = 0) -> Wallet:
    """A new person's wallet with these amounts in it."""
    wallet = open_wallet(user_id=User.objects.create().pk)
    fill(wallet, principal=principal, bonus=bonus, cashback=cashback)
    return wallet


def fill(wallet: Wallet, *, principal: int = 0, bonus: int = 0, cashback: int = 0) -> None:
    """Put so much more into it."""
    if principal:
        post_journal(
            kind=JournalKind.TOP_UP, key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=principal)
        )
    for code, amount in (("bonus", bonus), ("cashback", cashback)):
        if amount:
            legs = [Leg("promotion_cost", -amount), Leg(code, amount, wallet.pk)]
            post_journal(kind="promotion", key=new_key(), legs=legs)


def topped_up(wallet: Wallet, amount: int, *, bonus: int = 0) -> TopUp:
    """Paid at WeChat and credited; with a bonus, as a package that gives it."""
    package = None
    if bonus:
        package = TopUpPackage.objects.create(
            name="充值有礼", amount=amount, bonus=bonus, sold_from=clock.now(), state="ON_SALE"
        )
    with transaction.atomic():
        number = open_top_up(wallet_id=wallet.pk, amount=Fen(amount), package=package).number
        top_up = credit_top_up(number=number, key=f"top_up:{number}", facts={})
    give_package_bonus(number=number)
    return top_up


def account_of(wallet: Wallet, code: str = "principal") -> LedgerAccount:
    """As the table has it now."""
    return LedgerAccount.objects.get(pk=chart.customer_account_id(code, wallet_id=wallet.pk))


def amounts_in(wallet: Wallet) -> dict[str, tuple[int, int]]:
    """Code → (balance, held) of everything that is not zero."""
    rows = LedgerAccount.objects.filter(wallet=wallet).values_list("code", "balance", "held")
    return {code: (balance, held) for code, balance, held in rows if balance or held}


def seal_everything():
    """
    Until no journal is left unsealed; how many were sealed.

    A transaction that is open anywhere on the server, such as another test worker's, puts sealing off.
    """
    sealed, deadline = 0, time.monotonic() + 30
    while time.monotonic() < deadline:
        sealed += seal_journals()
        newest = Seal.objects.order_by("height").last()
        if newest and not Journal.objects.filter(xid__gte=newest.before_xid).exists():
            return sealed
        time.sleep(0.05)
    raise AssertionError("somebody kept a transaction open for half a minute")


def make_schedule(kind: str, *, tier: str = "", effective_from: datetime | None = None, **terms: int):
    """The next version of a fee, in force at once unless it says from when."""
    now = clock.now()
    versions = FeeSchedule.objects.filter(kind=kind, tier=tier)
    return FeeSchedule.objects.create(
        kind=kind,
        tier=tier,
        version=versions.count() + 1,
        made_at=now,
        effective_from=effective_from or now,
        **terms,
    )


def waiting_transfer(*, sender: Wallet, receiver: Wallet, amount: int = 100) -> Transfer:
    """Sent without proof, limits and remark; the receiver has not taken it yet."""
    now = clock.now()
    quote = make_quote(user_id=sender.user_id, kind=MoveKind.TRANSFER, amount=amount, facts={})
    number = new_serial("T", now)
    hold = place_hold(wallet_id=sender.pk, amount=amount, key=f"hold:{number}", reference=number)
    return Transfer.objects.create(
        number=number,
        sender_id=sender.user_id,
        receiver_id=receiver.user_id,
        amount=amount,
        fee=0,
        state="WAITING",
        quote=quote,
        hold=hold,
        created_at=now,
        accept_by=now + timedelta(days=1),
    )


def open_request(*, requester: Wallet, payer: Wallet | None = None, amount: int = 100) -> MoneyRequest:
    """Asked long enough ago to ask again."""
    asked_at = clock.now() - timedelta(days=2)
    return MoneyRequest.objects.create(
        number=new_serial("Q"),
        requester_id=requester.user_id,
        payer_id=payer and payer.user_id,
        amount=amount,
        remark="昨天的午饭",
        created_at=asked_at,
        expires_at=asked_at + REQUEST_LIFE,
    )


def open_split(*, organiser: Wallet, payer: Wallet | None = None) -> Split:
    """Begun long enough ago to remind; one share, of somebody or free."""
    begun_at = clock.now() - timedelta(days=2)
    split = Split.objects.create(
        number=new_serial("A"),
        organiser_id=organiser.user_id,
        title="周五的火锅",
        total=24_690,
        own=12_345,
        created_at=begun_at,
        expires_at=begun_at + REQUEST_LIFE,
    )
    share = open_request(requester=organiser, payer=payer, amount=12_345)
    MoneyRequest.objects.filter(pk=share.pk).update(split=split)
    return split


def blocked(*, by: Wallet, whom: Wallet) -> BlockedPerson:
    return BlockedPerson.objects.create(user_id=by.user_id, blocked_id=whom.user_id, blocked_at=clock.now())
