"""The suggestion box: what is wanted most, what becomes of it, and what whoever asked is told."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from feedback.errors import SuggestionNotMergeable
from feedback.models import Suggestion, SuggestionStep
from feedback.rules.suggestions import SuggestionState
from feedback.selectors.suggestions import with_votes
from feedback.services.suggestions import merge_suggestion, move_suggestion, publish_suggestion
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, Waits, link_to, row_act, show_label

_COLOURS = {"RECEIVED": "warning", "REVIEWING": "info", "ACCEPTED": "info", "SHIPPED": "success"}


class ReplyForm(BaseDialogForm):
    state = forms.ChoiceField(
        label="状态",
        choices=[each for each in SuggestionState.choices if each[0] != SuggestionState.RECEIVED],
        widget=UnfoldAdminSelectWidget,
    )
    reply = forms.CharField(
        label="答复", min_length=4, max_length=300, widget=UnfoldAdminTextareaWidget, help_text="顾客会看到"
    )


class TitleForm(BaseDialogForm):
    title = forms.CharField(
        label="公开标题",
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text="用我们自己的话写，不能认出是谁提的；留空为不再公开",
    )


class MergeForm(BaseDialogForm):
    number = forms.CharField(label="并入哪条建议（编号）", max_length=32, widget=UnfoldAdminTextInputWidget)


class Steps(ReadOnlyInline):
    model = SuggestionStep
    fields = ("state", "reply", "at")
    readonly_fields = fields


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    list_display = ("number", "shown_text", "title", "shown_state", "shown_support", "suggested_at")
    list_filter = ("state", "suggested_at")
    search_fields = ("number__exact", "text", "title")
    search_help_text = "编号（须完整）或内容"
    ordering = ("-id",)
    waits = Waits(
        words="未答复的建议",
        permission="feedback.answer_suggestion",
        which=Q(state=SuggestionState.RECEIVED, merged_into=None),
        shows={"state__exact": SuggestionState.RECEIVED},
    )
    fields = (
        "number",
        "shown_user",
        "text",
        "title",
        "shown_state",
        "shown_support",
        "shown_leader",
        "suggested_at",
    )
    readonly_fields = ("shown_user", "shown_state", "shown_support", "shown_leader")
    inlines = (Steps,)
    actions_detail = ("move", "make_public", "merge")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        return with_votes(super().get_queryset(request)).select_related("merged_into")

    def has_answer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        stands_alone = object_id is None or Suggestion.objects.filter(pk=object_id, merged_into=None).exists()
        return bool(request.user.has_perm("feedback.answer_suggestion")) and stands_alone

    @row_act(
        "答复",
        permissions=["view", "answer"],
        done="已答复",
        explains="提出和支持它的顾客都会知道。",
        form=ReplyForm,
    )
    def move(self, request: HttpRequest, form: ReplyForm, object_id: str) -> None:
        move_suggestion(
            suggestion_id=int(object_id),
            to=SuggestionState(form.cleaned_data["state"]),
            reply=form.cleaned_data["reply"],
        )

    @row_act(
        "公开",
        permissions=["view", "answer"],
        done="已保存",
        explains="公开后其他顾客可以看到标题并支持它。",
        submit="保存",
        form=TitleForm,
    )
    def make_public(self, request: HttpRequest, form: TitleForm, object_id: str) -> None:
        publish_suggestion(suggestion_id=int(object_id), title=form.cleaned_data["title"])

    @row_act(
        "合并",
        permissions=["view", "answer"],
        done="已合并",
        explains="两条说的是同一件事：支持的人并到一起，以后只答复一条。不能撤销。",
        form=MergeForm,
    )
    def merge(self, request: HttpRequest, form: MergeForm, object_id: str) -> None:
        into = Suggestion.objects.filter(number=form.cleaned_data["number"].strip()).first()
        if into is None:
            raise SuggestionNotMergeable
        merge_suggestion(suggestion_id=int(object_id), into_id=into.pk)

    @admin.display(description="建议")
    def shown_text(self, suggestion: Suggestion) -> str:
        return Truncator(suggestion.text).chars(40)

    @admin.display(description="顾客")
    def shown_user(self, suggestion: Suggestion) -> Any:
        return link_to(suggestion.user)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, suggestion: Suggestion) -> Any:
        if suggestion.merged_into:
            return show_label("已合并")
        return show_label(suggestion.get_state_display(), _COLOURS.get(suggestion.state))

    @admin.display(description="支持人数", ordering="support")
    def shown_support(self, suggestion: Any) -> str:
        return f"{suggestion.support:,}"

    @admin.display(description="并入")
    def shown_leader(self, suggestion: Suggestion) -> Any:
        return link_to(suggestion.merged_into)
