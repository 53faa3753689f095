"""What single customers answered."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from feedback.models import Answer, Invitation
from feedback.selectors.subjects import subject_of
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, link_to
from wallet_project.kit.errors import NotFound


class Answers(ReadOnlyInline):
    model = Answer
    fields = ("question", "shown_answer", "at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("question").order_by("question__position")

    @admin.display(description="回答")
    def shown_answer(self, answer: Answer) -> str:
        return answer.in_words


class AnsweredFilter(admin.SimpleListFilter):
    title, parameter_name = "进展", "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "已作答"), ("no", "未作答"), ("declined", "不想答")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        match self.value():
            case "yes":
                return queryset.filter(answered_at__isnull=False)
            case "no":
                return queryset.filter(answered_at=None, declined_at=None)
            case "declined":
                return queryset.filter(declined_at__isnull=False)
        return queryset


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("number", "survey", "shown_user", "score", "invited_at", "answered_at")
    list_filter = (AnsweredFilter, "survey", "score")
    list_select_related = ("survey", "user")
    search_fields = ("=number", "=about")
    search_help_text = "编号或关联业务（如 order:O26…），须完整"
    ordering = ("-id",)
    fields = (
        "number",
        "survey",
        "shown_user",
        "shown_ticket",
        "shown_about",
        "score",
        "invited_at",
        "opens_at",
        "expires_at",
        "answered_at",
        "declined_at",
    )
    readonly_fields = ("shown_user", "shown_ticket", "shown_about")
    inlines = (Answers,)

    @admin.display(description="顾客")
    def shown_user(self, invitation: Invitation) -> Any:
        return link_to(invitation.user)

    @admin.display(description="工单")
    def shown_ticket(self, invitation: Invitation) -> Any:
        return link_to(invitation.ticket)

    @admin.display(description="关联业务")
    def shown_about(self, invitation: Invitation) -> Any:
        try:
            subject = subject_of(invitation.about, user_id=invitation.user_id)
        except NotFound:
            return "—"
        return link_to(subject.row, f"{subject.name} {subject.title}")
