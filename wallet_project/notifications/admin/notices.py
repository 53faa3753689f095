"""What people are told of: texts, channels and pages, with a preview, a trial and what was changed before."""

from itertools import permutations
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import StackedInline
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.rules.phones import NotAPhone, normalise_phone
from wallet_project.audit.naming import named, people_among
from wallet_project.audit.selectors import latest_about
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, row_act, show_label, show_table, staff_id
from wallet_project.notifications.models import FrequencyCap, Notice, NoticeText
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import EXEMPT, ChannelKind, is_page
from wallet_project.notifications.rules.variables import (
    as_kept,
    examples,
    fill,
    fill_link,
    in_words,
    is_template,
    variables_of,
)
from wallet_project.notifications.selectors.terms import terms_of
from wallet_project.notifications.services.trials import try_notice

_CHANGES_SHOWN = 10
_PUSHING = [channel for channel in ChannelKind if channel != ChannelKind.INBOX]
# Every order of some of the channels that push, in words: "SUBSCRIBE,SMS" is 微信订阅消息，再短信.
_ORDERS = [
    (",".join(order), "，再".join(str(channel.label) for channel in order) or "不推送")
    for count in range(len(_PUSHING) + 1)
    for order in permutations(_PUSHING, count)
]


class NoticeForm(forms.ModelForm):
    keeps = forms.BooleanField(label="放入消息中心", required=False, widget=UnfoldBooleanSwitchWidget)
    pushes = forms.ChoiceField(
        label="推送",
        choices=_ORDERS,
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="只推送一次：前一个渠道没有送达，才用后一个",
    )

    class Meta:
        model = Notice
        fields = ("title", "link", "is_urgent", "is_enabled")
        help_texts = {
            "title": "只有员工看到",
            "link": "小程序页面，如 pages/orders/show?number={order_no}；留空则不能点开",
            "is_urgent": "顾客刚做的事的结果，不等到早上；安全与协议类总是马上发送",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        channels = self.instance.channels
        self.initial["keeps"] = ChannelKind.INBOX in channels
        self.initial["pushes"] = ",".join(each for each in channels if each != ChannelKind.INBOX)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not is_page(link):
            raise forms.ValidationError("只能是小程序的页面，变量只能作为参数的值")
        return _speaks_of_its_facts(link, self.instance)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        pushes = [ChannelKind(each) for each in (given.get("pushes") or "").split(",") if each]
        if not given.get("keeps") and self.instance.category in EXEMPT:
            self.add_error("keeps", "安全与协议类消息必须留在消息中心")
        elif not given.get("keeps") and not pushes:
            self.add_error("pushes", "至少选一个渠道；不想发送请停用")
        if ChannelKind.SMS in pushes and not CATALOGUE[self.instance.code].sms:
            self.add_error("pushes", "这条通知没有短信模板")
        self.instance.channels = [*([ChannelKind.INBOX] if given.get("keeps") else []), *pushes]
        return given


class NoticeTextForm(forms.ModelForm):
    class Meta:
        model = NoticeText
        fields = ("title", "body")
        widgets = {"body": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def clean_title(self) -> str:
        return _speaks_of_its_facts(self.cleaned_data["title"], self.instance.notice)

    def clean_body(self) -> str:
        return _speaks_of_its_facts(self.cleaned_data["body"], self.instance.notice)


class Texts(StackedInline):
    model = NoticeText
    form = NoticeTextForm
    extra = 0
    max_num = len(settings.LANGUAGES)
    can_delete = False
    hide_title = True
    fields = ("shown_language", "title", "body")
    readonly_fields = ("shown_language",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="语言")
    def shown_language(self, text: NoticeText) -> str:
        return str(text.get_language_display())


class TrialForm(BaseDialogForm):
    language = forms.ChoiceField(label="语言", choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget)
    channel = forms.ChoiceField(label="渠道", choices=ChannelKind.choices, widget=UnfoldAdminSelectWidget)
    phone = forms.CharField(
        label="同事的手机号",
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget,
        help_text="留空发给自己；只能是员工本人的顾客账户",
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        try:
            return phone and normalise_phone(phone)
        except NotAPhone as error:
            raise forms.ValidationError("不是手机号") from error


@admin.register(Notice)
class NoticeAdmin(WalletAdmin):
    form = NoticeForm
    list_display = ("title", "category", "shown_channels", "is_urgent", "shown_enabled")
    list_filter = ("category", "is_enabled")
    search_fields = ("title", "texts__title", "texts__body")
    search_help_text = "通知名称或文案"
    fields = (
        "title",
        "category",
        "keeps",
        "pushes",
        "link",
        "is_urgent",
        "is_enabled",
        "shown_variables",
        "shown_preview",
        "shown_changes",
    )
    readonly_fields = ("category", "shown_variables", "shown_preview", "shown_changes")
    inlines = (Texts,)
    actions_detail = ("try_out",)

    def get_fields(self, request: HttpRequest, obj: Notice | None = None) -> Any:
        """Whoever may only look reads the channels in words."""
        if self.has_change_permission(request, obj):
            return self.fields
        return tuple(
            "shown_channels" if name == "keeps" else name for name in self.fields if name != "pushes"
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Notice | None = None) -> Any:
        return (*self.readonly_fields, "shown_channels")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def has_try_out_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("notifications.try_notice"))

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        form.terms_before = terms_of(form.instance.pk)
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        before, after = form.terms_before, terms_of(form.instance.pk)
        changed = [name for name in after if before.get(name) != after[name]]
        if changed:
            record_audit(
                action="notifications.notice.changed",
                subject=f"notice:{form.instance.code}",
                facts={
                    "before": {name: before.get(name) for name in changed},
                    "to": {name: after[name] for name in changed},
                },
            )

    @row_act(
        "试发",
        permissions=["view", "try_out"],
        done="已发出，结果见“消息投递”",
        explains="用示例内容发给自己或同事的顾客账户，标题带有“试发”；推送遵守对方的设置与免打扰时段。",
        form=TrialForm,
    )
    def try_out(self, request: HttpRequest, form: TrialForm, object_id: str) -> None:
        try_notice(notice_id=int(object_id), staff_id=staff_id(request), **form.cleaned_data)

    @admin.display(description="渠道")
    def shown_channels(self, notice: Notice) -> str:
        return "、".join(str(ChannelKind(channel).label) for channel in notice.channels)

    @admin.display(description="状态", ordering="is_enabled")
    def shown_enabled(self, notice: Notice) -> Any:
        return show_label("启用", "success") if notice.is_enabled else show_label("停用")

    @admin.display(description="可用变量")
    def shown_variables(self, notice: Notice) -> str:
        variables = CATALOGUE[notice.code].variables
        words = in_words(variables, as_kept(variables, examples(variables)))
        rows = [[f"{{{name}}}", each.meaning, words[name]] for name, each in variables.items()]
        return show_table(["变量", "含义", "示例"], rows) if rows else "没有"

    @admin.display(description="预览（已保存的文案）")
    def shown_preview(self, notice: Notice) -> str:
        variables = CATALOGUE[notice.code].variables
        facts = as_kept(variables, examples(variables))
        words = in_words(variables, facts)
        rows = [
            [text.get_language_display(), f"{fill(text.title, words)}\n{fill(text.body, words)}"]
            for text in notice.texts.all()
        ]
        page = [["打开页面", fill_link(notice.link, facts)]] if notice.link else []
        return show_table(["语言", "顾客看到的样子"], rows + page)

    @admin.display(description="修改记录")
    def shown_changes(self, notice: Notice) -> Any:
        entries = [
            entry
            for entry in latest_about(f"notice:{notice.code}", limit=_CHANGES_SHOWN)
            if entry.action == "notifications.notice.changed"
        ]
        people = people_among(entry.actor for entry in entries)
        rows = [
            [
                f"{clock.in_words(entry.at)}\n{named(entry.actor, people)}",
                name,
                f"{entry.facts['before'][name]}\n→ {now}",
            ]
            for entry in entries
            for name, now in entry.facts["to"].items()
        ]
        return show_table(["时间", "项目", "改动"], rows) if rows else "—"


@admin.register(FrequencyCap)
class FrequencyCapAdmin(WalletAdmin):
    list_display = ("category", "per_day", "per_week")
    fields = ("category", "per_day", "per_week")
    ordering = ("category",)

    def get_readonly_fields(self, request: HttpRequest, obj: FrequencyCap | None = None) -> tuple[str, ...]:
        return ("category",) if obj else ()

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **options)
        if field and db_field.name == "category":
            field.choices = [each for each in field.choices if each[0] not in EXEMPT]
        return field


def _speaks_of_its_facts(text: str, notice: Notice) -> str:
    known = CATALOGUE[notice.code].variables
    if unknown := sorted(variables_of(text) - set(known)):
        raise forms.ValidationError(f"没有这样的变量：{'、'.join(unknown)}")
    if not is_template(text):
        raise forms.ValidationError("花括号里只能是变量")
    return text
