"""Subscribe messages: WeChat's templates, what notices say in them, and what people still let through."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminTextareaWidget

from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    WalletAdmin,
    link_to,
    show_label,
    show_table,
)
from wallet_project.notifications.models import QuotaChange, SubscribeQuota, SubscribeTemplate, SubscribeText
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.subscribe import (
    Unfit,
    check_texts,
    in_order,
    is_keyword,
    variables_for,
)


class KeywordsField(forms.CharField):
    """A keyword and what belongs to it on each line, kept as an object."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}), **options)

    def prepare_value(self, value: Any) -> Any:
        return (
            "\n".join(f"{name} {text}" for name, text in in_order(value).items())
            if isinstance(value, dict)
            else value
        )

    def to_python(self, value: Any) -> Any:
        pairs = [line.strip().partition(" ") for line in str(value or "").splitlines() if line.strip()]
        unknown = [name for name, _, text in pairs if not is_keyword(name) or not text.strip()]
        if unknown or len({name for name, _, _ in pairs}) != len(pairs):
            raise forms.ValidationError("每行一个关键词，如“thing1 业务名称”，不能重复")
        return {name: text.strip() for name, _, text in pairs}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class SubscribeTemplateForm(forms.ModelForm):
    keywords = KeywordsField(
        label="关键词", help_text="与微信公众平台里该模板的“详细内容”一致，每行一个，如“thing1 业务名称”"
    )

    class Meta:
        model = SubscribeTemplate
        fields = ("code", "title", "template_id", "keywords")
        help_texts = {
            "template_id": "微信公众平台 → 订阅消息 → 我的模板；不填则不发送",
            "code": "小写字母，用于识别，保存后不能修改",
        }


class SubscribeTextForm(forms.ModelForm):
    texts = KeywordsField(label="内容", help_text="每行一个关键词和它的内容，如“thing1 {notice_title}”")

    class Meta:
        model = SubscribeText
        fields = ("template", "texts")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        template, texts = given.get("template"), given.get("texts")
        if template and texts:
            try:
                check_texts(template.keywords, texts, _variables_of(self.instance))
            except Unfit as error:
                self.add_error("texts", str(error))
        return given


class _Kept(WalletAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(SubscribeTemplate)
class SubscribeTemplateAdmin(_Kept):
    form = SubscribeTemplateForm
    list_display = ("title", "code", "template_id", "shown_state")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What notices speak by stays as it is: WeChat changes no template, it makes another one."""
        return () if obj is None else ("code", "keywords") if obj.texts.exists() else ("code",)

    @admin.display(description="状态")
    def shown_state(self, template: SubscribeTemplate) -> Any:
        return show_label(*(("可发送", "success") if template.template_id else ("未填模板 ID", "warning")))


@admin.register(SubscribeText)
class SubscribeTextAdmin(_Kept):
    form = SubscribeTextForm
    list_display = ("notice", "template")
    list_filter = ("template",)
    list_select_related = ("notice", "template")
    search_fields = ("notice__title",)
    search_help_text = "通知"
    ordering = ("notice__category", "notice__code")
    fields = ("notice", "template", "texts", "shown_variables", "shown_example")
    readonly_fields = ("notice", "shown_variables", "shown_example")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a notice has one from the beginning

    @admin.display(description="可用变量")
    def shown_variables(self, text: SubscribeText) -> str:
        variables = _variables_of(text).items()
        return show_table(["变量", "含义"], [(f"{{{name}}}", each.meaning) for name, each in variables])

    @admin.display(description="顾客看到的样子")
    def shown_example(self, text: SubscribeText) -> str:
        try:
            values = check_texts(text.template.keywords, text.texts, _variables_of(text))
        except Unfit as error:
            return f"无法发送：{error}"
        labels = text.template.keywords
        return show_table(
            [text.template.title, ""], [(labels[name], value) for name, value in values.items()]
        )


class ChangeInline(ReadOnlyInline):
    model = QuotaChange
    fields = ("at", "cause", "change")
    readonly_fields = fields
    verbose_name_plural = "次数变动"
    ordering = ("-id",)
    per_page = 20


@admin.register(SubscribeQuota)
class SubscribeQuotaAdmin(ReadOnlyAdmin):
    list_display = ("shown_user", "template", "left")
    list_filter = ("template",)
    list_select_related = ("user", "template")
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = ("shown_user", "template", "left")
    readonly_fields = ("shown_user",)
    inlines = (ChangeInline,)

    @admin.display(description="顾客", ordering="user")
    def shown_user(self, quota: SubscribeQuota) -> Any:
        return link_to(quota.user)


def _variables_of(text: SubscribeText) -> Any:
    return variables_for(CATALOGUE[text.notice.code].variables)
