"""The outbox: what was published, what is still under way, what died and may be tried again."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from wallet_project.kit import jobs, relay
from wallet_project.kit.admin.bases import ReadOnlyAdmin, ReadOnlyInline, link_to, show_label
from wallet_project.kit.admin.waiting import Waits
from wallet_project.kit.models import Delivery, Job, StoredEvent

logger = logging.getLogger(__name__)

DELIVERY_COLOURS = {"WAITING": "warning", "DELIVERED": "success", "DEAD": "danger"}
JOB_COLOURS = {"QUEUED": "warning", "DEAD": "danger"}


class RevivesDead(ReadOnlyAdmin):
    def _log(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Staff did it, so the trail hears of it through Django's own log."""
        for row in rows.filter(state="DEAD"):
            self.log_change(request, row, "重新排队")


class Deliveries(ReadOnlyInline):
    model = Delivery
    fields = ("listener", "state", "attempts", "delivered_at", "last_error")
    readonly_fields = fields


@admin.register(StoredEvent)
class StoredEventAdmin(ReadOnlyAdmin):
    list_display = ("name", "aggregate", "request_id", "published_at")
    list_filter = ("published_at",)
    search_fields = ("=aggregate", "=name", "=request_id")
    search_help_text = "对象（如 order:O26…）、事件名或请求号，须完整"
    ordering = ("-id",)
    inlines = (Deliveries,)


@admin.register(Delivery)
class DeliveryAdmin(RevivesDead):
    list_display = ("aggregate", "listener", "shown_state", "attempts", "available_at", "delivered_at")
    list_filter = ("state",)
    search_fields = ("=aggregate", "=event__name")
    search_help_text = "对象（如 order:O26…）或事件名，须完整"
    fields = (
        "shown_event",
        "listener",
        "shown_state",
        "attempts",
        "available_at",
        "delivered_at",
        "last_error",
    )
    readonly_fields = ("shown_event", "shown_state")
    ordering = ("-id",)
    actions = ("replay",)
    waits = Waits(
        words="投递失败的事件",
        permission="kit.change_delivery",
        which=Q(state="DEAD"),
        shows={"state__exact": "DEAD"},
    )

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kit.change_delivery")

    @admin.action(description="重新投递所选的死信", permissions=["replay"])
    def replay(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        self._log(request, deliveries)
        revived = relay.revive(deliveries)
        logger.warning("kit.delivery.revived", extra={"count": revived, "staff": request.user.pk})
        messages.success(request, f"{revived} 条死信已重新排队")

    @admin.display(description="事件")
    def shown_event(self, delivery: Delivery) -> Any:
        return link_to(delivery.event)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, delivery: Delivery) -> Any:
        return show_label(delivery.get_state_display(), DELIVERY_COLOURS.get(delivery.state))


@admin.register(Job)
class JobAdmin(RevivesDead):
    list_display = ("task", "shown_state", "sends", "failures", "available_at", "created_at")
    list_filter = ("state", "task")
    search_fields = ("=task", "=request_id")
    search_help_text = "任务名或请求号，须完整"
    exclude = ("state",)
    readonly_fields = ("shown_state",)
    ordering = ("-id",)
    actions = ("replay",)
    waits = Waits(
        words="失败的任务",
        permission="kit.change_job",
        which=Q(state="DEAD"),
        shows={"state__exact": "DEAD"},
    )

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kit.change_job")

    @admin.action(description="重新执行所选的死信", permissions=["replay"])
    def replay(self, request: HttpRequest, dead: QuerySet[Job]) -> None:
        self._log(request, dead)
        revived = jobs.revive(dead)
        logger.warning("kit.job.revived", extra={"count": revived, "staff": request.user.pk})
        messages.success(request, f"{revived} 个任务已重新排队")

    @admin.display(description="状态", ordering="state")
    def shown_state(self, job: Job) -> Any:
        return show_label(job.get_state_display(), JOB_COLOURS.get(job.state))
