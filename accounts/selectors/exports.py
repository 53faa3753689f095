"""A person's exports: only what the asker may see."""

from django.db.models import QuerySet

from accounts.models import DataExport
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def exports_of(user_id: int) -> QuerySet[DataExport]:
    return DataExport.objects.filter(user_id=user_id)


def export_for(user_id: int, number: str) -> DataExport:
    """
    :raises NotFound: no such export, or somebody else's: the two look alike
    """
    found = exports_of(user_id).filter(number=number).first() if is_serial(number, "E") else None
    if found is None:
        raise NotFound
    return found
