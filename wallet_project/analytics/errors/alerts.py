"""What can go wrong with an alert."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class AlertClosed(DomainError):
    code = "ALERT_CLOSED"
    status = 409
    message = _("这条告警已经关闭")
