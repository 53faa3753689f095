"""What the wallet does when others speak."""

from accounts.events import UserRegistered
from wallet.services.wallets import open_wallet
from wallet_project.kit.events import listens_to


@listens_to(UserRegistered)
def open_a_wallet(event: UserRegistered) -> None:
    open_wallet(user_id=event.user_id)
