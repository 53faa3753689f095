"""What an agent does to the ticket before them: whose it is, what it is about, what it belongs to."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.rules.phones import NotAPhone, normalise_phone
from accounts.selectors.users import customers_with_phone
from feedback.models import Queue, RootCause, Tag, Ticket
from feedback.rules.tickets import Priority, TicketChannel, TicketKind, Voice
from feedback.selectors.desk import agents_by_name, tickets_to_merge_with
from feedback.selectors.subjects import SUBJECT_KINDS
from feedback.selectors.tickets import conversation_of
from feedback.services.labels import name_cause, tag_ticket
from feedback.services.merging import merge_ticket, split_ticket
from feedback.services.routing import assign
from feedback.services.side_channels import TYPED_IN, identify, read_contact, write_down
from feedback.services.subjects import link_ticket
from feedback.services.tickets import open_ticket, reclassify
from wallet_project.kit.admin import ReasonForm, row_act, show_once, staff_id
from wallet_project.kit.errors import DomainError

_MOST = 50


def _chosen_of(label: str, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget, **options)


def _line(label: str, most: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=UnfoldAdminTextInputWidget, **options)


def _text(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=4_000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}))


class _OfTicket(BaseDialogForm):
    """A dialog that knows the ticket it is opened on."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ticket = Ticket.objects.get(pk=self.object_id)
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values that depend on the ticket."""


class GiveForm(BaseDialogForm):
    agent = _chosen_of("受理人", lambda: [(each.user_id, each.user.nickname) for each in agents_by_name()])


class SortForm(_OfTicket):
    kind = _chosen_of("类型", TicketKind.choices)
    priority = _chosen_of("优先级", Priority.choices)
    queue = _chosen_of(
        "队列", lambda: [("", "随类型"), *Queue.objects.values_list("pk", "name")], required=False
    )

    def prepare(self) -> None:
        self.initial = {"kind": self.ticket.kind, "priority": self.ticket.priority}


class LabelForm(_OfTicket):
    tags = forms.MultipleChoiceField(
        label="标签",
        choices=lambda: [(tag.name, tag.name) for tag in Tag.objects.filter(is_active=True)],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    cause = _chosen_of(
        "根因",
        lambda: [("", "未定"), *RootCause.objects.filter(is_active=True).values_list("pk", "name")],
        required=False,
    )

    def prepare(self) -> None:
        on = self.ticket.tags.values_list("tag__name", flat=True)
        self.initial = {"tags": list(on), "cause": self.ticket.cause_id}


class LinkForm(_OfTicket):
    kind = _chosen_of("关联什么", list(SUBJECT_KINDS.items()))
    number = _line("单号", 64)


class IdentifyForm(BaseDialogForm):
    phone = _line("顾客手机号", 20)

    def clean_phone(self) -> int:
        try:
            found = customers_with_phone(normalise_phone(self.cleaned_data["phone"])).first()
        except NotAPhone:
            found = None
        if found is None:
            raise forms.ValidationError("没有顾客绑定这个手机号")
        return int(found.pk)


class MergeForm(_OfTicket):
    into = _chosen_of("并入", ())

    def prepare(self) -> None:
        others = tickets_to_merge_with(self.ticket)[:_MOST]
        self.fields["into"].choices = [(each.pk, f"{each.subject}（{each.number}）") for each in others]


class SplitForm(_OfTicket):
    messages = forms.MultipleChoiceField(label="哪些留言", widget=UnfoldAdminCheckboxSelectMultipleWidget)
    kind = _chosen_of("类型", TicketKind.choices)
    subject = _line("主题", 120)

    def prepare(self) -> None:
        said = conversation_of(self.ticket.pk).filter(voice=Voice.CUSTOMER).order_by("-at", "-pk")[:_MOST]
        self.fields["messages"].choices = [(each.pk, each.body[:60]) for each in reversed(said)]


class FollowForm(_OfTicket):
    kind = _chosen_of("类型", TicketKind.choices)
    subject = _line("主题", 120)
    body = _text("内容")
    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class WriteDownForm(BaseDialogForm):
    channel = _chosen_of("渠道", [(each.value, each.label) for each in TYPED_IN])
    contact = _line("联系方式", 120, help_text="电话号码、邮箱或社交账号；号码属于顾客的，自动关联")
    kind = _chosen_of("类型", TicketKind.choices)
    subject = _line("主题", 120)
    body = _text("顾客说了什么")
    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class TicketActs:
    """Mix into the page of tickets. `EVERYDAY` stand above the ticket, `SORTING` beside it."""

    EVERYDAY = ("take", "give", "give_back", "sort")
    SORTING = ("label", "link", "contact", "identify", "merge", "split", "follow_up")

    @row_act("接手", permissions=["view", "work"], done="已由您受理", form=None)
    def take(self, request: HttpRequest, object_id: str) -> None:
        who = staff_id(request)
        assign(ticket_id=int(object_id), assignee_id=who, by_id=who)

    @row_act("指派", permissions=["view", "work"], done="已指派", title="指派给同事", form=GiveForm)
    def give(self, request: HttpRequest, form: GiveForm, object_id: str) -> None:
        chosen = int(form.cleaned_data["agent"])
        assign(ticket_id=int(object_id), assignee_id=chosen, by_id=staff_id(request))

    @row_act("退回队列", permissions=["view", "work"], done="已退回队列", form=None)
    def give_back(self, request: HttpRequest, object_id: str) -> None:
        assign(ticket_id=int(object_id), assignee_id=None, by_id=staff_id(request))

    @row_act("分类", permissions=["view", "work"], done="已更新", title="类型、优先级和队列", form=SortForm)
    def sort(self, request: HttpRequest, form: SortForm, object_id: str) -> None:
        wish = form.cleaned_data
        reclassify(
            ticket_id=int(object_id),
            by_id=staff_id(request),
            kind=wish["kind"],
            priority=int(wish["priority"]),
            queue_id=int(wish["queue"]) if wish["queue"] else None,
        )

    @row_act("标签与根因", permissions=["view", "label"], done="已更新", submit="保存", form=LabelForm)
    def label(self, request: HttpRequest, form: LabelForm, object_id: str) -> None:
        wish, who = form.cleaned_data, staff_id(request)
        tag_ticket(ticket_id=int(object_id), tags=wish["tags"], by_id=who)
        if wish["cause"]:
            name_cause(ticket_id=int(object_id), cause_id=int(wish["cause"]), by_id=who)

    @row_act("关联业务", permissions=["view", "work"], done="已关联", form=LinkForm)
    def link(self, request: HttpRequest, form: LinkForm, object_id: str) -> None:
        about = f"{form.cleaned_data['kind']}:{form.cleaned_data['number'].strip()}"
        link_ticket(ticket_id=int(object_id), about=about, by_id=staff_id(request))

    @action(
        description="联系方式",
        permissions=["view", "contact"],
        dialog={
            "title": "对方留下的联系方式",
            "description": "只显示一次。您的姓名、时间和原因会记入审计日志，每天次数有限。",
            "form_class": ReasonForm,
            "form_submit_text": "查看",
        },
    )
    def contact(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        page: Any = self
        try:
            contact = read_contact(
                ticket_id=int(object_id), by_id=staff_id(request), reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            messages.error(request, str(error.message))
            return page.back_to(object_id)
        return show_once(request, {"联系方式": contact})

    @row_act(
        "确认顾客",
        permissions=["view", "identify"],
        done="已确认顾客",
        explains="请先核实对方身份。确认后，这位顾客可以在小程序里看到整个工单。",
        form=IdentifyForm,
    )
    def identify(self, request: HttpRequest, form: IdentifyForm, object_id: str) -> None:
        identify(ticket_id=int(object_id), user_id=form.cleaned_data["phone"], by_id=staff_id(request))

    @row_act(
        "合并",
        permissions=["view", "work"],
        done="已合并",
        title="并入另一张工单",
        explains="本工单就此结束，对话在另一张工单里继续；会告知顾客。",
        form=MergeForm,
    )
    def merge(self, request: HttpRequest, form: MergeForm, object_id: str) -> None:
        merge_ticket(
            ticket_id=int(object_id), into_id=int(form.cleaned_data["into"]), by_id=staff_id(request)
        )

    @row_act(
        "拆分",
        permissions=["view", "work"],
        title="另立一张工单",
        explains="所选留言说的是另一件事：另立工单处理，本工单不变；会告知顾客。",
        form=SplitForm,
    )
    def split(self, request: HttpRequest, form: SplitForm, object_id: str) -> str:
        wish = form.cleaned_data
        own = split_ticket(
            ticket_id=int(object_id),
            message_ids=[int(each) for each in wish["messages"]],
            kind=wish["kind"],
            subject=wish["subject"],
            by_id=staff_id(request),
        )
        return f"已另立工单 {own.number}"

    @row_act(
        "后续工单",
        permissions=["view", "label"],
        title="接着这张工单，新建一张",
        submit="新建",
        form=FollowForm,
    )
    def follow_up(self, request: HttpRequest, form: FollowForm, object_id: str) -> str:
        wish, before = form.cleaned_data, form.ticket
        after = open_ticket(
            user_id=before.user_id,
            kind=wish["kind"],
            channel=before.channel,
            subject=wish["subject"],
            body=wish["body"],
            source=f"follow:{before.pk}:{wish['key']}",
            language=before.language,
            author_id=staff_id(request),
            follows_id=before.pk,
        )
        return f"已新建工单 {after.number}"

    @action(
        description="登记来电来信",
        permissions=["work"],
        dialog={
            "title": "登记来电、邮件或留言",
            "form_class": WriteDownForm,
            "form_submit_text": "新建工单",
        },
    )
    def write_down(self, request: HttpRequest, form: WriteDownForm) -> HttpResponse:
        wish, page = form.cleaned_data, self
        ticket = write_down(
            agent_id=staff_id(request),
            channel=TicketChannel(wish["channel"]),
            contact=wish["contact"],
            kind=wish["kind"],
            subject=wish["subject"],
            body=wish["body"],
            key=str(wish["key"]),
        )
        return page.back_to(ticket.pk)  # type: ignore[attr-defined]
