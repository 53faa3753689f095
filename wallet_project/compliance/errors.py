"""Everything that the desk refuses."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class ChecklistUnfinished(DomainError):
    """Items without a result, or without the evidence for it."""

    code = "CHECKLIST_UNFINISHED"
    status = 409
    message = _("还有检查项没有结果或没有证据")
    facts = ("items",)


class SignedByTheSame(DomainError):
    code = "CHECKLIST_SIGNED_BY_THE_SAME"
    status = 403
    message = _("签核必须由负责人和提交人以外的人完成")


class RetentionTooShort(DomainError):
    """`minimum_days` are the least that the law or the purpose asks of this kind."""

    code = "RETENTION_TOO_SHORT"
    status = 409
    message = _("保存期限短于这类数据的最短期限")
    facts = ("minimum_days",)


class ReportUnreadable(DomainError):
    code = "SCAN_REPORT_UNREADABLE"
    status = 400
    message = _("这不是所选工具的 JSON 报告")
    facts = ("reason",)


class AcceptanceTooLong(DomainError):
    code = "SCAN_ACCEPTANCE_TOO_LONG"
    status = 400
    message = _("接受期限须在明天到一年之内")
    facts = ("latest",)
