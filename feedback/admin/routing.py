"""Who works at the desk: agents, what each has learnt, and how much they have."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import TabularInline

from accounts.models import User
from feedback.models import Agent, AgentSkill, Ticket
from feedback.selectors.routing import IN_WORK, agents_there
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, show_label


class Skills(TabularInline):
    model = AgentSkill
    extra = 0
    hide_title = True


@admin.register(Agent)
class AgentAdmin(WalletAdmin):
    list_display = ("shown_name", "shown_presence", "shown_load", "capacity", "shown_skills", "seen_at")
    fields = ("user", "capacity", "takes_new", "seen_at")
    readonly_fields = ("seen_at",)
    list_select_related = ("user",)
    inlines = (Skills,)
    ordering = ("user__username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        load = Ticket.objects.filter(IN_WORK, assignee=OuterRef("user")).order_by().values("assignee")
        agents = super().get_queryset(request).prefetch_related("skills__queue")
        return agents.annotate(
            load=Coalesce(Subquery(load.annotate(n=Count("pk")).values("n")), 0),
            is_there=Exists(agents_there(clock.now()).filter(pk=OuterRef("pk"))),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> tuple[str, ...]:
        return ("user", "seen_at") if obj else ("seen_at",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only staff who are no agents yet."""
        if db_field.name == "user":
            known = Agent.objects.values("user")
            staff = User.objects.filter(is_staff=True, is_active=True).exclude(pk__in=known)
            options["queryset"] = staff.order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **options)

    @admin.display(description="客服", ordering="user__username")
    def shown_name(self, agent: Agent) -> str:
        return agent.user.nickname

    @admin.display(description="状态")
    def shown_presence(self, agent: Any) -> Any:
        if agent.is_there:
            return show_label("接单中", "success")
        return show_label("暂停接单" if not agent.takes_new else "不在线")

    @admin.display(description="在办")
    def shown_load(self, agent: Any) -> int:
        return int(agent.load)

    @admin.display(description="技能")
    def shown_skills(self, agent: Agent) -> str:
        return (
            "、".join(f"{skill.queue}（{skill.get_level_display()}）" for skill in agent.skills.all()) or "—"
        )
