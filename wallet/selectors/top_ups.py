"""One customer's top-ups."""

from django.db.models import QuerySet

from wallet.models import TopUp, TopUpState
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def is_first_top_up(*, number: str) -> bool:
    """Whether nothing had arrived in its wallet by a top-up before."""
    top_up = TopUp.objects.get(number=number)
    earlier = TopUp.objects.filter(wallet=top_up.wallet_id, credited_at__lt=top_up.credited_at)
    return not earlier.exists()


def top_up_for(*, user_id: int, number: str) -> TopUp:
    """
    :raises NotFound: no such top-up, or somebody else's: the two look alike
    """
    found = (
        TopUp.objects.select_related("package").filter(number=number, wallet=wallet_of(user_id)).first()
        if is_serial(number, "R")
        else None
    )
    if found is None:
        raise NotFound
    return found


def credited_top_ups() -> QuerySet[TopUp]:
    """For whoever asks whose, and since when."""
    return TopUp.objects.filter(state=TopUpState.CREDITED)
