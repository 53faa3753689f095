"""What leads keep in order: queues, what is urgent, tags and causes."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from feedback.models import PriorityRule, Queue, RootCause, Tag
from feedback.rules.tickets import TicketKind
from wallet_project.kit.admin import WalletAdmin, YuanField, show_yuan


class KindsField(forms.TypedMultipleChoiceField):
    """Kinds of tickets, stored as a list; none is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=TicketKind.choices,
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            empty_value=[],
            **options,
        )


class WordsField(forms.CharField):
    """Words with spaces or commas between them, stored as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminTextInputWidget, **options)

    def prepare_value(self, value: Any) -> Any:
        return "，".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return str(value or "").replace("，", " ").replace(",", " ").replace("、", " ").split()


class QueueForm(forms.ModelForm):
    kinds = KindsField(label="受理类型", help_text="不选：本语言的所有类型")


class PriorityRuleForm(forms.ModelForm):
    kinds = KindsField(label="类型", help_text="不选：所有类型")
    words = WordsField(label="关键词", help_text="用逗号或空格分开，含其中任何一个即符合；留空为不限")
    amount = YuanField(label="涉及金额不低于", required=False, help_text="单位：元；留空为不限")


class ReadInWords(WalletAdmin):
    """What is stored as a list or in fen: whoever may only look reads it as the list of rows shows it."""

    in_words: ClassVar[dict[str, str]] = {}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [self.in_words.get(name, name) for name in fields if name not in self.in_words.values()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *self.in_words.values())


class _Kept(WalletAdmin):
    """What tickets point to is switched off, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Queue)
class QueueAdmin(ReadInWords, _Kept):
    form = QueueForm
    in_words: ClassVar = {"kinds": "shown_kinds"}
    list_display = ("name", "shown_kinds", "language", "is_default", "idle_minutes")
    fields = ("name", "code", "kinds", "language", "idle_minutes", "remind_days", "resolve_days")
    ordering = ("-is_default", "pk")

    @admin.display(description="受理类型")
    def shown_kinds(self, queue: Queue) -> str:
        return _in_words(queue.kinds) or ("其余类型" if queue.is_default else "本语言的所有类型")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj else ()))


@admin.register(PriorityRule)
class PriorityRuleAdmin(ReadInWords):
    form = PriorityRuleForm
    in_words: ClassVar = {"kinds": "shown_kinds", "amount": "shown_amount", "words": "shown_words"}
    list_display = ("name", "priority", "shown_kinds", "shown_amount", "standing", "shown_words", "is_active")
    list_filter = ("priority", "is_active")
    fields = ("name", "priority", "kinds", "amount", "standing", "words", "is_active")
    ordering = ("priority", "pk")

    @admin.display(description="类型")
    def shown_kinds(self, rule: PriorityRule) -> str:
        return _in_words(rule.kinds) or "所有类型"

    @admin.display(description="金额不低于（元）")
    def shown_amount(self, rule: PriorityRule) -> Any:
        return show_yuan(rule.amount)

    @admin.display(description="关键词")
    def shown_words(self, rule: PriorityRule) -> str:
        return "、".join(rule.words) or "—"


@admin.register(RootCause)
class RootCauseAdmin(_Kept):
    list_display = ("name", "is_active")
    list_filter = ("is_active",)
    fields = ("name", "code", "is_active")
    ordering = ("pk",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Tag)
class TagAdmin(_Kept):
    list_display = ("name", "is_active")
    list_filter = ("is_active",)
    fields = ("name", "is_active")
    ordering = ("name",)


def _in_words(kinds: list[str]) -> str:
    return "、".join(str(TicketKind(kind).label) for kind in kinds)
