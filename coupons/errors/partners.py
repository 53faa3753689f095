"""What can go wrong with partners; said to staff."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class PartnerOwesLess(DomainError):
    """The partner owes us `owed` fen, and not more."""

    code = "PARTNER_OWES_LESS"
    status = 409
    message = _("金额超过合作方应付的余额，请核对")
    facts = ("owed",)


class PartnerPaidBefore(DomainError):
    code = "PARTNER_PAID_BEFORE"
    status = 409
    message = _("这笔银行流水已经入账")
