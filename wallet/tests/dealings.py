"""People with money who have dealings with each other, proven and quoted as they should be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.rules.step_up import Operation, OperationKind
from accounts.tests.factories import LoggedIn, grant_for, logged_in, with_level, with_pin
from wallet.models import LimitUsage, Record, Transfer, Wallet
from wallet.rules.kinds import MoveKind
from wallet.selectors.payees import introduction_behind
from wallet.services.payees import payee_for
from wallet.services.quotes import make_quote
from wallet.services.transfers import send_transfer
from wallet.services.wallets import open_wallet
from wallet.tests.factories import account_of, fill
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent


@dataclass(frozen=True)
class Person:
    login: LoggedIn
    wallet: Wallet

    @property
    def user(self) -> User:
        return self.login.user

    @property
    def id(self) -> int:
        return self.login.user.pk

    @property
    def money(self) -> tuple[int, int]:
        """Own money: balance and what is held of it."""
        account = account_of(self.wallet)
        return account.balance, account.held

    @property
    def history(self) -> list[tuple[str, int]]:
        """Kinds and amounts of their records, oldest first; topping up left out."""
        records = Record.objects.filter(wallet=self.wallet).exclude(kind="top_up").order_by("pk")
        return list(records.values_list("kind", "amount"))


def somebody(principal: int = 0, *, level: KycLevel = KycLevel.II, **fields: Any) -> Person:
    """Somebody with a PIN, a phone, a level and so much money of their own."""
    login = with_pin(logged_in(**fields))
    with_level(login.user, level)
    wallet = open_wallet(user_id=login.user.pk)
    fill(wallet, principal=principal)
    return Person(login, wallet)


def token_for(payer: Person, payee: Person, **asked: Any) -> str:
    """The payer has found the payee."""
    return payee_for(asker_id=payer.id, wallet=payee.wallet, at=clock.now(), **asked).token


def quote_for(payer: Person, token: str, amount: int) -> str:
    quote = make_quote(user_id=payer.id, kind=MoveKind.TRANSFER, amount=amount, facts={"payee": token})
    return str(quote.public_id)


def proof_for(payer: Person, token: str, amount: int, quote: str) -> str:
    """The grant for exactly this transfer."""
    payee = introduction_behind(token, asker_id=payer.id, at=clock.now()).payee
    facts = {"payee": payee.shown, "payee_uid": payee.uid, "quote": quote}
    return grant_for(payer.login, Operation(kind=OperationKind.TRANSFER, amount=amount, facts=facts))


def ready_to_send(payer: Person, payee: Person, amount: int, **wish: Any) -> dict[str, Any]:
    """Everything that send_transfer wants: found, quoted and proven."""
    token = wish.pop("payee_token", None) or token_for(payer, payee)
    quote = quote_for(payer, token, amount)
    return {
        "sender_id": payer.id,
        "device_id": payer.login.device.device_id,
        "payee_token": token,
        "amount": amount,
        "quote_id": quote,
        "grant": proof_for(payer, token, amount, quote),
        **wish,
    }


def send(payer: Person, payee: Person, amount: int, **wish: Any) -> Transfer:
    return send_transfer(**ready_to_send(payer, payee, amount, **wish))


def send_to_wait(payer: Person, payee: Person, amount: int, *, hours: int = 24) -> Transfer:
    return send(payer, payee, amount, accept_within=timedelta(hours=hours))


def transfer_events(payer: Person) -> list[str]:
    """Names of what was told about somebody's transfers, in order."""
    told = StoredEvent.objects.filter(name__startswith="wallet.transfer", payload__sender_id=payer.id)
    told = told.order_by("pk")
    return list(told.values_list("name", flat=True))


def used_by(person: Person) -> dict[str, int]:
    """Move → what was counted of it today."""
    return dict(LimitUsage.objects.filter(user=person.id).values_list("move", "day_amount"))
