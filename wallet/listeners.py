"""What the wallet does when others speak."""

from accounts.events import UserRegistered
from accounts.services.onboarding import complete_step
from wallet.events import TopUpCredited
from wallet.services.top_ups import give_package_bonus
from wallet.services.wallets import open_wallet
from wallet_project.kit.events import listens_to


@listens_to(UserRegistered)
def open_a_wallet(event: UserRegistered) -> None:
    open_wallet(user_id=event.user_id)


@listens_to(TopUpCredited)
def a_package_gives_its_bonus(event: TopUpCredited) -> None:
    give_package_bonus(number=event.number)


@listens_to(TopUpCredited)
def a_top_up_is_a_first_step(event: TopUpCredited) -> None:
    complete_step(user_id=event.user_id, key="first_top_up")
