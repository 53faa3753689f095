"""Nobody is given more than they may keep here."""

from accounts.selectors.kyc import level_of
from wallet.errors import BalanceCapExceeded
from wallet.selectors.balance_caps import room_of
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.money import Fen

_ROOMS = 0x726F6F6D << 32  # "room", so that nobody else locks these numbers


def hold_room(user_id: int) -> None:
    """
    Whoever asks for room in this user's wallet waits until the caller's transaction ends.

    Call it after limits and before the ledger's accounts are locked, for one user in a transaction.
    """
    lock_number(_ROOMS + user_id)


def require_room(*, user_id: int, coming: Fen) -> None:
    """
    There is room for so much more principal in this user's wallet, until the caller's transaction ends; where
    it is called, see `hold_room`. Money that has been collected is always credited, room or not.

    :raises BalanceCapExceeded: with the cap and the room there is
    """
    require_transaction()
    room = room_of(user_id, level=level_of(user_id), lock=_ROOMS + user_id)
    if coming > room.left:
        raise BalanceCapExceeded(cap=room.cap, room=room.left, level=room.level.value)
