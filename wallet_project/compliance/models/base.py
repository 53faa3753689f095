"""What every register of the desk shares."""

from typing import Any

from django.conf import settings
from django.db import models

from wallet_project.kit.models.base import Timestamped


class Evidence(Timestamped):
    """An inspector may ask for it years later: written, corrected, never deleted."""

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        abstract = True


def staff_member(label: str, **options: Any) -> Any:
    """A colleague who answers for something."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name=label,
        **options,
    )
