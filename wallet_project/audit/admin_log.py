"""What staff change on the admin's own pages goes into the sealed trail, with the names of the fields."""

import json
from typing import Any

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.db.models.signals import post_save
from django.dispatch import receiver

from wallet_project.audit.services import record_audit

_ACTIONS = {ADDITION: "admin.row.added", DELETION: "admin.row.deleted"}


@receiver(post_save, sender=LogEntry)
def follow(instance: LogEntry, created: bool, **_signal: Any) -> None:  # noqa: FBT001 - Django's own signature
    """Django's log says which row and which fields; values stay where they are."""
    if not created or instance.content_type is None:
        return
    kind = instance.content_type
    record_audit(
        action=_ACTIONS.get(instance.action_flag, "admin.row.changed"),
        subject=f"{kind.app_label}.{kind.model}:{instance.object_id}"[:64],
        facts={"row": instance.object_repr, "what": _what(instance.change_message)},
    )


def _what(message: str) -> Any:
    try:
        return json.loads(message) if message else []
    except ValueError:
        return message
