"""Channels, what they cost and what came of them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from unfold.admin import TabularInline
from unfold.decorators import action

from coupons.errors import CodeNotAvailable
from coupons.models import Channel, ChannelCost
from coupons.rules.scenes import CHANNEL_CODE
from coupons.selectors.channels import ChannelMonth, Led, channel_report
from coupons.services.channels import picture_of
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, YuanField, show_table
from wallet_project.kit.money import yuan

_MONTHS = 3


class ChannelForm(forms.ModelForm):
    class Meta:
        model = Channel
        fields = ("code", "name", "kind", "notes", "is_open")
        help_texts = {"code": "2 到 18 位大写字母、数字、- 和 _；印出去以后不能再改"}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        if not CHANNEL_CODE.fullmatch(code):
            raise forms.ValidationError("2 到 18 位大写字母、数字、- 和 _")
        return code


class CostForm(forms.ModelForm):
    amount = YuanField(label="费用（元）")
    month = forms.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", label="月份", help_text="如 2026-11")

    class Meta:
        model = ChannelCost
        fields = ("month", "amount", "notes")


class CostInline(TabularInline):
    model = ChannelCost
    form = CostForm
    extra = 0
    can_delete = False
    verbose_name_plural = "每月费用"


@admin.register(Channel)
class ChannelAdmin(WalletAdmin):
    form = ChannelForm
    inlines = (CostInline,)
    list_display = ("code", "name", "kind", "is_open", "shown_this_month")
    list_filter = ("kind", "is_open")
    search_fields = ("code", "name")
    search_help_text = "渠道码或名称"
    ordering = ("code",)
    readonly_fields = ("shown_scene", "shown_report")
    actions_detail = ("draw",)

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        """What is printed somewhere stays."""
        return (*self.readonly_fields, *(("code",) if obj else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        self._report = _reported(clock.business_month(clock.now()))
        return super().changelist_view(request, extra_context)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """What a channel is said to have cost decides what is paid for next."""
        super().save_formset(request, form, formset, change)
        for cost in (*formset.new_objects, *(row for row, _changed in formset.changed_objects)):
            record_audit(
                action="coupons.channel.cost",
                subject=f"channel:{cost.channel.code}",
                facts={"month": cost.month, "amount": cost.amount},
            )

    @admin.display(description="小程序码参数")
    def shown_scene(self, channel: Channel) -> str:
        return channel.scene if channel.pk else "—"

    @admin.display(description="本月首访 / 末访成交（元）")
    def shown_this_month(self, channel: Channel) -> str:
        month = self._report[channel.pk]
        return f"{yuan(month.by_first.own)} / {yuan(month.by_last.own)}"

    @admin.display(description="效果")
    def shown_report(self, channel: Channel) -> str:
        if channel.pk is None:
            return "—"
        return show_table(
            ["月份", "归因", "访问（人天）", "注册", "首次消费", "成交（元）", "费用（元）", "投入产出"],
            [
                (
                    month,
                    name,
                    found.visits,
                    led.registered,
                    led.bought,
                    yuan(led.own),
                    yuan(found.cost),
                    _percent(found, led),
                )
                for month in _last_months()
                for found in [_reported(month)[channel.pk]]
                for name, led in (("首次触达", found.by_first), ("末次触达", found.by_last))
            ],
        )

    @action(description="下载小程序码", permissions=["view"])
    def draw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        channel = Channel.objects.get(pk=object_id)
        try:
            picture = picture_of(channel.scene)
        except CodeNotAvailable as refused:
            messages.error(request, str(refused.message))
            return self.back_to(object_id)
        name = f'attachment; filename="{channel.code}.png"'
        return HttpResponse(picture, content_type="image/png", headers={"Content-Disposition": name})


def _reported(month: str) -> dict[int, ChannelMonth]:
    return {each.channel_id: each for each in channel_report(month)}


def _last_months() -> list[str]:
    """This one first."""
    months, begins = [], clock.now()
    for _number in range(_MONTHS):
        months.append(clock.business_month(begins))
        begins = clock.borders_of(months[-1])[0] - timedelta(seconds=1)
    return months


def _percent(month: ChannelMonth, led: Led) -> str:
    returned = month.return_on_cost(led)
    return "—" if returned is None else f"{returned}%"
