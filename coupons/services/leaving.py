"""Whoever leaves gives up what they were promised."""

from coupons.services.coupons import give_up_coupons
from coupons.services.membership import end_membership
from coupons.services.points import give_up_points
from coupons.services.recommendations import forget_taste
from coupons.services.reward_returns import give_up_rewards
from wallet_project.kit.money import Fen


def give_up_promises(*, user_id: int, gives_up: Fen) -> None:
    """Must be called inside the transaction that closes the account; does nothing the second time."""
    give_up_rewards(user_id=user_id)
    give_up_coupons(user_id=user_id)
    give_up_points(user_id=user_id)
    end_membership(user_id=user_id)
    forget_taste(user_id=user_id)
