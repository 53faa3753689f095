"""Every error of this app: code, status, message."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class Paused(DomainError):
    """`flow` stands still; nothing new was begun. The same request may be sent again."""

    code = "FLOW_PAUSED"
    status = 503
    message = _("这项业务暂停办理，请稍后再试")
    facts = ("flow",)
    remembered = False
    retry_after = 60
    is_pause = True


class AlreadyPaused(DomainError):
    code = "ALREADY_PAUSED"
    status = 409
    message = _("这项业务已经暂停")


class NotPaused(DomainError):
    code = "NOT_PAUSED"
    status = 409
    message = _("这项业务没有暂停")
