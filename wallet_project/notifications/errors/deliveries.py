"""What can go wrong with messages on their way."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class DeliveryNotRepeatable(DomainError):
    """Said to staff: only what failed, died or is unsure is sent again or put aside."""

    code = "DELIVERY_NOT_REPEATABLE"
    status = 409
    message = _("这条投递不能重新发送或放弃：它还在发送、已送达或本就不需要发送")
