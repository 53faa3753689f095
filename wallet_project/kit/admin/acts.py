"""An act on the row whose page is open: a button, a dialog where it needs words, one call, the answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.forms import BaseDialogForm

from wallet_project.kit.admin.bases import ReasonForm
from wallet_project.kit.errors import DomainError

# Takes the page, the request, the form where there is one, and object_id; may say what came of it.
Act = Callable[..., str | None]


def row_act(
    description: str,
    *,
    permissions: list[str],
    done: str = "",
    title: str = "",
    explains: str = "",
    submit: str = "",
    form: type[BaseDialogForm] | None = ReasonForm,
) -> Callable[[Act], Any]:
    """
    For the methods that `actions_detail` names.

        @row_act("处理完毕", permissions=["view", "settle"], done="已结束")
        def settle(self, request, form, object_id):
            resolve(difference_id=int(object_id), reason=form.cleaned_data["reason"])

    Whoever asked is told that it is `done`, or what the method returned, or why it was refused (DomainError),
    and is back on the row's page. No form: it needs no explanation.
    """

    asks = form is not None

    def offer(act: Act) -> Any:
        @wraps(act)
        def carry_out(page: Any, request: HttpRequest, *form: Any, object_id: str) -> HttpResponse:
            for filled in form:
                filled.cleaned_data.pop("_form_submitted")  # the dialog's own, and not the act's
            try:
                said = act(page, request, *(form if asks else ()), object_id=object_id)
            except DomainError as error:
                messages.error(request, str(error.message))
            else:
                messages.success(request, said or done)
            back: HttpResponse = page.back_to(object_id)
            return back

        dialog = {
            "title": title or description,
            "description": explains or ("" if asks else "确认后立即生效。"),
            "form_class": form or BaseDialogForm,
            "form_submit_text": submit or description,
        }
        return action(description=description, permissions=permissions, dialog=dialog)(carry_out)

    return offer
