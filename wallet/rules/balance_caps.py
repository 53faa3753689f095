"""
How much of their own money somebody may keep here.

In a closed loop the law of prepaid cards says so (单用途商业预付卡管理办法: 5,000 yuan on a registered card,
1,000 on an anonymous one); a licensed wallet follows the classes of payment accounts.
"""

from accounts.rules.kyc import KycLevel
from wallet_project.kit.money import Fen

CAPS: dict[str, dict[KycLevel, Fen]] = {
    "closed_loop": {
        KycLevel.NONE: Fen(1_000_00),
        KycLevel.I: Fen(5_000_00),
        KycLevel.II: Fen(5_000_00),
        KycLevel.III: Fen(5_000_00),
    },
    "licensed": {
        KycLevel.NONE: Fen(1_000_00),
        KycLevel.I: Fen(10_000_00),
        KycLevel.II: Fen(100_000_00),
        KycLevel.III: Fen(200_000_00),
    },
}


def cap_for(level: KycLevel, *, mode: str) -> Fen:
    """`mode` is settings.WALLET_MODE."""
    return CAPS[mode][level]
