"""One customer's top-ups."""

from wallet.models import TopUp
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def top_up_for(*, user_id: int, number: str) -> TopUp:
    """
    :raises NotFound: no such top-up, or somebody else's: the two look alike
    """
    found = (
        TopUp.objects.select_related("package").filter(number=number, wallet__user=user_id).first()
        if is_serial(number, "R")
        else None
    )
    if found is None:
        raise NotFound
    return found
