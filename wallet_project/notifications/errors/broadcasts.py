"""What can go wrong with messages to many."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class BroadcastNotUnderWay(DomainError):
    """Said to staff: it was not agreed, has ended, or is so already."""

    code = "BROADCAST_NOT_UNDER_WAY"
    status = 409
    message = _("这条群发未生效、已发完，或已经是这个状态")
