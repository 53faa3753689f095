"""Articles: drafted, published by two, and whether they spare people a ticket."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from feedback.models import Article, ArticleVersion, FaqTopic, SynonymGroup
from feedback.rules.consultations import rate
from feedback.rules.tickets import TicketKind
from feedback.selectors.consultations import deflection, unanswered
from feedback.services.faq import draft_next
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, link_to, show_table

_DAYS = 30
_SHOWN = 50


@admin.register(FaqTopic)
class FaqTopicAdmin(WalletAdmin):
    list_display = ("name", "code", "position")
    fields = ("code", "name", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: FaqTopic | None = None) -> tuple[str, ...]:
        """A code is what the program asks for: it is chosen once."""
        return ("code",) if obj else ()


@admin.register(SynonymGroup)
class SynonymGroupAdmin(WalletAdmin):
    list_display = ("words",)
    fields = ("words",)


@admin.register(Article)
class ArticleAdmin(WalletAdmin):
    list_display = ("__str__", "slug", "topic", "feature", "position", "shown_votes")
    list_filter = ("topic",)
    list_select_related = ("topic",)
    search_fields = ("slug", "versions__title")
    search_help_text = "网址名或标题"
    fields = ("slug", "topic", "feature", "position", "shown_versions", "shown_votes")
    readonly_fields = ("shown_versions", "shown_votes")
    actions_list = ("show_report",)
    actions_detail = ("draft",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("versions", "votes")

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """The mini-program and security cards know an article by its name."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def has_draft_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("feedback.add_articleversion"))

    @action(description="起草新版本", permissions=["draft"])
    def draft(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begun from the text in force; a draft that is there is gone on with."""
        version = draft_next(int(object_id))
        return redirect(reverse("admin:feedback_articleversion_change", args=[version.pk]))

    @action(description="自助解决率", url_path="report", icon="query_stats", permissions=["view"])
    def show_report(self, request: HttpRequest) -> HttpResponse:
        """How many questions were answered without a ticket, and which were not."""
        since = clock.now() - timedelta(days=_DAYS)
        kinds = [
            [
                str(TicketKind(row.kind).label),
                row.asked,
                row.solved,
                row.unsolved,
                row.tickets,
                rate(row.solved, row.asked),
            ]
            for row in deflection(since=since)
        ]
        missing = [
            [clock.in_words(each.asked_at), each.question, each.found, str(each.get_outcome_display())]
            for each in unanswered(since=since)[:_SHOWN]
        ]
        return TemplateResponse(
            request,
            "admin/report.html",
            {
                **self.admin_site.each_context(request),
                "title": f"自助解决率（最近 {_DAYS} 天）",
                "sections": [
                    {
                        "title": "按类型",
                        "note": "顾客说已解决、且一天内没有再提交工单的，才算解决。",
                        "table": {
                            "headers": ["类型", "提问", "已解决", "未解决", "提交了工单", "自助解决率"],
                            "rows": kinds,
                        },
                    },
                    {
                        "title": "没有答好的问题",
                        "table": {"headers": ["时间", "问题", "推荐文章数", "结果"], "rows": missing},
                    },
                ],
            },
        )

    @admin.display(description="有帮助／没帮助")
    def shown_votes(self, article: Article) -> str:
        votes = [each.is_helpful for each in article.votes.all()] if article.pk else []
        return f"{votes.count(True)}／{votes.count(False)}" if votes else "—"

    @admin.display(description="版本")
    def shown_versions(self, article: Article) -> str:
        if article.pk is None:
            return "—"
        rows = [
            [
                link_to(each),
                each.get_state_display(),
                clock.in_words(each.live_at) if each.live_at else "—",
            ]
            for each in article.versions.order_by("-pk")
        ]
        return show_table(["标题", "状态", "生效时间"], rows)


@admin.register(ArticleVersion)
class ArticleVersionAdmin(AgreedAdmin):
    """Beside the text of a draft stands the text in force, so that a checker sees what changes."""

    list_display = ("title", "article", "shown_state", "live_at", "created_at")
    list_filter = ("state", "article__topic")
    list_select_related = ("article",)
    search_fields = ("title", "article__slug")
    search_help_text = "标题或网址名"
    fields = ("article", "title", "body", "asked_as", "shown_state", "shown_terms")
    autocomplete_fields = ("article",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("article__versions")

    def foreseen(self, row: ArticleVersion) -> dict[str, str]:
        live = ArticleVersion.objects.filter(article=row.article_id, state=AgreedState.LIVE).first()
        return {"现行标题": live.title, "现行正文": live.body} if live and live != row else {}
