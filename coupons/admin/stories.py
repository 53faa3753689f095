"""Success stories: written by one, shown when two agree, and what sharing them brought."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from coupons.models import Story
from coupons.rules.stories import tells_of_a_person
from coupons.selectors.stories import with_effect
from wallet.errors import TextRefused
from wallet.selectors.content import clean_text
from wallet_project.approvals.agreed_pages import AgreedAdmin


class StoryForm(forms.ModelForm):
    class Meta:
        model = Story
        fields = ("title", "text", "consent")
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 4})}

    def clean_title(self) -> str:
        return _clean(self.cleaned_data["title"], longest=32)

    def clean_text(self) -> str:
        return _clean(self.cleaned_data["text"], longest=300)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        said = f"{given.get('title', '')} {given.get('text', '')}"
        if tells_of_a_person(said) and not given.get("consent"):
            self.add_error("consent", "内容里有手机号、证件号或卡号，须有本人书面同意，请填写授权书编号")
        return given


def _clean(text: str, *, longest: int) -> str:
    try:
        return clean_text(text, longest=longest)
    except TextRefused as error:
        raise forms.ValidationError(str(error.message)) from None


@admin.register(Story)
class StoryAdmin(AgreedAdmin):
    form = StoryForm
    list_display = ("title", "shown_state", "live_at", "shown_brought")
    readonly_fields = ("shown_state", "shown_terms", "shown_brought")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        return with_effect(super().get_queryset(request))

    @admin.display(description="分享效果")
    def shown_brought(self, story: Any) -> str:
        if story.pk is None:
            return "—"
        return f"{story.sharers:,} 人分享，浏览 {story.seen:,} 次，带来注册 {story.came:,} 人"
