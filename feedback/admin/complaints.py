"""Complaints in WeChat: what WeChat judges us by, and what is told to it."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from unfold.decorators import action

from feedback.models import Complaint
from feedback.rules.complaints import REPEATABLE, ComplaintState, TellingState
from feedback.selectors.complaints import complaint_figures, late_by, most_urgent_complaints
from feedback.services.complaint_tellings import refuse_what_is_wanted, tell_again
from feedback.services.complaints import look_again, reveal_phone
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    Waits,
    link_to,
    row_act,
    show_due,
    show_label,
    show_once,
    show_table,
    show_yuan,
    staff_id,
)
from wallet_project.kit.errors import DomainError

_SHOWN = 20
_SOON = timedelta(hours=4)
_COLOURS = {
    ComplaintState.NOTICED: "danger",
    ComplaintState.PENDING: "warning",
    ComplaintState.PROCESSING: "info",
    ComplaintState.PROCESSED: "success",
}
TELLING_COLOURS = {
    TellingState.WAITING: "warning",
    TellingState.SENT: "success",
    TellingState.REFUSED: "danger",
    TellingState.UNFIT: "danger",
    TellingState.NEEDLESS: None,
}


def show_complaint_desk(request: HttpRequest) -> HttpResponse:
    """What WeChat judges us by, and what is most urgent."""
    if not request.user.has_perm("feedback.view_complaint"):
        raise PermissionDenied
    now = clock.now()
    figures = complaint_figures(at=now)
    rows = [
        [
            show_promise(complaint),
            link_to(complaint, complaint.complaint_id),
            show_state(complaint),
            complaint.problem or "—",
            show_yuan(complaint.paid),
            _shown_ticket(complaint),
        ]
        for complaint in most_urgent_complaints(limit=_SHOWN)
    ]
    return TemplateResponse(
        request,
        "admin/desk.html",
        {
            **admin.site.each_context(request),
            "title": "微信投诉总览",
            "cards": [
                {"title": "已超时", "value": figures.late, "alarm": figures.late > 0},
                {"title": "未完结", "value": figures.open},
                {"title": "未送达微信", "value": figures.stuck, "alarm": figures.stuck > 0},
                {"title": "未能写入", "value": figures.unfit, "alarm": figures.unfit > 0},
                {"title": "30 天内投诉", "value": figures.filed},
                {"title": "重复投诉率", "value": _percent(figures.repeat_rate, figures.filed)},
                {"title": "24 小时内答复", "value": _percent(figures.answer_rate, figures.filed)},
                {"title": "72 小时内完结", "value": _percent(figures.solve_rate, figures.filed)},
            ],
            "sections": [
                {
                    "title": "最急的",
                    "table": {
                        "headers": ["时限", "投诉单号", "微信状态", "问题", "支付金额（元）", "工单"],
                        "rows": rows,
                    },
                }
            ],
        },
    )


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    list_display = (
        "complaint_id",
        "shown_state",
        "shown_due",
        "problem",
        "shown_paid",
        "times",
        "shown_ticket",
        "noticed_at",
    )
    list_filter = ("state", "with_platform", "is_refunded", "noticed_at", "complained_at")
    waits = Waits(
        words="未处理完的微信支付投诉",
        permission="feedback.answer_complaint",
        which=~Q(state=ComplaintState.PROCESSED),
        late=late_by,
    )
    search_fields = ("=complaint_id", "=payment_no", "=transaction_id", "=ticket__number")
    search_help_text = "投诉单号、支付单号、微信支付单号或工单号，须完整"
    list_select_related = ("ticket",)
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("complaint_id", "shown_state", "shown_due", "shown_ticket")}),
        ("投诉", {"fields": ("problem", "shown_wanted", "times", "complained_at", "shown_flags")}),
        ("支付", {"fields": ("shown_paid", "payment_no", "transaction_id")}),
        ("进展", {"fields": ("answered_at", "processed_at", "read_at", "failures", "last_error")}),
        ("发给微信", {"fields": ("shown_tellings",)}),
    )
    readonly_fields = (
        "shown_state",
        "shown_due",
        "shown_ticket",
        "shown_wanted",
        "shown_flags",
        "shown_paid",
        "shown_tellings",
    )
    actions_detail = ("refuse", "again", "look", "see_phone")

    def has_answer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("feedback.answer_complaint")

    def has_refuse_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_answer_permission(request) and _is_among(
            object_id,
            Complaint.objects.filter(refund_wanted__isnull=False).exclude(state=ComplaintState.PROCESSED),
        )

    def has_again_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_answer_permission(request) and _is_among(
            object_id,
            Complaint.objects.filter(tellings__state__in=REPEATABLE).exclude(state=ComplaintState.PROCESSED),
        )

    def has_reveal_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.reveal_pii") and _is_among(
            object_id, Complaint.objects.exclude(phone_sealed=b"")
        )

    @row_act(
        "拒绝退款",
        permissions=["refuse"],
        done="已提交，稍后送达微信",
        title="拒绝投诉人的退款申请",
        explains="原因会原样发给投诉人。同意退款请直接在工单或订单上退款，微信会自动收到。",
        submit="拒绝退款",
    )
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        refuse_what_is_wanted(
            complaint_id=_complaint_id(object_id),
            reason=form.cleaned_data["reason"],
            by_id=staff_id(request),
        )

    @row_act("重新发给微信", permissions=["again"], done="已安排，请稍后刷新", form=None)
    def again(self, request: HttpRequest, object_id: str) -> None:
        tell_again(complaint_id=_complaint_id(object_id), by_id=staff_id(request))

    @row_act("重新读取", permissions=["answer"], done="已安排读取，请稍后刷新", form=None)
    def look(self, request: HttpRequest, object_id: str) -> None:
        look_again(complaint_id=_complaint_id(object_id))

    @action(
        description="查看联系电话",
        permissions=["view", "reveal"],
        dialog={
            "title": "查看投诉人的联系电话",
            "description": "只显示一次。您的姓名、时间和原因会记入审计日志，每天次数有限。",
            "form_class": ReasonForm,
            "form_submit_text": "查看",
        },
    )
    def see_phone(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        try:
            phone = reveal_phone(
                complaint_id=_complaint_id(object_id),
                staff_id=staff_id(request),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            messages.error(request, str(error.message))
            return self.back_to(object_id)
        return show_once(request, {"联系电话": phone})

    @admin.display(description="微信状态", ordering="state")
    def shown_state(self, complaint: Complaint) -> Any:
        return show_state(complaint)

    @admin.display(description="时限")
    def shown_due(self, complaint: Complaint) -> Any:
        return show_promise(complaint)

    @admin.display(description="工单")
    def shown_ticket(self, complaint: Complaint) -> Any:
        return _shown_ticket(complaint)

    @admin.display(description="支付金额（元）", ordering="paid")
    def shown_paid(self, complaint: Complaint) -> Any:
        return show_yuan(complaint.paid)

    @admin.display(description="申请退款（元）")
    def shown_wanted(self, complaint: Complaint) -> Any:
        return show_yuan(complaint.refund_wanted)

    @admin.display(description="情况")
    def shown_flags(self, complaint: Complaint) -> str:
        return show_flags(complaint)

    @admin.display(description="记录")
    def shown_tellings(self, complaint: Complaint) -> str:
        rows = [
            [
                clock.in_words(telling.made_at),
                telling.get_kind_display(),
                format_html('<div class="in-lines">{}</div>', telling.text or "—"),
                show_label(telling.get_state_display(), TELLING_COLOURS[TellingState(telling.state)]),
                format_html('<div class="in-lines">{}</div>', telling.last_error or "—"),
            ]
            for telling in complaint.tellings.order_by("id")
        ]
        return show_table(["时间", "内容", "文字", "状态", "说明"], rows) if rows else "—"


def show_state(complaint: Complaint) -> Any:
    return show_label(complaint.get_state_display(), _COLOURS[ComplaintState(complaint.state)])


def show_flags(complaint: Complaint) -> str:
    flags = {
        "投诉人等待回复": complaint.is_unanswered,
        "已全额退款": complaint.is_refunded,
        "微信客服已介入": complaint.with_platform,
        "需要立即服务": complaint.is_urgent,
    }
    return "、".join(name for name, is_so in flags.items() if is_so) or "—"


def _shown_ticket(complaint: Complaint) -> Any:
    return link_to(complaint.ticket, complaint.ticket.number) if complaint.ticket else "—"


def show_promise(complaint: Complaint) -> Any:
    """The next of WeChat's two times that is not met; nothing once it is over."""
    due, what = (complaint.answer_by, "答复") if complaint.answer_by else (complaint.solve_by, "完结")
    return show_due(due, at=clock.now(), soon=_SOON, what=what) if due else "—"


def _percent(rate: int, of: int) -> str:
    return f"{rate / 100:.1f}%" if of else "—"


def _is_among(object_id: str | None, rows: QuerySet[Complaint]) -> bool:
    return object_id is None or rows.filter(pk=object_id).exists()


def _complaint_id(object_id: str) -> str:
    return Complaint.objects.values_list("complaint_id", flat=True).get(pk=object_id)
