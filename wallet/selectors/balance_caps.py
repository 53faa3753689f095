"""How much more of their own money somebody may keep here."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.rules.kyc import KycLevel
from wallet.models import LedgerAccount, TopUp, TopUpState
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


def room_of(user_id: int, *, level: KycLevel) -> Room:
    """In one query: a top-up that is being credited is seen in one of both places, never in both."""
    cap = cap_for(level, mode=settings.WALLET_MODE)
    open_top_ups = TopUp.objects.filter(wallet=OuterRef("wallet"), state=TopUpState.OPEN)
    found = (
        LedgerAccount.objects.filter(wallet__user=user_id, code="principal")
        .annotate(
            coming=Coalesce(
                Subquery(open_top_ups.values("wallet").annotate(total=Sum("amount")).values("total")), 0
            )
        )
        .values_list("balance", "coming")
        .first()
    )
    if found is None:
        return Room(level=level, cap=cap)
    return Room(level=level, cap=cap, principal=Fen(found[0]), coming=Fen(int(found[1])))
