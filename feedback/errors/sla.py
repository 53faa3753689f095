"""What can go wrong with promises about time, and with emergencies."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class ChangesNothing(DomainError):
    code = "CHANGES_NOTHING"
    status = 409
    message = _("与现行的完全相同，无须修改")


class CalendarRefused(DomainError):
    code = "CALENDAR_REFUSED"
    status = 409
    message = _("不能这样安排工作时间")
    facts = ("reason",)


class SlaPolicyRefused(DomainError):
    code = "SLA_POLICY_REFUSED"
    status = 409
    message = _("时限政策不能这样规定")
    facts = ("reason",)


class EscalationSeen(DomainError):
    code = "ESCALATION_SEEN"
    status = 409
    message = _("已有同事处理")


class IncidentEnded(DomainError):
    code = "INCIDENT_ENDED"
    status = 409
    message = _("这个紧急事件已经结束")


class IncidentItemDone(DomainError):
    code = "INCIDENT_ITEM_DONE"
    status = 409
    message = _("这一项已经完成")


class IncidentItemsOpen(DomainError):
    code = "INCIDENT_ITEMS_OPEN"
    status = 409
    message = _("还有应急事项没有完成")
    facts = ("left",)
