"""Every error of this app: code, status, message."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class AlreadyProposed(DomainError):
    code = "ALREADY_PROPOSED"
    status = 409
    message = _("同样的申请已在等待审批")


class ProposalEnded(DomainError):
    """Decided, withdrawn or expired; the state tells which."""

    code = "PROPOSAL_ENDED"
    status = 409
    message = _("这个申请已经办结或过期")
    facts = ("state",)


class OwnProposal(DomainError):
    """Four eyes means two people: neither the maker nor whoever it is about decides."""

    code = "OWN_PROPOSAL"
    status = 403
    message = _("自己提出或涉及自己的申请，须由其他人审批")


class CheckerNotAllowed(DomainError):
    code = "CHECKER_NOT_ALLOWED"
    status = 403
    message = _("您没有审批这类申请的权限")


class NotTheMaker(DomainError):
    code = "NOT_THE_MAKER"
    status = 403
    message = _("只有申请人可以撤回")


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
