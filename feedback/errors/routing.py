"""What keeps a ticket from somebody; said to staff."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class NotAnAgent(DomainError):
    code = "NOT_AN_AGENT"
    status = 409
    message = _("对方不是客服人员，不能受理工单")
