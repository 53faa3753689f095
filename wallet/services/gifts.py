"""What we give a customer on top of their own money: bonus that may end one day."""

import logging
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import F

from wallet.errors import InsufficientBalance, LotExhausted, WalletFrozen
from wallet.events import GiftExpired
from wallet.models import Lot
from wallet.rules.kinds import Colour, JournalKind, RecordKind
from wallet.rules.postings import Leg, expiry_legs, grant_legs, promise_kept_legs
from wallet.selectors.wallets import wallet_of
from wallet.services.ledger import Lots, post_journal
from wallet.services.promises import Promise, owner_key
from wallet.services.records import write_record
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import ZERO, Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)

_EXPIRE_AT_ONCE = 500
_LOOKS = 3


def give_bonus(*, wallet_id: int, amount: Fen, source: str, title: str, expires_at: datetime | None) -> None:
    """
    Bonus for a customer, as a lot of its own under `source`, which gets one bonus ever.

    Must be called inside the transaction that decided so; does nothing the second time.
    """
    _give(
        wallet_id=wallet_id,
        amount=amount,
        source=source,
        title=title,
        expires_at=expires_at,
        legs=grant_legs(wallet_id=wallet_id, code="bonus", amount=amount),
    )


def keep_as_gift(
    *,
    of: Promise,
    promised: Fen,
    user_id: int,
    amount: Fen,
    source: str,
    title: str,
    expires_at: datetime | None,
    colour: Colour = Colour.BONUS,
) -> None:
    """
    What we had promised a customer, points say, ends as `amount` fen of bonus or cashback: as give_bonus.

    :raises InsufficientBalance: so much had not been promised
    """
    wallet_id = open_wallet(user_id=user_id).pk
    _give(
        wallet_id=wallet_id,
        amount=amount,
        source=source,
        title=title,
        expires_at=expires_at,
        legs=promise_kept_legs(
            code=of,
            promised=promised,
            owner=owner_key(user_id),
            wallet_id=wallet_id,
            given_as=colour,
            given=amount,
        ),
    )


def take_back_gift(*, user_id: int, source: str, amount: Fen, key: str, title: str) -> Fen:
    """
    What was given under `source` was not deserved after all: up to `amount` of it goes back, as far as it is
    still there and free. Answers how much; once per key.

    Must be called inside the transaction that decided so.
    """
    require_transaction()
    for _attempt in range(_LOOKS):
        lots = Lot.objects.filter(source=source, account__wallet=wallet_of(user_id))
        lot = lots.select_related("account").first()
        back = _free_of(lot, amount) if lot else ZERO
        if lot is None or not back:
            break
        # It may be spent between our look and the ledger's lock; then we look again.
        with suppress(InsufficientBalance, LotExhausted), transaction.atomic():
            _take_back(lot, back, key=key, title=title)
            return back
    return ZERO


def _free_of(lot: Lot, amount: Fen) -> Fen:
    account = lot.account
    stopped = account.frozen or account.closed
    return ZERO if stopped else Fen(max(min(amount, lot.remaining, account.balance - account.held), 0))


def _take_back(lot: Lot, amount: Fen, *, key: str, title: str) -> None:
    wallet_id = lot.account.wallet_id
    assert wallet_id is not None  # noqa: S101 - lots are of customers' accounts
    journal = post_journal(
        kind=JournalKind.CLAW_BACK,
        key=key,
        legs=expiry_legs(wallet_id=wallet_id, code=lot.account.code, amount=amount),
        reference=lot.source,
        lots=Lots(take=[(lot.pk, amount)]),
    )
    if not journal.replayed:
        write_record(
            wallet_id=wallet_id,
            journal=journal,
            kind=RecordKind.CLAW_BACK,
            title=title,
            reference=lot.source,
            balance_amount=amount,
        )


def expire_gifts() -> int:
    """
    Take back what was not used in time; returns how many lots. Each is a transaction of its own.

    While all money stands still nobody could use them, and they stay.
    """
    if is_paused(Flow.MONEY):
        return 0
    now = clock.now()
    due = Lot.objects.filter(is_used_up=False, expires_at__lte=now)
    # Nobody can use what is stopped or promised, and it must not keep the others waiting.
    due = due.filter(account__frozen=False, account__balance__gt=F("account__held"))
    lots = due.select_related("account__wallet").order_by("expires_at")[:_EXPIRE_AT_ONCE]
    return sum(_expire(lot) for lot in lots)


def _give(
    *, wallet_id: int, amount: Fen, source: str, title: str, expires_at: datetime | None, legs: list[Leg]
) -> None:
    require_transaction()
    journal = post_journal(
        kind=JournalKind.GRANT,
        key=f"bonus:{source}",
        legs=legs,
        reference=source,
        lots=Lots(source=source, expires_at=expires_at, owed=True),
    )
    if not journal.replayed:
        write_record(
            wallet_id=wallet_id,
            journal=journal,
            kind=RecordKind.GRANT,
            title=title,
            reference=source,
            balance_amount=amount,
        )


def _expire(lot: Lot) -> bool:
    """False: it is being promised, spent or stopped at this moment; the next sweep looks again."""
    account, wallet = lot.account, lot.account.wallet
    amount = Fen(min(lot.remaining, account.balance - account.held))
    if amount <= 0 or wallet is None:
        return False
    try:
        with transaction.atomic(durable=True):
            journal = post_journal(
                kind=JournalKind.EXPIRY,
                key=f"expiry:{lot.pk}:{account.version}",
                legs=expiry_legs(wallet_id=wallet.pk, code=account.code, amount=amount),
                reference=lot.source,
                lots=Lots(take=[(lot.pk, amount)]),
            )
            if journal.replayed:
                return False
            write_record(
                wallet_id=wallet.pk,
                journal=journal,
                kind=RecordKind.EXPIRY,
                title="赠金到期",
                reference=lot.source,
                balance_amount=amount,
            )
            publish(GiftExpired(user_id=wallet.user_id, source=lot.source, amount=amount))
    except (InsufficientBalance, LotExhausted, WalletFrozen):
        return False
    return True
