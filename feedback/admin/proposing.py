"""The page on which a change is written down and handed in for a second person."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget

from wallet_project.kit.errors import DomainError


class ProposalForm(forms.Form):
    """What is asked for, and why."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"] = forms.CharField(
            label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
        )


def hand_in(
    request: HttpRequest,
    page: Any,
    *,
    form: ProposalForm,
    title: str,
    explains: str,
    propose: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    """Show the form, and hand in what is valid; why it cannot be is said above it."""
    if request.method == "POST" and form.is_valid():
        try:
            propose(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, "：".join(filter(None, (str(error.message), error.detail.get("reason")))))
        else:
            messages.success(request, "已提交审批")
            opts = page.opts
            return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
    return TemplateResponse(
        request,
        "admin/feedback/propose.html",
        {**page.admin_site.each_context(request), "title": title, "explains": explains, "form": form},
    )
