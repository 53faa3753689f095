"""Money on its way into a wallet: open, credit, give up. Talking to WeChat is the business of payments."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from wallet.events import TopUpCredited
from wallet.models import TopUp, TopUpPackage, TopUpState, Wallet
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import top_up_legs
from wallet.services.gifts import give_bonus
from wallet.services.ledger import Lots, post_journal
from wallet.services.records import write_record
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import get_row, lock_row, update
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move

MOVES: dict[str, set[str]] = {TopUpState.OPEN: {TopUpState.CREDITED, TopUpState.CLOSED}}


def open_top_up(*, wallet_id: int, amount: Fen, package: TopUpPackage | None = None) -> TopUp:
    """A package (top_up_packages.take_package) promises its bonus from here on, whatever becomes of it."""
    now = clock.now()
    return TopUp.objects.create(
        number=new_serial("R", now), wallet_id=wallet_id, amount=amount, package=package, created_at=now
    )


def credit_top_up(*, number: str, key: str, facts: Mapping[str, Any]) -> TopUp:
    """
    WeChat has collected it: credit the principal, once. What its package gives on top follows in a
    transaction of its own (give_package_bonus): no customer's account is locked after a platform one.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises StateConflict: it was given up before; the money is somebody's, but not this top-up's
    """
    return credit_locked_top_up(_locked(number=number), key=key, facts=facts)


def lock_top_up(top_up_id: int) -> TopUp:
    """For whoever settles its payment, which they have locked before; with its wallet."""
    return _locked(pk=top_up_id)


def credit_locked_top_up(top_up: TopUp, *, key: str, facts: Mapping[str, Any]) -> TopUp:
    """The same of a top-up that `lock_top_up` found."""
    if top_up.state == TopUpState.CREDITED:
        return top_up
    require_move(MOVES, top_up.state, TopUpState.CREDITED)
    journal = post_journal(
        kind=JournalKind.TOP_UP,
        key=key,
        legs=top_up_legs(wallet_id=top_up.wallet_id, amount=Fen(top_up.amount)),
        facts=facts,
        reference=top_up.number,
        lots=Lots(source=top_up.number, owed=True),
    )
    write_record(
        wallet_id=top_up.wallet_id,
        journal=journal,
        kind=RecordKind.TOP_UP,
        title="充值",
        reference=top_up.number,
        balance_amount=Fen(top_up.amount),
    )
    top_up.state = TopUpState.CREDITED
    top_up.journal_id = journal.journal_id
    top_up.credited_at = journal.at
    update(top_up, "state", "journal", "credited_at")
    publish(TopUpCredited(number=top_up.number, user_id=top_up.wallet.user_id, amount=top_up.amount))
    return top_up


@transaction.atomic
def give_package_bonus(*, number: str) -> None:
    """A credited top-up gets what its package promised; does nothing without one, or the second time."""
    top_up = TopUp.objects.select_related("package").get(number=number)
    if top_up.package is None or top_up.credited_at is None:
        return
    days = top_up.package.bonus_days
    give_bonus(
        wallet_id=top_up.wallet_id,
        amount=Fen(top_up.package.bonus),
        source=number,
        title=f"充值赠送 · {top_up.package.name}",
        expires_at=clock.start_of_day(top_up.credited_at) + timedelta(days=days + 1) if days else None,
    )


def give_up_top_up(*, number: str, reason: str) -> TopUp:
    """
    Nobody will pay it any more; does nothing the second time.

    :raises StateConflict: it is already credited
    """
    top_up = _locked(number=number)
    if top_up.state != TopUpState.CLOSED:
        require_move(MOVES, top_up.state, TopUpState.CLOSED)
        top_up.state = TopUpState.CLOSED
        top_up.closed_reason = reason
        top_up.save(update_fields=["state", "closed_reason"])
    return top_up


def _locked(**by: Any) -> TopUp:
    top_up = lock_row(TopUp, **by)
    top_up.wallet = get_row(Wallet, pk=top_up.wallet_id)
    return top_up
