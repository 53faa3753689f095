"""Which surveys are asked."""

from feedback.models import Survey
from wallet_project.approvals.agreed import AgreedState


def surveys_asked(trigger: str) -> list[Survey]:
    """Those in force that begin with this, the newest first: of two about the same it asks."""
    return list(Survey.objects.filter(state=AgreedState.LIVE, trigger=trigger).order_by("-pk"))
