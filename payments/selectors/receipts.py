"""How what came from outside is kept up with."""

from datetime import datetime

from payments.models import CallbackReceipt


def unhandled_since(moment: datetime) -> int:
    """How many callbacks came before then and have not been acted on."""
    return CallbackReceipt.objects.filter(state=CallbackReceipt.State.RECEIVED, created_at__lt=moment).count()
