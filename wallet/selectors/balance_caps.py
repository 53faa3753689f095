"""How much more of their own money somebody may keep here."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from accounts.rules.kyc import KycLevel
from wallet.rules.balance_caps import cap_for
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class Room:
    """`coming` is what has been asked of WeChat and may arrive at any moment."""

    level: KycLevel
    cap: Fen
    principal: Fen = ZERO
    coming: Fen = ZERO

    @property
    def left(self) -> Fen:
        return Fen(max(self.cap - self.principal - self.coming, 0))


def room_of(user_id: int, *, level: KycLevel, lock: int | None = None) -> Room:
    """
    In one query: a top-up that is being credited is seen in one of both places, never in both. It begins by
    waiting for the number `lock`, which stays locked until the caller's transaction ends.
    """
    cap = cap_for(level, mode=settings.WALLET_MODE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wallet_own_and_coming(%s, %s)", [user_id, lock])
        found = cursor.fetchone()
    if found is None:
        return Room(level=level, cap=cap)
    return Room(level=level, cap=cap, principal=Fen(found[0]), coming=Fen(found[1]))
