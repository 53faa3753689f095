"""What can go wrong between a newcomer and whoever brought them."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class InviteCodeUnknown(DomainError):
    code = "INVITE_CODE_UNKNOWN"
    status = 404
    message = _("邀请码无效，请检查后重新输入")
    remembered = False  # it may be there the next time


class InviteNotBound(DomainError):
    """`reason` is a rules.referrals.NoBinding, `words` say it."""

    code = "INVITE_NOT_BOUND"
    status = 409
    message = _("不能绑定这个邀请码")
    facts = ("reason", "words")
