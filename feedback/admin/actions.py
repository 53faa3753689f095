"""What is put right from a ticket: a page for each act, and the list of all that was done."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from accounts.models import User
from feedback.admin.panels import ACTION_COLOURS
from feedback.models import GoodwillDay, Ticket, TicketAction
from feedback.rules.actions import GOODWILL, ActionKind, ActionState
from feedback.selectors.actions import (
    coupons_to_give,
    coupons_to_give_again,
    goodwill_left,
    lines_with_receipts,
    orders_to_refund,
    possible_for,
    withdrawals_to_return,
)
from feedback.services.actions import (
    Wish,
    ask_unfreeze_account,
    ask_unfreeze_wallet,
    refund_order,
    resend_receipt,
    return_withdrawal,
)
from feedback.services.goodwill import give_again, give_coupon, give_credit, give_points
from payments.rules.order_refunds import RefundReason
from wallet_project.audit.naming import NamingAdmin, People
from wallet_project.audit.words import name_actions
from wallet_project.kit import clock
from wallet_project.kit.admin import YuanField, link_to, show_label, show_yuan, staff_id
from wallet_project.kit.errors import DomainError
from wallet_project.kit.money import yuan

name_actions(
    "客服", {f"feedback.action.{state.lower()}": f"工单办理：{state.label}" for state in ActionState}
)

_SHOWN = 50
_TAKES_TWO = "由另一位有审批权限的同事批准后生效。"
_FROM_BUDGET = "从您今天的补偿额度中扣减；同一顾客 30 天内累计较多时，须由另一位同事批准。"


class ActForm(forms.Form):
    """An act's own fields go to `does` under their names; `about` of the ticket is chosen where it fits."""

    explains: ClassVar[str] = ""
    does: ClassVar[Callable[..., TicketAction]]

    because = forms.CharField(
        label="原因", min_length=4, max_length=150, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    key = forms.CharField(max_length=64, initial=lambda: uuid4().hex, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, ticket: Ticket) -> None:
        super().__init__(data)
        self.ticket = ticket
        self.order_fields([name for name in self.fields if name not in ("because", "key")])

    def choose(self, name: str, rows: Iterable[tuple[Any, str]]) -> None:
        """Where the ticket names one of them, that one is chosen."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - told by name
        field.choices = list(rows)
        field.initial = self.ticket.about.partition(":")[2]

    def act(self, agent_id: int) -> TicketAction:
        said = dict(self.cleaned_data)
        wish = Wish(
            ticket_id=self.ticket.pk, agent_id=agent_id, key=said.pop("key"), because=said.pop("because")
        )
        return type(self).does(wish, **said)


def _select(label: str) -> Any:
    return forms.ChoiceField(label=label, widget=UnfoldAdminSelectWidget)


class _Amount(YuanField):
    def to_python(self, value: Any) -> int | None:
        amount = super().to_python(value)
        if amount == 0:
            raise forms.ValidationError("金额要大于零")
        return amount


class RefundForm(ActForm):
    explains = "按付款方式原路退回；超过单人额度时，须由另一位同事批准。原因会写在退款单上，顾客可见。"
    does = refund_order

    order_no = _select("订单")
    amount = _Amount(label="退款金额")
    reason = forms.ChoiceField(label="退款类型", choices=RefundReason.choices, widget=UnfoldAdminSelectWidget)

    def __init__(self, data: Any, *, ticket: Ticket) -> None:
        super().__init__(data, ticket=ticket)
        orders = orders_to_refund(ticket.user_id or 0)[:_SHOWN]
        self.choose(
            "order_no",
            [
                (order.number, f"{order.title} · {_day(order.paid_at)} · 可退 {yuan(order.refundable)} 元")
                for order in orders
            ],
        )


class WithdrawalForm(ActForm):
    explains = (
        "按顾客的意愿撤回提现：审核中的立即退回钱包；已提交微信的由微信撤回，顾客已确认收款的不能撤回。"
    )
    does = return_withdrawal

    number = _select("提现")

    def __init__(self, data: Any, *, ticket: Ticket) -> None:
        super().__init__(data, ticket=ticket)
        found = withdrawals_to_return(ticket.user_id or 0)[:_SHOWN]
        self.choose(
            "number",
            [
                (
                    each.number,
                    f"{yuan(each.amount)} 元 · {_day(each.requested_at)} · {each.get_state_display()}",
                )
                for each in found
            ],
        )


class RenewalForm(ActForm):
    explains = f"过期或作废的优惠券重新可用，每张只补发一次。{_FROM_BUDGET}"
    does = give_again

    serial = _select("优惠券")

    def __init__(self, data: Any, *, ticket: Ticket) -> None:
        super().__init__(data, ticket=ticket)
        coupons = coupons_to_give_again(ticket.user_id or 0)[:_SHOWN]
        self.choose(
            "serial",
            [
                (each.serial, f"{each.template.name} · {each.get_state_display()} {_day(each.ended_at)}")
                for each in coupons
            ],
        )


class CouponForm(ActForm):
    explains = _FROM_BUDGET
    does = give_coupon

    template_id = forms.TypedChoiceField(label="优惠券", coerce=int, widget=UnfoldAdminSelectWidget)

    def __init__(self, data: Any, *, ticket: Ticket) -> None:
        super().__init__(data, ticket=ticket)
        offered = coupons_to_give()[:_SHOWN]
        self.choose(
            "template_id", [(each.pk, f"{each.name} · 最多 {yuan(each.amount)} 元") for each in offered]
        )


class PointsForm(ActForm):
    explains = f"1 积分按 0.01 元计。{_FROM_BUDGET}"
    does = give_points

    points = forms.IntegerField(
        label="积分", min_value=1, max_value=10_000_000, widget=UnfoldAdminIntegerFieldWidget
    )


class CreditForm(ActForm):
    explains = f"赠金一年内有效，只能消费，不能提现。{_FROM_BUDGET}"
    does = give_credit

    amount = _Amount(label="赠金")


class WalletForm(ActForm):
    explains = _TAKES_TWO
    does = ask_unfreeze_wallet


class AccountForm(ActForm):
    explains = _TAKES_TWO
    does = ask_unfreeze_account


class ReceiptForm(ActForm):
    explains = "回单的查看地址会写进对话；回单中的姓名已脱敏。"
    does = resend_receipt

    record_id = forms.TypedChoiceField(label="收支记录", coerce=int, widget=UnfoldAdminSelectWidget)

    def __init__(self, data: Any, *, ticket: Ticket) -> None:
        super().__init__(data, ticket=ticket)
        lines = lines_with_receipts(ticket.user_id or 0)[:_SHOWN]
        self.choose(
            "record_id",
            [
                (each.pk, f"{each.title} · {yuan(each.amount)} 元 · {_day(each.occurred_at)}")
                for each in lines
            ],
        )


FORMS: dict[ActionKind, type[ActForm]] = {
    ActionKind.REFUND: RefundForm,
    ActionKind.WITHDRAWAL: WithdrawalForm,
    ActionKind.RENEWAL: RenewalForm,
    ActionKind.COUPON: CouponForm,
    ActionKind.POINTS: PointsForm,
    ActionKind.CREDIT: CreditForm,
    ActionKind.WALLET: WalletForm,
    ActionKind.ACCOUNT: AccountForm,
    ActionKind.RECEIPT: ReceiptForm,
}
_SAID = {
    ActionState.PROPOSED: "已提交审批",
    ActionState.UNDER_WAY: "已提交，结果会写进对话",
    ActionState.DONE: "已办理，并已告知顾客",
}


@admin.register(TicketAction)
class TicketActionAdmin(NamingAdmin):
    list_display = ("number", "shown_ticket", "kind", "shown_state", "shown_amount", "shown_agent", "at")
    list_filter = ("kind", "state", "at")
    search_fields = ("=number", "=ticket__number", "=reference")
    search_help_text = "办理编号、工单号或关联单号"
    list_select_related = ("ticket",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_ticket",
        "kind",
        "shown_state",
        "shown_amount",
        "reference",
        "because",
        "shown_agent",
        "at",
        "ended_at",
    )
    readonly_fields = ("shown_ticket", "shown_state", "shown_amount", "shown_agent")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.act)
        return [
            path("act/<int:ticket_id>/<slug:kind>/", page, name="feedback_ticketaction_act"),
            *super().get_urls(),
        ]

    def act(self, request: HttpRequest, ticket_id: int, kind: str) -> HttpResponse:
        """One act's page: its form, what it means, and back to the ticket."""
        ticket = get_object_or_404(Ticket.objects.select_related("user"), pk=ticket_id)
        agent = User.objects.get(pk=staff_id(request))
        if not agent.has_perm("feedback.view_ticket") or kind not in possible_for(ticket, agent):
            raise PermissionDenied
        act = ActionKind(kind)
        form = FORMS[act](request.POST or None, ticket=ticket)
        if request.method == "POST" and form.is_valid():
            try:
                done = form.act(agent.pk)
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _SAID[ActionState(done.state)])
                return redirect(back_to(ticket))
        return TemplateResponse(
            request,
            "admin/feedback/act.html",
            {
                **self.admin_site.each_context(request),
                "title": f"{act.label} · 工单 {ticket.number}",
                "form": form,
                "act": act.label,
                "customer": ticket.user,
                "left": yuan(goodwill_left(agent.pk)) if act in GOODWILL else "",
                "back": back_to(ticket),
            },
        )

    def people_of(self, rows: Iterable[TicketAction]) -> People:
        return User.objects.in_bulk({row.agent_id for row in rows})

    @admin.display(description="工单")
    def shown_ticket(self, action: TicketAction) -> Any:
        return link_to(action.ticket)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, action: TicketAction) -> Any:
        return show_label(action.get_state_display(), ACTION_COLOURS.get(action.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, action: TicketAction) -> Any:
        return show_yuan(action.amount or None)

    @admin.display(description="经办人")
    def shown_agent(self, action: TicketAction) -> str:
        return str(action.people.get(action.agent_id, "—"))  # type: ignore[attr-defined] # NamingAdmin's


@admin.register(GoodwillDay)
class GoodwillDayAdmin(NamingAdmin):
    list_display = ("day", "shown_agent", "shown_spent", "shown_most")
    list_filter = ("day",)
    ordering = ("-day", "-spent")
    fields = list_display
    readonly_fields = list_display

    def people_of(self, rows: Iterable[GoodwillDay]) -> People:
        return User.objects.in_bulk({row.agent_id for row in rows})

    @admin.display(description="经办人")
    def shown_agent(self, day: GoodwillDay) -> str:
        return str(day.people.get(day.agent_id, "—"))  # type: ignore[attr-defined] # NamingAdmin's

    @admin.display(description="已用（元）", ordering="spent")
    def shown_spent(self, day: GoodwillDay) -> Any:
        return show_yuan(day.spent)

    @admin.display(description="额度（元）")
    def shown_most(self, day: GoodwillDay) -> Any:
        return show_yuan(day.most)


def back_to(ticket: Ticket) -> str:
    return reverse("admin:feedback_ticket_change", args=[ticket.pk])


def _day(moment: Any) -> str:
    return f"{clock.business_day(moment):%m-%d}"
