"""Who leaves and why; what is offered to them; how often that helps."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action

from accounts.models import ClosureRequest, KeyDestroyed, SaveOffer
from accounts.selectors.churn import ChurnRow, churn_by_month, churn_by_reason
from accounts.services.closures import comment_of
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, WalletAdmin, link_to, show_label, show_yuan

CLOSURE_COLOURS = {
    "OPEN": "info",
    "COOLING": "warning",
    "CLOSED": "default",
    "CANCELLED": "success",
    "LAPSED": "success",
    "REFUSED": "danger",
}
_HEADERS = (
    "发起",
    "已注销",
    "留下",
    "未能注销",
    "展示方案",
    "接受",
    "谢绝",
    "挽留率",
    "平均使用时长",
    "平均余额（元）",
)


@admin.register(SaveOffer)
class SaveOfferAdmin(WalletAdmin):
    list_display = ("title", "reason", "action", "is_active", "updated_at")
    list_filter = ("reason", "is_active")
    fields = ("reason", "title", "text", "action", "article", "is_active")


@admin.register(ClosureRequest)
class ClosureRequestAdmin(ReadOnlyAdmin):
    list_display = (
        "shown_user",
        "reason",
        "shown_state",
        "shown_balance",
        "offer_answer",
        "began_at",
        "due_at",
        "ended_at",
    )
    list_filter = ("state", "reason", "began_at")
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    list_select_related = ("user",)
    ordering = ("-id",)
    fields = (
        "shown_user",
        "shown_state",
        "reason",
        "shown_comment",
        "shown_balance",
        "shown_gives_up",
        "offer",
        "offer_shown_at",
        "offer_answer",
        "offer_answered_at",
        "began_at",
        "confirmed_at",
        "due_at",
        "ended_at",
        "ended_because",
    )
    readonly_fields = ("shown_user", "shown_state", "shown_comment", "shown_balance", "shown_gives_up")
    actions_list = ("show_churn",)

    @admin.display(description="用户")
    def shown_user(self, closure: ClosureRequest) -> Any:
        return link_to(closure.user)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, closure: ClosureRequest) -> Any:
        return show_label(closure.get_state_display(), CLOSURE_COLOURS.get(closure.state))

    @admin.display(description="补充说明")
    def shown_comment(self, closure: ClosureRequest) -> str:
        try:
            return comment_of(closure) or "—"
        except KeyDestroyed:
            return "已随账户注销销毁"

    @admin.display(description="发起时余额（元）", ordering="balance")
    def shown_balance(self, closure: ClosureRequest) -> Any:
        return show_yuan(closure.balance)

    @admin.display(description="同意放弃（元）")
    def shown_gives_up(self, closure: ClosureRequest) -> Any:
        return show_yuan(closure.gives_up)

    @action(description="流失分析", url_path="churn", icon="query_stats", permissions=["view"])
    def show_churn(self, request: HttpRequest) -> HttpResponse:
        """The last year, by month and by reason."""
        since = clock.now() - timedelta(days=365)
        return TemplateResponse(
            request,
            "admin/report.html",
            {
                **self.admin_site.each_context(request),
                "title": "流失分析",
                "sections": [
                    {
                        "title": "按月份",
                        "note": "近一年发起的注销。挽留率是接受方案的人占看到方案的人的比例。",
                        "table": _table("月份", churn_by_month(since=since)),
                    },
                    {"title": "按原因", "table": _table("原因", churn_by_reason(since=since))},
                ],
            },
        )


def _table(first: str, rows: Sequence[ChurnRow]) -> dict[str, Any]:
    return {"headers": [first, *_HEADERS], "rows": [_cells(row) for row in rows]}


def _cells(row: ChurnRow) -> list[Any]:
    return [
        row.name,
        row.began,
        row.closed,
        row.stayed,
        row.refused,
        row.offered,
        row.accepted,
        row.declined,
        f"{100 * row.accepted // row.offered}%" if row.offered else "—",
        f"{row.tenure.days} 天" if row.tenure is not None else "—",
        show_yuan(row.balance),
    ]
