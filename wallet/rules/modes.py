"""
Which moves of money this kind of wallet may make at all.

A closed loop is one merchant's prepaid wallet: what was paid in is spent there or goes back to where it came
from. Money from person to person, and to third parties, is the business of licensed institutions
(非银行支付机构监督管理条例, art. 15).
"""

from wallet.errors import NotInThisMode
from wallet.rules.kinds import MoveKind

OFF: dict[str, frozenset[MoveKind]] = {
    "closed_loop": frozenset({MoveKind.TRANSFER, MoveKind.RED_PACKET, MoveKind.BILL}),
    "licensed": frozenset(),
}


def is_off(kind: MoveKind, *, mode: str) -> bool:
    """`mode` is settings.WALLET_MODE."""
    return kind in OFF[mode]


def require_allowed(kind: MoveKind, *, mode: str) -> None:
    """
    :raises NotInThisMode: this wallet makes no such moves
    """
    if is_off(kind, mode=mode):
        raise NotInThisMode(move=kind.value)
