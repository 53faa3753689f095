"""Partners: their contract, what they owe, their months, and what they have paid."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from coupons.admin.fields import CampaignField, CouponField, PercentField
from coupons.models import JointPromotion, Partner, PartnerPayment
from coupons.selectors.partners import month_of, with_owed
from coupons.services.partner_papers import paper_of
from coupons.services.partners import propose_payment
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyInline,
    ReasonForm,
    WalletAdmin,
    YuanField,
    row_act,
    show_yuan,
    staff_id,
)
from wallet_project.kit.fields import open_column, seal_column

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MONTHS = 12


class PartnerForm(forms.ModelForm):
    contact = forms.CharField(
        label="联系人",
        max_length=200,
        required=False,
        help_text="姓名与电话，加密保存",
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Partner
        fields = ("name", "contract", "settles")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.contact_sealed and "contact" in self.fields:
            self.fields["contact"].initial = open_column(self.instance, "contact_sealed")

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """The name is what the contact is sealed for, so both are written together."""
        seal_column(self.instance, "contact_sealed", self.cleaned_data.get("contact", ""))
        return super().save(commit)


class PaymentForm(ReasonForm):
    amount = YuanField(label="金额（元）")
    bank_reference = forms.CharField(label="银行流水号", max_length=64, widget=UnfoldAdminTextInputWidget)
    received_on = forms.DateField(label="到账日期", widget=UnfoldAdminSingleDateWidget)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("金额须大于零")
        return amount


class Payments(ReadOnlyInline):
    model = PartnerPayment
    verbose_name_plural = "已入账的付款"
    fields = ("received_on", "shown_amount", "bank_reference", "maker", "checker", "at")
    readonly_fields = ("shown_amount",)

    @admin.display(description="金额（元）")
    def shown_amount(self, payment: PartnerPayment) -> Any:
        return show_yuan(payment.amount)


@admin.register(Partner)
class PartnerAdmin(WalletAdmin):
    form = PartnerForm
    list_display = ("name", "contract", "settles", "shown_owed")
    search_fields = ("name", "contract")
    search_help_text = "合作方或合同编号"
    ordering = ("name",)
    fields = ("name", "contract", "settles", "contact", "shown_owed", "shown_months")
    readonly_fields = ("shown_owed", "shown_months")
    inlines = (Payments,)
    actions_detail = ("receive", "report")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Partner]:
        return with_owed(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """Whoever only looks does not see whom to call."""
        fields = super().get_fields(request, obj)
        may = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        return fields if may else tuple(name for name in fields if name != "contact")

    def has_receive_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("coupons.add_partnerpayment"))

    def has_report_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_view_permission(request)

    @row_act(
        "付款入账",
        permissions=["receive"],
        done="已提交审批",
        explains="合作方的付款已到银行账户；须由另一位同事核对银行流水后审批。",
        submit="提交审批",
        form=PaymentForm,
    )
    def receive(self, request: HttpRequest, form: PaymentForm, object_id: str) -> None:
        propose_payment(partner_id=int(object_id), maker_id=staff_id(request), **form.cleaned_data)

    @action(description="下载上月对账单", permissions=["report"])
    def report(self, request: HttpRequest, object_id: str) -> HttpResponse:
        month = request.GET.get("month") or _months()[1]
        form = request.GET.get("form", "xlsx")
        if month not in _months() or form not in _MEDIA:
            raise Http404
        content = paper_of(month_of(Partner.objects.get(pk=object_id), month=month), form=form)
        name = f"partner-{object_id}-{month}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=_MEDIA[form], headers=headers)

    @admin.display(description="应付余额（元）")
    def shown_owed(self, partner: Any) -> Any:
        return show_yuan(partner.owed) if partner.pk else "—"

    @admin.display(description="月度对账单")
    def shown_months(self, partner: Partner) -> Any:
        if partner.pk is None:
            return "—"
        address = reverse("admin:coupons_partner_report", args=[partner.pk])
        links = ((month, address, month, address, month) for month in _months())
        row = '{} <a class="underline" href="{}?month={}&form=csv">CSV</a>'
        row += ' <a class="underline" href="{}?month={}&form=xlsx">XLSX</a>'
        return format_html_join(mark_safe("<br>"), row, links)


class JointPromotionForm(forms.ModelForm):
    share = PercentField(label="合作方承担（%）")
    template = CouponField()
    campaign = CampaignField()

    class Meta:
        model = JointPromotion
        fields = ("partner", "template", "campaign", "share", "starts_at", "ends_at")

    def clean_share(self) -> int:
        share: int = self.cleaned_data["share"]
        if not 0 < share <= 10_000:
            raise forms.ValidationError("要大于 0，最多 100")
        return share


@admin.register(JointPromotion)
class JointPromotionAdmin(AgreedAdmin):
    form = JointPromotionForm
    list_display = ("partner", "shown_promotion", "shown_share", "starts_at", "ends_at", "shown_state")
    list_select_related = ("partner", "template", "campaign")

    @admin.display(description="促销")
    def shown_promotion(self, joint: JointPromotion) -> str:
        return str(joint.template or joint.campaign)

    @admin.display(description="合作方承担", ordering="share")
    def shown_share(self, joint: JointPromotion) -> str:
        return f"{joint.share / 100:g}%"


def _months() -> list[str]:
    """This month and those before it, newest first."""
    months, moment = [], clock.now()
    for _each in range(_MONTHS):
        month = clock.business_month(moment)
        months.append(month)
        moment = clock.borders_of(month)[0] - timedelta(days=1)
    return months
