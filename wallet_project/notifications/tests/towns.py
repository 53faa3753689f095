"""What people have, for tests about what they are told of it."""

from accounts.models import User
from coupons.tests.audiences import segment
from wallet.models import Wallet, Withdrawal
from wallet.rules.kinds import MoveKind
from wallet.rules.withdrawals import WithdrawalState
from wallet.services.quotes import make_quote
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.notifications.models import Broadcast, Occasion, Recipient, Trigger
from wallet_project.notifications.rules.broadcasts import RecipientState
from wallet_project.notifications.rules.triggers import TriggerKind


def withdrawal(wallet: Wallet) -> Withdrawal:
    """One of ¥9 that came to nothing."""
    now = clock.now()
    return Withdrawal.objects.create(
        number=new_serial("W", now),
        wallet=wallet,
        amount=9_00,
        fee=0,
        quote=make_quote(user_id=wallet.user_id, kind=MoveKind.WITHDRAW, amount=Fen(9_00), facts={}),
        state=WithdrawalState.REJECTED,
        requested_at=now,
        ended_at=now,
    )


def has_broadcast(user: User, mark: str) -> None:
    """They were told what was sent to many, and have an occasion to be told of."""
    now = clock.now()
    broadcast = Broadcast.objects.create(
        name=f"周末立减 {mark}",
        segment=segment(name=f"常客 {mark}"),
        title="周末立减",
        body="本周末到店支付立减 5 元。",
        title_en="Weekend offer",
        body_en="¥5 off at the counter this weekend.",
        starts_at=now,
        begun_at=now,
        state=AgreedState.LIVE,
    )
    Recipient.objects.create(broadcast=broadcast, user=user, state=RecipientState.TOLD, at=now)
    trigger = Trigger.objects.get(kind=TriggerKind.NOT_SEEN)
    Occasion.objects.create(trigger=trigger, user=user, key="2026-11-01", since=now, due_at=now)
