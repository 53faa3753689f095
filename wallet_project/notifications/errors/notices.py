"""What can go wrong with notices; said to staff."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class NoTester(DomainError):
    """Trials go to colleagues only, never to a customer."""

    code = "NO_TESTER"
    status = 409
    message = _("只能试发给员工本人的顾客账户：请先在员工档案里绑定")


class ChannelNotUsed(DomainError):
    code = "CHANNEL_NOT_USED"
    status = 409
    message = _("这条通知不走这个渠道")
