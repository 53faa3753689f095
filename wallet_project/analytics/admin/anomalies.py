"""Watched numbers: which, how closely, and what would have been said lately."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from wallet_project.analytics.models import WatchedMetric
from wallet_project.analytics.rules.metrics import Unit
from wallet_project.analytics.selectors.anomalies import in_words, rehearse, watchable
from wallet_project.analytics.selectors.metrics.catalogue import METRICS
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, show_label, show_table

_SHOWN = 20


class WatchedMetricForm(forms.ModelForm):
    """Of money the least amount is typed in yuan and kept in fen."""

    minimum = forms.DecimalField(
        label="最小量",
        min_value=1,
        max_digits=12,
        decimal_places=0,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text="实际值和通常值都低于它时不判断。金额填元；比率填样本数",
    )
    code = forms.ChoiceField(label="指标", widget=UnfoldAdminSelectWidget)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        code: Any = self.fields.get("code")
        if code:
            code.choices = sorted(watchable().items(), key=lambda each: each[1])

        if self.instance.pk:
            self.initial["minimum"] = self.instance.minimum // _typed(self.instance.code)

    def clean_minimum(self) -> int:
        return int(self.cleaned_data["minimum"]) * _typed(self.cleaned_data.get("code") or self.instance.code)

    class Meta:
        model = WatchedMetric
        fields = ("code", "direction", "sensitivity", "minimum", "severity", "is_active")
        help_texts = {
            "sensitivity": "偏离通常值几倍标准差算异常：低 6 倍，中 4.5 倍，高 3.5 倍",
        }


@admin.register(WatchedMetric)
class WatchedMetricAdmin(WalletAdmin):
    form = WatchedMetricForm
    list_display = ("shown_name", "direction", "sensitivity", "shown_minimum", "severity", "is_active")
    list_filter = ("is_active", "severity")
    ordering = ("code",)
    fieldsets = (
        (None, {"fields": ("code", "direction", "sensitivity", "minimum", "severity", "is_active")}),
        ("近 14 天按此设置", {"fields": ("shown_rehearsal",)}),
    )
    readonly_fields = ("shown_rehearsal",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "shown_name") if obj else self.readonly_fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whose number it is stays; another number is another row."""
        (_title, fields), *others = super().get_fieldsets(request, obj)
        names = tuple("shown_name" if obj and name == "code" else name for name in fields["fields"])
        return [(None, {"fields": names}), *(others if obj else ())]

    @admin.display(description="指标", ordering="code")
    def shown_name(self, watched: WatchedMetric) -> str:
        return watchable().get(watched.code, watched.code)

    @admin.display(description="最小量", ordering="minimum")
    def shown_minimum(self, watched: WatchedMetric) -> str:
        return in_words(watched.code, watched.minimum) if watched.code in METRICS else f"{watched.minimum:,}"

    @admin.display(description="会告警的时段")
    def shown_rehearsal(self, watched: WatchedMetric) -> Any:
        if watched.code not in watchable():
            return "指标已不存在"
        judged = rehearse(watched, at=clock.now())
        strange = [each for each in judged if each.strange]
        if not judged:
            return "数据不足：同一时段至少需要 4 周或 7 天的数据，且不低于最小量"
        if not strange:
            return f"{len(judged)} 个时段，均正常"
        rows = [
            [
                f"{each.day:%m-%d} {each.hour:02d}:00",
                show_label(each.words, "warning"),
                in_words(watched.code, each.reading.value),
                f"{in_words(watched.code, each.low)} – {in_words(watched.code, each.high)}",
            ]
            for each in reversed(strange[-_SHOWN:])
        ]
        return show_table([f"{len(judged)} 个时段中 {len(strange)} 个异常", "方向", "实际", "通常范围"], rows)


def _typed(code: str) -> int:
    """How much of what is kept one of what is typed is."""
    return 100 if code in METRICS and METRICS[code].unit is Unit.FEN else 1
