"""Who can be paid, and whose bills a customer pays there."""

from uuid import UUID

from django.db.models import QuerySet

from payments.errors import BillerNotOffered
from payments.models import Biller, BillPayee
from payments.rules.bills import BillerKind
from wallet_project.kit.errors import NotFound


def billers_offered() -> QuerySet[Biller]:
    """In the order of the kinds, then by name: a handful, whoever asks."""
    return Biller.objects.filter(is_active=True).order_by("kind", "name")


def biller_offered(code: str) -> Biller:
    """
    :raises BillerNotOffered: no such biller, or it is closed for now
    """
    found = Biller.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise BillerNotOffered(biller=code)
    return found


def cards_of(user_id: int) -> QuerySet[BillPayee]:
    """Their bound cards, the newest first."""
    return payees_of(user_id).filter(biller__kind=BillerKind.CREDIT_CARD)


def bill_accounts_of(user_id: int) -> QuerySet[BillPayee]:
    """The accounts they have asked about, the newest first."""
    return payees_of(user_id).exclude(biller__kind=BillerKind.CREDIT_CARD)


def payees_of(user_id: int) -> QuerySet[BillPayee]:
    """Both, with what it takes to tell the platform of them."""
    kept = BillPayee.objects.filter(user=user_id, forgotten_at=None)
    return kept.select_related("biller", "user__personal_key").order_by("-pk")


def payee_of(kept: QuerySet[BillPayee], uid: UUID | str) -> BillPayee:
    """
    One of what somebody keeps.

    :raises NotFound: no such card or account, forgotten, or somebody else's: they look alike
    """
    try:
        found = kept.filter(uid=UUID(str(uid))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


def name_of_biller(code: str) -> str:
    """Also of one that is closed by now."""
    return Biller.objects.values_list("name", flat=True).get(code=code)
