"""Whom money may be sent to, and what the sender may know of them."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.selectors.name_hints import NameHint
from accounts.selectors.users import active_customers, customers_with_phone
from wallet.errors import PayeeTokenRefused
from wallet.models import PayeeSettings, Wallet, WalletStatus
from wallet.rules.payees import Introduction, Party
from wallet_project.kit.money import Fen
from wallet_project.kit.tickets import TicketRefused, open_ticket

_TAKING_NOTHING = (WalletStatus.CLOSED, WalletStatus.CREDIT_FROZEN, WalletStatus.ALL_FROZEN)


def introduction_behind(token: str, *, asker_id: int, at: datetime) -> Introduction:
    """
    :raises PayeeTokenRefused: made up, too old, or made for somebody else
    """
    try:
        payer, payee, amount, request = open_ticket(token, purpose=payee_purpose(asker_id), at=at)
        return Introduction(
            payer=Party(**payer),
            payee=Party(**payee),
            amount=Fen(amount) if amount else None,
            request=request,
        )
    except (TicketRefused, TypeError):  # TypeError: sealed by a version that told other things of a person
        raise PayeeTokenRefused from None


def payee_purpose(asker_id: int) -> str:
    """A payee token is good for paying, and for whom it was made."""
    return f"wallet.payee:{asker_id}"


def party_of(hint: NameHint, *, wallet_id: int) -> Party:
    return Party(
        user_id=hint.user_id,
        wallet_id=wallet_id,
        uid=str(hint.uid),
        nickname=hint.nickname,
        name_masked=hint.name_masked,
    )


def findable_wallet(phone: str) -> Wallet | None:
    """
    The wallet that somebody who knows its owner's number may pay into.

    One query, whoever it is: nobody has that number, they do not wish to be found, they may not act.
    """
    hidden = PayeeSettings.objects.filter(findable_by_phone=False).values("user")
    return _open_wallets().filter(user__in=customers_with_phone(phone)).exclude(user__in=hidden).first()


def wallet_to_pay(user_id: int) -> Wallet | None:
    """This user's wallet, if money may be sent to it."""
    return _open_wallets().filter(user=user_id, user__in=active_customers()).first()


def is_findable_by_phone(user_id: int) -> bool:
    return not PayeeSettings.objects.filter(user=user_id, findable_by_phone=False).exists()


def _open_wallets() -> QuerySet[Wallet]:
    return Wallet.objects.exclude(status__in=_TAKING_NOTHING)
