"""Coupon templates: written by one, put on offer by two; their codes, their stock, and giving them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from coupons.admin.fields import PercentField, PlacesField, SeveralField, TierField, WeekdaysField
from coupons.models import CouponTemplate, Giving
from coupons.rules.offer_words import BUSINESS, worth_in_words
from coupons.rules.offers import BY_RATE, CouponKind
from coupons.services import codes, grants
from coupons.services.codes import propose_codes
from coupons.services.grants import ask_grant
from coupons.services.templates import propose_more
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit.admin import ReasonForm, YuanField, row_act, staff_id


class _ListField(SimpleArrayField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", UnfoldAdminTextInputWidget)
        super().__init__(forms.CharField(max_length=64), required=False, **options)


class TemplateForm(forms.ModelForm):
    amount = YuanField(label="面额或上限（元）", help_text="按比例的填最多优惠多少；礼品填成本")
    rate = PercentField(
        label="比例（%）", initial=0, help_text="折扣券、返现券填写：20 为减或返 20%；其他填 0"
    )
    threshold = YuanField(label="使用门槛（元）", initial=0, help_text="满多少可用；0 为无门槛")
    kinds = SeveralField(
        label="适用业务",
        choices=list(BUSINESS.items()),
        help_text="不选为不限；免手续费券选转账、提现或缴费",
    )
    places = PlacesField(label="适用地点")
    items = _ListField(label="适用商品", help_text="商品编号，逗号分隔；不填为不限，礼品券必填")
    weekdays = WeekdaysField(label="适用星期")
    tier = TierField()
    blackout = SimpleArrayField(
        forms.DateField(),
        label="不可用日期",
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="2026-12-24，逗号分隔",
    )

    class Meta:
        model = CouponTemplate
        fields = (
            "name",
            "notes",
            "kind",
            "amount",
            "rate",
            "threshold",
            "kinds",
            "places",
            "items",
            "weekdays",
            "hour_from",
            "hour_until",
            "blackout",
            "new_customers",
            "tier",
            "segment",
            "group",
            "exclusive",
            "giving",
            "stock",
            "per_person",
            "offered_from",
            "offered_until",
            "valid_days",
            "valid_from",
            "valid_until",
        )
        help_texts = {
            "group": "同组的优惠一单只用一张；不填为默认组",
            "stock": "不填为不限",
            "per_person": "不填为不限",
            "valid_days": "与固定有效期二选一",
        }

    def clean_blackout(self) -> list[str]:
        return [day.isoformat() for day in self.cleaned_data["blackout"]]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        by_rate = given.get("kind") in BY_RATE
        if by_rate != bool(given.get("rate")) or (given.get("rate") or 0) > 10_000:
            self.add_error("rate", "请填写 0.01 到 100" if by_rate else "这类优惠券填 0")
        if not given.get("amount"):
            self.add_error("amount", "要大于零")
        if given.get("kind") == CouponKind.GIFT and not given.get("items"):
            self.add_error("items", "礼品券要写明商品")
        if given.get("hour_until", 24) > 24 or given.get("hour_from", 0) >= given.get("hour_until", 24):
            self.add_error("hour_until", "要晚于每日开始，最多 24")
        fixed = [given.get("valid_from"), given.get("valid_until")]
        if bool(given.get("valid_days")) == all(fixed) or any(fixed) != all(fixed):
            self.add_error("valid_days", "填写有效天数，或固定有效期的开始和截止，二选一")
        elif all(fixed) and fixed[0] >= fixed[1]:  # type: ignore[operator]  # both are there
            self.add_error("valid_until", "要晚于有效期开始")
        if given.get("giving") == Giving.AUTOMATIC and given.get("valid_days"):
            self.add_error("valid_days", "自动生效的优惠用固定有效期")
        begins, ends = given.get("offered_from"), given.get("offered_until")
        if begins and ends and ends <= begins:
            self.add_error("offered_until", "要晚于开始发放")
        for name in ("stock", "per_person"):
            if given.get(name) == 0:
                self.add_error(name, "要大于零，或不填")
        return given


class HowManyForm(ReasonForm):
    count = forms.IntegerField(
        label="数量", min_value=1, max_value=codes.MOST_AT_ONCE, widget=UnfoldAdminIntegerFieldWidget
    )


class GiveForm(ReasonForm):
    whom = forms.CharField(
        label="发给",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=f"用户号，每行一个，最多 {grants.MOST_AT_ONCE:,} 个",
    )

    def clean_whom(self) -> list[int]:
        words = self.cleaned_data["whom"].replace(",", " ").replace("，", " ").split()
        if len(words) > grants.MOST_AT_ONCE:
            raise forms.ValidationError(f"一次最多 {grants.MOST_AT_ONCE:,} 个")
        try:
            wanted = {UUID(word) for word in words}
        except ValueError:
            raise forms.ValidationError("有一行不是用户号") from None
        found = list(User.objects.filter(uid__in=wanted, is_staff=False).values_list("pk", flat=True))
        if len(found) != len(wanted):
            raise forms.ValidationError(f"有 {len(wanted) - len(found)} 个用户号找不到顾客")
        return found


@admin.register(CouponTemplate)
class CouponTemplateAdmin(AgreedAdmin):
    form = TemplateForm
    list_display = ("name", "kind", "shown_worth", "giving", "shown_left", "offered_until", "shown_state")
    list_filter = ("state", "kind", "giving")
    list_select_related = ("left",)
    search_fields = ("name",)
    actions_detail = ("propose", "give", "make_codes", "add", "end")

    def has_give_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("coupons.give_coupongrant") and self._is(object_id, AgreedState.LIVE)

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_change(request) and self._is(object_id, AgreedState.LIVE)

    def has_limited_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        limited = (
            object_id is None or CouponTemplate.objects.filter(pk=object_id, stock__isnull=False).exists()
        )
        return limited and self.has_ask_permission(request, object_id)

    @row_act(
        "发放给顾客",
        permissions=["give"],
        explains="合计面额较大的须由另一位同事审批；已达到限领张数的顾客会跳过。",
        submit="发放",
        form=GiveForm,
    )
    def give(self, request: HttpRequest, form: GiveForm, object_id: str) -> str:
        given = ask_grant(
            template_id=int(object_id),
            user_ids=form.cleaned_data["whom"],
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )
        return f"正在发放，发放单 {given}" if given else "已提交审批"

    @row_act(
        "生成兑换码",
        permissions=["ask"],
        done="已提交审批",
        explains="须由另一位同事审批；批准后在“兑换码批次”导出，只能导出一次。",
        submit="提交审批",
        form=HowManyForm,
    )
    def make_codes(self, request: HttpRequest, form: HowManyForm, object_id: str) -> None:
        propose_codes(
            template_id=int(object_id),
            count=form.cleaned_data["count"],
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @row_act(
        "增加数量",
        permissions=["limited"],
        done="已提交审批",
        explains="须由另一位同事审批。",
        submit="提交审批",
        form=HowManyForm,
    )
    def add(self, request: HttpRequest, form: HowManyForm, object_id: str) -> None:
        propose_more(
            template_id=int(object_id),
            more=form.cleaned_data["count"],
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @admin.display(description="优惠")
    def shown_worth(self, template: CouponTemplate) -> str:
        return worth_in_words(kind=template.kind, amount=template.amount, rate=template.rate)

    @admin.display(description="已发放 / 总量")
    def shown_left(self, template: CouponTemplate) -> str:
        stock = getattr(template, "left", None)
        return str(stock) if stock else f"— / {template.stock or '不限'}"
