"""The trail, in words: who did what to whom, when, in which request. Read-only for everybody."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

from wallet_project.audit import admin_log
from wallet_project.audit.models import AuditEntry
from wallet_project.audit.naming import NamingAdmin, named
from wallet_project.audit.words import actions_of, fact_in_words, in_words, topics
from wallet_project.kit.admin import DayRangeFilter, show_table

__all__ = ["AuditEntryAdmin", "admin_log"]


class TopicFilter(admin.SimpleListFilter):
    title, parameter_name = "类别", "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(topic, topic) for topic in topics()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action__in=actions_of(self.value() or "")) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(NamingAdmin):
    mentions = ("actor", "subject")
    list_display = ("at", "shown_action", "shown_subject", "shown_actor", "ip", "request_id")
    list_filter = (TopicFilter, ("at", DayRangeFilter))
    list_filter_submit = True
    search_fields = ("=subject", "=actor", "=request_id", "=action")
    search_help_text = "完整的对象（user:12）、操作者（staff:3）、请求号或操作代号"
    fields = (
        "at",
        "shown_action",
        "shown_subject",
        "shown_actor",
        "request_id",
        "ip",
        "device_id",
        "shown_facts",
        "shown_seal",
    )
    readonly_fields = ("shown_action", "shown_subject", "shown_actor", "shown_facts", "shown_seal")
    ordering = ("-id",)
    paginator = InfinitePaginator

    @admin.display(description="操作", ordering="action")
    def shown_action(self, entry: AuditEntry) -> str:
        return in_words(entry.action)

    @admin.display(description="对象", ordering="subject")
    def shown_subject(self, entry: Any) -> str:
        return named(entry.subject, entry.people)

    @admin.display(description="操作者", ordering="actor")
    def shown_actor(self, entry: Any) -> str:
        return named(entry.actor, entry.people)

    @admin.display(description="事实")
    def shown_facts(self, entry: AuditEntry) -> Any:
        if not entry.facts:
            return "—"
        return show_table(
            ["项目", "内容"], [[fact_in_words(name), _plain(value)] for name, value in entry.facts.items()]
        )

    @admin.display(description="封条序号")
    def shown_seal(self, entry: AuditEntry) -> str:
        seal = getattr(entry, "seal", None)
        return str(seal.position) if seal else "尚未封存（一分钟内）"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_plain(each) for each in value) or "—"
    if isinstance(value, dict):
        return "；".join(f"{name} {_plain(each)}" for name, each in value.items()) or "—"
    return (
        {True: "是", False: "否", None: "—"}.get(value, str(value))
        if isinstance(value, bool | None)
        else str(value)
    )
