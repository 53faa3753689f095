"""What people are told because of what they do: how long after, whom, how often; and what came of it."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, show_label, show_table
from wallet_project.notifications.models import Trigger
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.selectors.triggers import Tally, tallies

_SHOWN = timedelta(days=30)


@admin.register(Trigger)
class TriggerAdmin(WalletAdmin):
    list_display = ("shown_kind", "shown_wait", "shown_cap", "segment", "shown_enabled", "shown_told")
    list_select_related = ("segment",)
    fields = (
        "shown_kind",
        "shown_notice",
        "is_enabled",
        "wait",
        "unit",
        "cap_days",
        "segment",
        "shown_outcome",
    )
    readonly_fields = ("shown_kind", "shown_notice", "shown_outcome")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Trigger | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        self._tallies = tallies(since=clock.now() - _SHOWN)
        return super().get_queryset(request)

    @admin.display(description="触发条件", ordering="kind")
    def shown_kind(self, trigger: Trigger) -> str:
        return str(trigger)

    @admin.display(description="通知")
    def shown_notice(self, trigger: Trigger) -> str:
        row = CATALOGUE[trigger.notice]
        return f"{row.title}（{row.category.label}），文案在“通知”里修改"

    @admin.display(description="等待")
    def shown_wait(self, trigger: Trigger) -> str:
        return f"{trigger.wait} {trigger.get_unit_display()}" if trigger.wait else "立即"

    @admin.display(description="间隔")
    def shown_cap(self, trigger: Trigger) -> str:
        return f"{trigger.cap_days} 天内一次" if trigger.cap_days else "不限"

    @admin.display(description="状态", ordering="is_enabled")
    def shown_enabled(self, trigger: Trigger) -> Any:
        return show_label("启用", "success") if trigger.is_enabled else show_label("停用")

    @admin.display(description="30 天已通知")
    def shown_told(self, trigger: Trigger) -> str:
        tally = self._tallies.get(trigger.pk, Tally())
        return f"{tally.told:,}（打开 {tally.opened:,}）"

    @admin.display(description="最近 30 天")
    def shown_outcome(self, trigger: Trigger) -> str:
        tally = self._tallies.get(trigger.pk, Tally())
        rows = [("已通知", tally.told), ("其中打开", tally.opened), ("等待中", tally.waiting)]
        rows += [(f"未通知：{why.label}", count) for why, count in sorted(tally.passed.items())]
        return show_table(["结果", "次数"], [[what, f"{count:,}"] for what, count in rows])
