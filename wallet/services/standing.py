"""What a membership is worth here is said by whoever keeps memberships."""

from wallet.models import CustomerStanding
from wallet_project.kit.db import require_transaction


def set_standing(*, user_id: int, fee_tier: str, limit_uplift: int) -> None:
    """
    From now on; a quote that was made before keeps its fee.

    Must be called in the transaction that decided so, after whatever it locks of this person's own.
    """
    require_transaction()
    if fee_tier or limit_uplift:
        CustomerStanding.objects.update_or_create(
            user_id=user_id, defaults={"fee_tier": fee_tier, "limit_uplift": limit_uplift}
        )
    else:
        CustomerStanding.objects.filter(pk=user_id).delete()
