"""What can go wrong between a draft and its being in force."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class TermsChanged(DomainError):
    """Said to a checker: somebody has edited the draft since it was proposed."""

    code = "TERMS_CHANGED"
    status = 409
    message = _("内容在提交审批后被修改过，请驳回后重新提交")


class AnotherInForce(DomainError):
    """Said to a checker: of these there is one at a time."""

    code = "ANOTHER_IN_FORCE"
    status = 409
    message = _("已有同一对象的内容在生效，请先停用它")
