"""What a line of a campaign or referral program gives: points by number, money in yuan, a coupon by name."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from coupons.admin.fields import coupon_label
from coupons.models import CouponTemplate
from coupons.rules.rewards import RewardKind
from coupons.selectors.coupons import templates_in_force
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit.admin import YuanField
from wallet_project.kit.money import yuan


def _on_offer() -> list[tuple[Any, str]]:
    return [("", "—"), *((each.pk, coupon_label(each)) for each in templates_in_force())]


class RewardTermsForm(forms.ModelForm):
    """`kind_name`: its field that says what kind of reward it is. A coupon's amount is its template's."""

    kind_name = "kind"

    amount = forms.CharField(
        label="数额",
        required=False,
        max_length=16,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "元，或积分个数"}),
        help_text="积分填个数，返现和赠金填元，优惠券不填",
    )
    template_id = forms.TypedChoiceField(
        label="优惠券",
        choices=_on_offer,
        coerce=int,
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="奖励为优惠券时选择",
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.instance.pk:
            kind, amount = getattr(self.instance, self.kind_name), self.instance.amount
            shown = {RewardKind.POINTS: str(amount), RewardKind.COUPON: ""}
            self.initial["amount"] = shown.get(kind, yuan(amount))
            self.initial["template_id"] = self.instance.template_id

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        template_id, kind = given.get("template_id"), given.get(self.kind_name)
        if bool(template_id) != (kind == RewardKind.COUPON) and "template_id" not in self.errors:
            self.add_error("template_id", "奖励为优惠券时选择，其他不选")
        self.instance.template_id = template_id
        if "amount" in given:
            self._clean_amount(given, kind=kind, template_id=template_id)
        return given

    def _clean_amount(self, given: dict[str, Any], *, kind: str | None, template_id: int | None) -> None:
        typed = given["amount"].strip()
        if kind == RewardKind.COUPON:
            given["amount"] = CouponTemplate.objects.get(pk=template_id).amount if template_id else 1
            return
        field = forms.IntegerField(max_value=10**9) if kind == RewardKind.POINTS else YuanField()
        try:
            given["amount"] = field.clean(typed)
        except forms.ValidationError as error:
            self.add_error("amount", error)
            return
        if given["amount"] < 1:
            self.add_error("amount", "请填写大于 0 的数")


class RewardTermsInline(TabularInline):
    """Written with the draft that it belongs to; of what is in force, the page tells it in words."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == AgreedState.DRAFT)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission
