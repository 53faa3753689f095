"""Find somebody to pay, by their phone or by the code that they show; nobody is found by trying."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from accounts.selectors.name_hints import NameHint, name_hints
from wallet.errors import (
    PayeeCannotReceive,
    PayeeIsYourself,
    PayeeLookupsUsedUp,
    PayeeNotFound,
    ReceiveCodeRefused,
)
from wallet.models import PayeeSettings, Wallet
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet.selectors.content import clean_text
from wallet.selectors.payees import findable_wallet, party_of, payee_purpose, wallet_to_pay
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

PAYEE_LIFE = timedelta(minutes=10)
RECEIVE_CODE_LIFE = timedelta(minutes=5)
LONGEST_REMARK = 50
_RECEIVE = "wallet.receive"

# One statement: the row is locked, compared and counted, so parallel look-ups cannot pass the cap together.
_COUNT = """
    INSERT INTO wallet_payeelookups AS used (user_id, day, total) VALUES (%(user)s, %(day)s, 1)
    ON CONFLICT (user_id, day) DO UPDATE SET total = used.total + 1 WHERE used.total < %(most)s
    RETURNING total
"""


@dataclass(frozen=True, kw_only=True)
class Payee:
    """
    Somebody to pay, as far as the asker may see them. `token` stands for them for `expires_in` seconds, and
    for this asker alone. `amount` (fen) and `remark` are what they asked for, if they did.
    """

    token: str
    hint: NameHint
    expires_in: int
    amount: Fen | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiveCode:
    """What somebody shows to be paid; the payer's app reads it off the screen."""

    code: str
    expires_at: datetime
    amount: Fen | None
    remark: str


def payee_by_phone(*, asker_id: int, phone: str) -> Payee:
    """
    Whoever has this normalised number, has a wallet and lets themselves be found by it. Every question is
    counted, whatever the answer.

    :raises PayeeLookupsUsedUp: too many were asked about today
    :raises PayeeNotFound: nobody, or nobody who wishes to be found
    :raises PayeeIsYourself: it is the asker's own
    """
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    now = clock.now()
    _count_lookup(asker_id, at=now)
    wallet = findable_wallet(phone)
    if wallet is None:
        raise PayeeNotFound
    return payee_for(asker_id=asker_id, wallet=wallet, at=now)


def payee_by_receive_code(*, asker_id: int, code: str) -> Payee:
    """
    Whoever shows this code, with the amount and the remark that they put into it.

    :raises ReceiveCodeRefused: no code of ours, or too old
    :raises PayeeCannotReceive: their wallet takes nothing at the moment
    :raises PayeeIsYourself: it is the asker's own
    """
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    now = clock.now()
    try:
        user_id, amount, remark = open_ticket(code, purpose=_RECEIVE, at=now)
    except TicketRefused:
        raise ReceiveCodeRefused from None
    wallet = wallet_to_pay(user_id)
    if wallet is None:
        raise PayeeCannotReceive
    asked = Fen(amount) if amount else None
    return payee_for(asker_id=asker_id, wallet=wallet, at=now, amount=asked, remark=remark)


def payee_for(
    *,
    asker_id: int,
    wallet: Wallet,
    at: datetime,
    amount: Fen | None = None,
    remark: str = "",
    request: str = "",
) -> Payee:
    """
    Whose wallet the asker has a right to know of, with a token to pay into it.

    `amount` is the only one that they may pay then; `request` is the number of the request that they answer.

    :raises PayeeIsYourself: it is the asker's own
    """
    if wallet.user_id == asker_id:
        raise PayeeIsYourself
    hints = name_hints([asker_id, wallet.user_id])
    payer = party_of(hints[asker_id], wallet_id=open_wallet(user_id=asker_id).pk)
    payee = party_of(hints[wallet.user_id], wallet_id=wallet.pk)
    token = make_ticket(
        asdict(payer),
        asdict(payee),
        amount or 0,
        request,
        purpose=payee_purpose(asker_id),
        until=at + PAYEE_LIFE,
    )
    return Payee(
        token=token,
        hint=hints[wallet.user_id],
        expires_in=int(PAYEE_LIFE.total_seconds()),
        amount=amount,
        remark=remark,
    )


def receive_code(*, user_id: int, amount: Fen | None = None, remark: str = "") -> ReceiveCode:
    """
    A new code every time, good for five minutes.

    :raises TextRefused: the remark is nothing to show to others
    """
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    remark = clean_text(remark, longest=LONGEST_REMARK)
    open_wallet(user_id=user_id)  # whoever shows it can be paid, however new they are
    until = clock.now() + RECEIVE_CODE_LIFE
    code = make_ticket(user_id, amount or 0, remark, purpose=_RECEIVE, until=until)
    return ReceiveCode(code=code, expires_at=until, amount=amount, remark=remark)


def choose_findable(*, user_id: int, findable_by_phone: bool) -> None:
    """Whether others who know the phone find its owner by it."""
    PayeeSettings.objects.update_or_create(
        user_id=user_id, defaults={"findable_by_phone": findable_by_phone, "changed_at": clock.now()}
    )


def _count_lookup(asker_id: int, *, at: datetime) -> None:
    """Commits by itself: what was asked stays counted."""
    most: int = settings.PAYEE_LOOKUPS_A_DAY
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"user": asker_id, "day": clock.business_day(at), "most": most})
        if cursor.fetchone() is None:
            raise PayeeLookupsUsedUp
