from wallet_project.kit.admin.acts import row_act
from wallet_project.kit.admin.bases import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    WalletAdmin,
    link_to,
    show_label,
    show_once,
    show_table,
    show_yuan,
    staff_id,
    told,
)
from wallet_project.kit.admin.due import heat_of, in_hours, show_due
from wallet_project.kit.admin.filters import DayRangeFilter, MonthFilter
from wallet_project.kit.admin.forms import YuanField
from wallet_project.kit.admin.outbox import DeliveryAdmin, JobAdmin, StoredEventAdmin
from wallet_project.kit.admin.schedule import ScheduledJobAdmin
from wallet_project.kit.admin.waiting import Waiting, Waits, waiting_for

__all__ = [
    "DayRangeFilter",
    "DeliveryAdmin",
    "JobAdmin",
    "MonthFilter",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "ReasonForm",
    "ScheduledJobAdmin",
    "StoredEventAdmin",
    "Waiting",
    "Waits",
    "WalletAdmin",
    "YuanField",
    "heat_of",
    "in_hours",
    "link_to",
    "row_act",
    "show_due",
    "show_label",
    "show_once",
    "show_table",
    "show_yuan",
    "staff_id",
    "told",
    "waiting_for",
]
