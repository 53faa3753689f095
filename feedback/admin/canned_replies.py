"""Replies that are written once."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join

from feedback.admin.rules import KindsField, ReadInWords
from feedback.models import CannedReply
from feedback.rules.canned_replies import VARIABLES, unknown_variables
from feedback.rules.tickets import TicketKind


class CannedReplyForm(forms.ModelForm):
    kinds = KindsField(label="适用类型", help_text="不选表示所有类型")

    class Meta:
        model = CannedReply
        fields = ("title", "body", "kinds", "language", "is_active")
        help_texts = {
            "body": format_html_join(
                "；", "{{{{{}}}}}：{}", ((name, meaning) for name, meaning in VARIABLES.items())
            )
        }

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if unknown := unknown_variables(body):
            raise forms.ValidationError(f"没有这样的变量：{'、'.join(unknown)}")
        return body


@admin.register(CannedReply)
class CannedReplyAdmin(ReadInWords):
    form = CannedReplyForm
    fields = ("title", "body", "kinds", "language", "is_active")
    in_words: ClassVar = {"kinds": "shown_kinds"}
    list_display = ("title", "shown_kinds", "language", "is_active")
    list_filter = ("language", "is_active")
    search_fields = ("title", "body")
    search_help_text = "标题或内容"

    @admin.display(description="适用类型")
    def shown_kinds(self, reply: CannedReply) -> Any:
        return "、".join(str(TicketKind(kind).label) for kind in reply.kinds) or "全部"
