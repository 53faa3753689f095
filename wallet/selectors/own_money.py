"""Whether so much own money may leave, before anybody is asked to prove that they wish it."""

from wallet.errors import InsufficientBalance, PackageMoneyStays
from wallet.selectors.balances import OwnMoney, balance_of, own_money_of
from wallet_project.kit import clock
from wallet_project.kit.money import Fen


def require_own_money(*, user_id: int, amount: Fen) -> None:
    """
    As things are now, in two queries.

    :raises InsufficientBalance: there is not that much own money free
    :raises PackageMoneyStays: some of it came in packages
    """
    require_covered(own_money_of(user_id, balance=balance_of(user_id), at=clock.now()), amount=amount)


def require_covered(own: OwnMoney, *, amount: Fen) -> None:
    """
    The same of money that was looked at already.

    :raises InsufficientBalance: there is not that much own money free
    :raises PackageMoneyStays: some of it came in packages
    """
    if amount > own.free:
        raise InsufficientBalance(needed=amount, available=own.sendable)
    if amount > own.sendable:
        raise PackageMoneyStays(needed=amount, available=own.sendable)
