"""Which features are open to whom; open them further, close them at once."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from wallet_project.audit.words import name_actions
from wallet_project.flags.models import Flag
from wallet_project.flags.services import ALONE_UP_TO, Release, release, release_of
from wallet_project.flags.words import in_words, people_among, segment_names
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, row_act, show_label, staff_id

name_actions("功能灰度", {"flags.released": "调整功能开放范围"})

_MODES: dict[str, bool | None] = {"some": None, "all": True, "none": False}


class ReleaseForm(ReasonForm):
    mode = forms.ChoiceField(
        label="对谁开放",
        choices=[("some", "下列任一范围内的人"), ("all", "全部开放"), ("none", "全部关闭")],
        widget=UnfoldAdminSelectWidget,
    )
    percent = forms.IntegerField(
        label="顾客比例（%）", min_value=0, max_value=99, initial=0, widget=UnfoldAdminIntegerFieldWidget
    )
    segment = forms.TypedChoiceField(
        label="人群", required=False, coerce=int, empty_value=None, widget=UnfoldAdminSelectWidget
    )
    staff = forms.BooleanField(label="员工", required=False, widget=UnfoldBooleanSwitchWidget)
    people = forms.CharField(
        label="指定的人",
        required=False,
        max_length=4000,
        help_text="用户号，每行一个",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    field_order = ("mode", "percent", "segment", "staff", "people", "reason")

    def __init__(self, request: HttpRequest, object_id: Any = None, *args: Any, **options: Any) -> None:
        flag = Flag.objects.get(pk=object_id)
        options["initial"] = {
            **release_of(flag),
            "mode": next(mode for mode, everyone in _MODES.items() if everyone is flag.everyone),
            "people": "\n".join(str(person.uid) for person in people_among(flag.people)),
        }
        super().__init__(request, object_id, *args, **options)
        self.fields["reason"].widget.attrs["rows"] = 2
        self.fields["segment"].choices = [("", "—"), *segment_names().items()]

    def clean_people(self) -> list[int]:
        wanted = self.cleaned_data["people"].split()
        try:
            found = {str(person.uid): person.pk for person in _customers(wanted)}
        except (ValueError, ValidationError):
            raise ValidationError("用户号形如 3f6c1a52-9d0e-4b7a-8c11-2a5d7e90b6f4") from None
        if unknown := [uid for uid in wanted if uid.lower() not in found]:
            raise ValidationError(f"没有这些用户：{'、'.join(unknown)}")
        return sorted(found.values())


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "shown_state", "shown_release", "note", "modified")
    ordering = ("name",)
    fields: ClassVar = ("shown_state", "shown_release", "shown_people", "note", "created", "modified")
    readonly_fields = ("shown_state", "shown_release", "shown_people")
    actions_detail = ("change_release", "close")

    def has_release_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("flags.release_flag")

    @row_act(
        "调整开放范围",
        permissions=["release"],
        form=ReleaseForm,
        explains=f"收回和不超过 {ALONE_UP_TO}% 的开放数秒内生效，扩大到更多人或另一人群须由另一位同事审批。"
        "同一个人是否在比例之内是固定的：扩大比例不会收回任何人。",
        submit="保存",
    )
    def change_release(self, request: HttpRequest, form: ReleaseForm, object_id: str) -> str:
        wish = form.cleaned_data
        to = Release(
            everyone=_MODES[wish["mode"]],
            percent=wish["percent"],
            segment=wish["segment"],
            staff=wish["staff"],
            people=wish["people"],
        )
        return self._release(request, object_id, to, wish["reason"])

    @row_act(
        "立即关闭", permissions=["release"], explains="对所有人关闭，数秒内全部生效。", submit="立即关闭"
    )
    def close(self, request: HttpRequest, form: ReasonForm, object_id: str) -> str:
        return self._release(request, object_id, Release(everyone=False), form.cleaned_data["reason"])

    def _release(self, request: HttpRequest, object_id: str, to: Release, reason: str) -> str:
        flag = Flag.objects.get(pk=object_id)
        at_once = release(flag=flag.name, to=to, reason=reason, maker_id=staff_id(request))
        return f"{flag}：{in_words(to)}" if at_once else "已提交审批"

    @admin.display(description="状态")
    def shown_state(self, flag: Flag) -> Any:
        if flag.everyone is None:
            return show_label("灰度中", "info")
        return show_label("全部开放", "success") if flag.everyone else show_label("全部关闭", "danger")

    @admin.display(description="开放范围")
    def shown_release(self, flag: Flag) -> str:
        return in_words(Release(**release_of(flag)))

    @admin.display(description="指定的人")
    def shown_people(self, flag: Flag) -> str:
        return "、".join(map(str, people_among(flag.people))) or "—"


def _customers(uids: list[str]) -> list[Any]:
    people: Any = get_user_model()
    return list(people.objects.filter(uid__in=uids, is_staff=False))
