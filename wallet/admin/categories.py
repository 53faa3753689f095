"""Categories and the rules that file by them: what a rule would change is shown before it is started."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.forms import BaseDialogForm

from wallet.models import Category, CategoryRule
from wallet.rules.kinds import RecordKind
from wallet.selectors.category_rules import misfiled_lines, rules_if_switched
from wallet.services.category_rules import start_rule, stop_rule
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, row_act, show_label

_ROWS_SHOWN = 50


@admin.register(Category)
class CategoryAdmin(WalletAdmin):
    list_display = ("shown_name", "name_en", "code", "position", "is_offered", "updated_at")
    list_filter = ("is_offered",)
    fields = ("code", "name", "name_en", "symbol", "position", "is_offered")

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        """A code is what lines are filed under: it is chosen once."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False

    @admin.display(description="分类", ordering="position")
    def shown_name(self, category: Category) -> str:
        return str(category)


@admin.register(CategoryRule)
class CategoryRuleAdmin(WalletAdmin):
    """New rules begin stopped; what they would change is looked at, then they are started."""

    list_display = ("category", "kind", "counterparty", "words", "priority", "shown_state", "updated_at")
    list_filter = ("is_active", "category", "kind")
    list_select_related = ("category",)
    search_fields = ("words", "counterparty")
    search_help_text = "关键词或对方"
    ordering = ("priority", "pk")
    fields = ("category", "kind", "counterparty", "words", "priority", "shown_state")
    readonly_fields = ("shown_state",)
    actions_detail = ("show_effect", "start", "stop")

    def has_change_permission(self, request: HttpRequest, obj: CategoryRule | None = None) -> bool:
        """What is at work is stopped first, so that its effect is looked at again."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_active)

    def has_delete_permission(self, request: HttpRequest, obj: CategoryRule | None = None) -> bool:
        return False

    def has_preview_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.start_categoryrule")

    def has_start_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_switch(request, object_id, is_active=False)

    def has_stop_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_switch(request, object_id, is_active=True)

    @action(description="预览影响", url_path="effect", permissions=["preview"])
    def show_effect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What of the last 30 days would be filed elsewhere if this rule were started, or stopped."""
        rule = CategoryRule.objects.select_related("category").get(pk=object_id)
        lines = misfiled_lines(rules=rules_if_switched(rule), at=clock.now())
        names = {category.code: str(category) for category in Category.objects.all()}
        rows = [
            [
                RecordKind(misfiled.line.kind).label,
                misfiled.line.counterparty_name or "—",
                misfiled.line.title,
                names[misfiled.before],
                names[misfiled.after],
                misfiled.count,
            ]
            for misfiled in lines[:_ROWS_SHOWN]
        ]
        total = sum(misfiled.count for misfiled in lines)
        switched = "停用" if rule.is_active else "启用"
        return TemplateResponse(
            request,
            "admin/report.html",
            {
                **self.admin_site.each_context(request),
                "title": f"{switched}“{rule}”的影响",
                "sections": [
                    {
                        "title": f"近 30 天有 {total} 笔账单会改变分类",
                        "note": "只计按规则归类的账单；顾客自己改过或教过的不受影响。"
                        f"相同的账单合为一行，最多显示 {_ROWS_SHOWN} 行。",
                        "table": {
                            "headers": ["类型", "对方", "标题", "现在的分类", f"{switched}后的分类", "笔数"],
                            "rows": rows,
                        },
                    }
                ],
            },
        )

    @row_act(
        "启用",
        permissions=["start"],
        done="已启用，近 30 天的账单正在重新归类",
        title="启用这条规则",
        explains="新的账单按它归类，近 30 天按规则归类的账单也会重新归类。请先看“预览影响”。",
        form=BaseDialogForm,
    )
    def start(self, request: HttpRequest, form: Any, object_id: str) -> None:
        start_rule(rule_id=int(object_id))

    @row_act(
        "停用",
        permissions=["stop"],
        done="已停用，近 30 天的账单正在重新归类",
        title="停用这条规则",
        explains="由其余规则决定，近 30 天按规则归类的账单也会重新归类。停用后才能修改。",
        form=BaseDialogForm,
    )
    def stop(self, request: HttpRequest, form: Any, object_id: str) -> None:
        stop_rule(rule_id=int(object_id))

    @admin.display(description="状态", ordering="is_active")
    def shown_state(self, rule: CategoryRule) -> Any:
        return show_label("启用中", "success") if rule.is_active else show_label("已停用")

    def _may_switch(self, request: HttpRequest, object_id: str | None, *, is_active: bool) -> bool:
        """Only the act that the rule's state allows."""
        if not self.has_preview_permission(request, object_id):
            return False
        return CategoryRule.objects.filter(pk=object_id or 0, is_active=is_active).exists()
