"""Days: what agrees, what does not, and how every fen at WeChat is explained."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action
from unfold.forms import BaseDialogForm

from accounts.models import User
from payments.models import BillFile, DailyClose
from payments.selectors.daily_closes import explanation_of
from payments.services.close_reports import close_as_pdf, close_as_xlsx
from payments.services.daily_closes import forget_bills, propose_sign_off, queue_reconciliation
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    row_act,
    show_label,
    show_table,
    show_yuan,
    staff_id,
)

STATE_COLOURS = {"WAITING": "warning", "MATCHED": "info", "DIFFERENT": "danger", "LOCKED": "success"}
FILE_COLOURS = {"WAITING": "warning", "ABSENT": "info", "INVALID": "danger", "STAGED": "success"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Files(ReadOnlyInline):
    model = BillFile
    fields = ("kind", "shown_state", "rows", "tries", "problem", "fetched_at", "digest")
    readonly_fields = fields

    @admin.display(description="状态")
    def shown_state(self, bill: BillFile) -> Any:
        return show_label(bill.get_state_display(), FILE_COLOURS.get(bill.state))


@admin.register(DailyClose)
class DailyCloseAdmin(ReadOnlyAdmin):
    list_display = (
        "day",
        "shown_state",
        "shown_open",
        "shown_unexplained",
        "shown_closing",
        "shown_wechat",
        "matched_at",
        "signed_at",
    )
    list_filter = ("state", "day")
    ordering = ("-day",)
    fieldsets = (
        (
            None,
            {"fields": ("day", "shown_state", "shown_open", "shown_unexplained", "matched_at", "alarmed_at")},
        ),
        ("微信待结算的每一分钱", {"fields": ("shown_balance", "shown_moved")}),
        ("三方核对", {"fields": ("shown_buckets", "shown_beside", "shown_differences")}),
        ("日结", {"fields": ("signed_at", "shown_maker", "shown_checker")}),
    )
    readonly_fields = (
        "shown_state",
        "shown_open",
        "shown_unexplained",
        "shown_balance",
        "shown_moved",
        "shown_buckets",
        "shown_beside",
        "shown_differences",
        "shown_maker",
        "shown_checker",
    )
    inlines = (Files,)
    actions_detail = ("sign", "compare", "fetch_again", "as_pdf", "as_xlsx")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DailyClose]:
        overdue = Count("differences", filter=Q(differences__ended="", differences__due_at__lt=clock.now()))
        return super().get_queryset(request).annotate(overdue=overdue)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        close: Any = super().get_object(request, object_id, from_field)
        if close is not None:
            close.told = explanation_of(close)
        return close

    def has_run_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.run_dailyclose") and self._is_open(object_id)

    def has_sign_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.propose_dailyclose") and self._is_open(object_id)

    @row_act(
        "申请日结",
        permissions=["view", "sign"],
        done="已提交审批",
        title="申请日结这一天",
        explains="由另一位同事审批。批准后这一天不能再变更；有未解释的差异时不能提交。",
        submit="提交审批",
    )
    def sign(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_sign_off(
            day=self._day(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @row_act(
        "重新对账",
        permissions=["view", "run"],
        done="已提交，稍后刷新查看结果",
        explains="由后台任务用已下载的账单重新比较，不移动任何资金。",
        submit="开始",
        form=BaseDialogForm,
    )
    def compare(self, request: HttpRequest, form: Any, object_id: str) -> None:
        queue_reconciliation(self._day(object_id))

    @row_act(
        "重新下载账单",
        permissions=["view", "run"],
        done="已提交，稍后刷新查看结果",
        explains="丢弃已下载的账单，由后台任务重新下载并对账。",
        submit="重新下载",
        form=BaseDialogForm,
    )
    def fetch_again(self, request: HttpRequest, form: Any, object_id: str) -> None:
        forget_bills(self._day(object_id))
        queue_reconciliation(self._day(object_id))

    @action(description="报告 PDF", url_path="pdf", permissions=["view"])
    def as_pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        close = DailyClose.objects.get(pk=object_id)
        return _file(close_as_pdf(close), kind="application/pdf", name=f"daily-close-{close.day}.pdf")

    @action(description="报告 Excel", url_path="xlsx", permissions=["view"])
    def as_xlsx(self, request: HttpRequest, object_id: str) -> HttpResponse:
        close = DailyClose.objects.get(pk=object_id)
        return _file(close_as_xlsx(close), kind=XLSX, name=f"daily-close-{close.day}.xlsx")

    @admin.display(description="状态", ordering="state")
    def shown_state(self, close: DailyClose) -> Any:
        return show_label(close.get_state_display(), STATE_COLOURS.get(close.state))

    @admin.display(description="未处理差异", ordering="open_differences")
    def shown_open(self, close: Any) -> str:
        late = f"，{close.overdue} 条逾期" if close.overdue else ""
        return f"{close.open_differences} 条{late}"

    @admin.display(description="未解释金额（元）", ordering="unexplained")
    def shown_unexplained(self, close: DailyClose) -> Any:
        return show_yuan(close.unexplained)

    @admin.display(description="期末待结算（元）")
    def shown_closing(self, close: DailyClose) -> Any:
        return show_yuan(close.closing)

    @admin.display(description="微信账户结余（元）")
    def shown_wechat(self, close: DailyClose) -> Any:
        return show_yuan(close.wechat_balance)

    @admin.display(description="余额")
    def shown_balance(self, close: Any) -> str:
        rows = [
            ["期初待结算", show_yuan(close.opening)],
            ["当日变动", show_yuan(sum(part.amount for part in close.told.moved))],
            ["期末待结算", show_yuan(close.closing)],
            ["微信账户结余", show_yuan(close.wechat_balance)],
        ]
        return show_table(["账簿与微信", "金额（元）"], rows)

    @admin.display(description="当日变动")
    def shown_moved(self, close: Any) -> Any:
        rows = [[part.kind.label, f"{part.count:,}", show_yuan(part.amount)] for part in close.told.moved]
        return show_table(["凭证类型", "笔数", "金额（元）"], rows) if rows else _nothing()

    @admin.display(description="各类业务")
    def shown_buckets(self, close: Any) -> Any:
        rows = [
            [
                part.kind_name,
                show_label(part.name, "danger" if part.outcome else "success"),
                f"{part.count:,}",
                show_yuan(part.billed),
                show_yuan(part.booked),
            ]
            for part in close.told.buckets
        ]
        return show_table(["业务", "结果", "笔数", "账单（元）", "账簿（元）"], rows) if rows else _nothing()

    @admin.display(description="账单中的其他变动")
    def shown_beside(self, close: Any) -> str:
        rows = [
            ["微信手续费", show_yuan(close.told.fees)],
            ["结算到银行等", show_yuan(close.told.settled)],
        ]
        return show_table(["微信账户", "金额（元）"], rows)

    @admin.display(description="差异")
    def shown_differences(self, close: DailyClose) -> Any:
        address = f"{reverse('admin:payments_difference_changelist')}?close__day={close.day}"
        return format_html(
            '<a class="text-primary-600 underline" href="{}">查看这一天的全部差异</a>', address
        )

    @admin.display(description="申请人")
    def shown_maker(self, close: DailyClose) -> str:
        return _name(close.proposed_by)

    @admin.display(description="审批人")
    def shown_checker(self, close: DailyClose) -> str:
        return _name(close.approved_by)

    def _is_open(self, object_id: str | None) -> bool:
        return DailyClose.objects.filter(pk=object_id or 0).exclude(state=DailyClose.State.LOCKED).exists()

    def _day(self, object_id: str) -> Any:
        return DailyClose.objects.values_list("day", flat=True).get(pk=object_id)


def _file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _name(user_id: int | None) -> str:
    return str(User.objects.get(pk=user_id)) if user_id else "—"


def _nothing() -> Any:
    return format_html("<p>{}</p>", "没有")
