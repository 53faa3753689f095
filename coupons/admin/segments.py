"""Audiences: conditions row by row, tried before they are saved, and how they grow."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from unfold.admin import TabularInline

from coupons.models import Segment, SegmentCondition, SegmentRefresh
from coupons.models.segments import known_names
from coupons.rules.segments import BY_NAME, Condition
from coupons.selectors.segments import count_who, used_by
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyInline, WalletAdmin, show_label
from wallet_project.kit.jobs import after_commit

_PREVIEW = "only_preview"
_SHOWN = timedelta(days=7)


class SegmentForm(forms.ModelForm):
    only_preview = forms.BooleanField(
        label="只试算人数，不保存", required=False, help_text="勾选后点“保存”，只显示符合条件的人数"
    )

    class Meta:
        model = Segment
        fields = ("name", "note", "is_active")


class ConditionForm(forms.ModelForm):
    """Stores, tiers and channels are named as people know them, and kept by their codes."""

    class Meta:
        model = SegmentCondition
        fields = ("group", "fact", "days", "comparison", "value")
        help_texts = {"value": "金额为元，日期如 2026-11-01；门店、等级、渠道填名称，多个用逗号分隔"}

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.instance.pk:
            self.initial["value"] = self.instance.by_name

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        fact, value = said.get("fact"), said.get("value")
        if fact not in BY_NAME or not value:
            return said
        names = known_names(fact)
        codes = {name: code for code, name in names.items()}
        words = [word for part in value.replace("，", ",").split(",") if (word := part.strip())]
        if unknown := [word for word in words if word not in names and word not in codes]:
            self.add_error("value", f"没有“{'、'.join(unknown)}”，可以填：{'、'.join(codes)}")
        else:
            said["value"] = ",".join(codes.get(word, word) for word in words)
        return said


class ConditionFormset(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        groups: dict[int, list[Condition]] = {}
        for form in self.forms:
            if not form.cleaned_data or form in self.deleted_forms:
                continue
            said = form.cleaned_data
            try:
                condition = Condition.of(
                    **{name: said[name] for name in ("fact", "comparison", "value", "days")}
                )
            except ValueError as error:
                form.add_error("value", str(error))
            else:
                groups.setdefault(said["group"], []).append(condition)
        if any(self.errors):
            return
        if not groups:
            raise ValidationError("请至少填写一个条件")
        if _PREVIEW in self.data:
            count = count_who(list(groups.values()), at=clock.now())
            raise ValidationError(f"试算：现在有 {count:,} 人符合这些条件。还没有保存。")


class Conditions(TabularInline):
    model = SegmentCondition
    form = ConditionForm
    formset = ConditionFormset
    extra = 1


class Refreshes(ReadOnlyInline):
    model = SegmentRefresh
    verbose_name_plural = "最近的变化"
    fields = ("at", "came", "left", "size")
    ordering = ("-at",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[SegmentRefresh]:
        month_ago = clock.now() - _SHOWN
        return super().get_queryset(request).filter(at__gt=month_ago)


@admin.register(Segment)
class SegmentAdmin(WalletAdmin):
    """What asks for an audience was agreed by two; so an audience is not edited while something does."""

    form = SegmentForm
    list_display = ("name", "shown_conditions", "size", "refreshed_at", "shown_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    search_help_text = "名称"
    ordering = ("-id",)
    fields = ("name", "note", "is_active", "only_preview", "size", "refreshed_at", "shown_use")
    readonly_fields = ("size", "refreshed_at", "shown_use")
    inlines = (Conditions, Refreshes)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Segment]:
        return super().get_queryset(request).prefetch_related("conditions")

    def has_change_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not used_by(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        with transaction.atomic():
            after_commit("coupons.refresh_segment", segment_id=form.instance.pk)

    @admin.display(description="条件")
    def shown_conditions(self, segment: Segment) -> str:
        groups: dict[int, list[str]] = {}
        for condition in segment.conditions.all():
            groups.setdefault(condition.group, []).append(str(condition))
        return "；或 ".join("，且 ".join(group) for _number, group in sorted(groups.items())) or "—"

    @admin.display(description="状态", ordering="is_active")
    def shown_active(self, segment: Segment) -> Any:
        return show_label("定时刷新", "success") if segment.is_active else show_label("不再刷新")

    @admin.display(description="使用中")
    def shown_use(self, segment: Segment) -> str:
        if segment.pk is None or not (users := used_by(segment)):
            return "没有生效的活动使用，可以修改"
        return f"{'、'.join(users)}。使用期间不能修改，可以新建一个人群"
