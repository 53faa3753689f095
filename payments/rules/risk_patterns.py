"""What only shows when one looks at many moves together, hours or days later."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from wallet.rules.freezes import FreezeScope
from wallet_project.kit.money import Fen

FROZEN_FOR: Final = timedelta(hours=48)  # by then somebody has looked, or it ends by itself
LEFT_ALONE_FOR: Final = timedelta(days=7)  # how long a pattern that became a case becomes no other


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`freezes`: how far the wallet is stopped until somebody has looked at the case; None: not at all."""

    code: str
    title: str
    freezes: FreezeScope | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """One person in whose moves a pattern shows; `amount` in fen, evidence in plain values."""

    pattern: Pattern
    uid: str
    amount: Fen
    evidence: dict[str, Any]


RING: Final = Pattern(code="ring", title="同一台设备的多个账户付款给同一人")
MULE: Final = Pattern(code="mule", title="多人付款给一人后集中转出", freezes=FreezeScope.OUT)
DAYS: Final = Pattern(code="pass_through", title="连续多日资金快进快出")

RING_USERS, RING_DAYS = 3, 30
MULE_PAYERS, MULE_SUM, MULE_PERCENT, MULE_DAYS = 10, Fen(10_000_00), 80, 7
PASS_THROUGH_SUM, PASS_THROUGH_PERCENT, PASS_THROUGH_TIMES, PASS_THROUGH_DAYS = Fen(1_000_00), 90, 3, 14
