"""Pages of what one person writes and two put in force."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.approvals.going_live import propose_going_live, retire
from wallet_project.kit.admin import ReasonForm, WalletAdmin, row_act, show_label, show_table, staff_id

_COLOURS = {"DRAFT": "info", "LIVE": "success"}


class AgreedAdmin(WalletAdmin):
    """A draft is edited like any row; what was in force once is never changed: a new one takes its place."""

    list_filter: Any = ("state",)
    ordering: Any = ("-id",)
    readonly_fields: Any = ("shown_state", "shown_terms")
    actions_detail: Any = ("propose", "end")

    def foreseen(self, row: Any) -> dict[str, str]:
        """What a checker wants to know beside its terms."""
        return {}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What cannot be edited any more is read as its checker read it: in words."""
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name in self.get_readonly_fields(request, obj)]

    def has_change_permission(self, request: HttpRequest, obj: Agreed | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == AgreedState.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Agreed | None = None) -> bool:
        return False

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_change(request) and self._is(object_id, AgreedState.DRAFT)

    def has_end_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        stays = self.model.is_the_only_one and not self.model.one_per
        ends = not stays and self._is(object_id, AgreedState.LIVE)
        return self._may_change(request) and (ends or self._is(object_id, AgreedState.DRAFT))

    @row_act(
        "申请生效",
        permissions=["propose"],
        done="已提交审批",
        explains="须由另一位同事审批；生效后内容不能再改。",
        submit="提交审批",
    )
    def propose(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        row = self.model.objects.get(pk=object_id)
        propose_going_live(
            row=row,
            foreseen=self.foreseen(row),
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @row_act("停用", permissions=["end"], done="已停用", explains="停用后不再发放；已经发放的不受影响。")
    def end(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        retire(row=self.model.objects.get(pk=object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="状态", ordering="state")
    def shown_state(self, row: Any) -> Any:
        return show_label(row.get_state_display(), _COLOURS.get(row.state))

    @admin.display(description="内容")
    def shown_terms(self, row: Any) -> str:
        if row.pk is None:
            return "—"
        shown = {**row.shown(row.terms), **self.foreseen(row)}
        return show_table(["项目", "内容"], list(shown.items()))

    def _may_change(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"))

    def _is(self, object_id: str | None, state: AgreedState) -> bool:
        return object_id is None or self.model.objects.filter(pk=object_id, state=state).exists()
