"""What can go wrong between a draft and its being in force."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class TermsChanged(DomainError):
    """Said to a checker: somebody has edited the draft since it was proposed."""

    code = "TERMS_CHANGED"
    status = 409
    message = _("内容在提交审批后被修改过，请驳回后重新提交")
