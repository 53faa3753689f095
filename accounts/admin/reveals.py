"""Masked by default; in clear for one moment, to somebody who may and says why."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from accounts.services.reveals import note_reveal
from wallet_project.audit.services import record_audit
from wallet_project.kit.admin import ReasonForm, show_once, staff_id
from wallet_project.kit.errors import DomainError


class Watched:
    """Mix into a page about a person, before ReadOnlyAdmin: each look at it goes into the trail."""

    def owner_of(self, row: Any) -> int:
        owner: int = row.user_id
        return owner

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        page: Any = self
        answer: HttpResponse = super().change_view(request, object_id, *args, **options)  # type: ignore[misc]
        row = page.get_object(request, object_id) if answer.status_code == 200 else None
        if row is not None:
            record_audit(
                action="accounts.pii.viewed",
                subject=f"user:{self.owner_of(row)}",
                facts={"page": str(page.opts.verbose_name)},
            )
        return answer


class Reveals(Watched):
    """
    Mix into the page of a row that shows something masked, before ReadOnlyAdmin.

    `in_clear(row)` gives label → text of what may be revealed, `owner_of(row)` the user it is about. Adds the
    action `reveal` to `actions_detail`; asks for a reason, counts (accounts.services.reveals), and shows the
    texts in the dialog, once, uncached.
    """

    actions_detail: tuple[str, ...] = ("reveal",)

    def in_clear(self, row: Any) -> dict[str, str | None]:
        raise NotImplementedError

    def has_reveal_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.reveal_pii")

    @action(
        description="查看完整信息",
        permissions=["view", "reveal"],
        dialog={
            "title": "查看完整信息",
            "description": "只显示一次。您的姓名、时间和原因会记入审计日志，每天次数有限。",
            "form_class": ReasonForm,
            "form_submit_text": "查看",
        },
    )
    def reveal(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        page: Any = self
        row = page.get_object(request, object_id)
        shown = {} if row is None else {label: text for label, text in self.in_clear(row).items() if text}
        if not shown:
            messages.info(request, "没有可以显示的内容。")
            return page.back_to(object_id)
        try:
            note_reveal(
                staff_id=staff_id(request),
                user_id=self.owner_of(row),
                what="、".join(shown),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            messages.error(request, str(error.message))
            return page.back_to(object_id)
        return show_once(request, shown)
