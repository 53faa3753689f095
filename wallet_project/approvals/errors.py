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
