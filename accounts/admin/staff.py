"""Who works here: let somebody in, shut somebody out; what they may do is decided by two."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.validators import validate_slug
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.errors import EmployeeKnown
from accounts.models import Authenticator, StaffMember
from accounts.rules.phones import NotAPhone, normalise_phone
from accounts.services.staff import (
    hire,
    propose_factor_reset,
    propose_role,
    reset_password,
    roles_of,
    shut_out,
)
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, row_act, show_label, show_once, staff_id


class HireForm(BaseDialogForm):
    username = forms.CharField(
        label="登录名",
        min_length=2,
        max_length=64,
        validators=[validate_slug],
        widget=UnfoldAdminTextInputWidget,
    )
    name = forms.CharField(label="姓名", max_length=32, widget=UnfoldAdminTextInputWidget)
    employee_no = forms.CharField(
        label="工号",
        max_length=32,
        widget=UnfoldAdminTextInputWidget,
        help_text="一人一个账户：同一工号不能有两个。",
    )
    phone = forms.CharField(
        label="本人手机号",
        max_length=20,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="可不填。只用来认出本人的顾客账户：涉及它的申请由别人审批。号码本身不保存。",
    )

    def clean_phone(self) -> str:
        try:
            return normalise_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""
        except NotAPhone:
            raise forms.ValidationError("请输入大陆手机号。") from None


class RoleForm(ReasonForm):
    role = forms.ModelChoiceField(
        label="角色", queryset=Group.objects.order_by("pk"), widget=UnfoldAdminSelectWidget
    )
    field_order = ("role", "reason")


@admin.register(StaffMember)
class StaffMemberAdmin(ReadOnlyAdmin):
    list_display = (
        "username",
        "name",
        "employee_no",
        "shown_roles",
        "shown_factor",
        "shown_state",
        "last_login",
    )
    list_select_related = ("staff_profile",)
    list_filter = ("groups", "is_active")
    search_fields = ("username__startswith", "nickname__startswith", "=staff_profile__employee_no")
    search_help_text = "登录名或姓名的开头，或完整工号"
    ordering = ("username",)
    fields = (*list_display, "password_changed_at", "created_at")
    readonly_fields = (
        "name",
        "employee_no",
        "shown_roles",
        "shown_factor",
        "shown_state",
        "password_changed_at",
    )
    actions_list = ("hire_somebody",)
    actions_detail = ("change_role", "give_new_password", "reset_factor", "dismiss")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffMember]:
        confirmed = Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True)
        staff = super().get_queryset(request).filter(is_staff=True).select_related("staff_profile")
        return staff.prefetch_related("groups").annotate(has_factor=Exists(confirmed))

    def has_hire_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.add_staffmember")

    def has_manage_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.change_staffmember") and str(staff_id(request)) != object_id

    @action(
        description="新员工",
        icon="person_add",
        permissions=["hire"],
        dialog={
            "title": "新员工",
            "description": "先没有任何权限；角色另行申请，由另一位同事审批。",
            "form_class": HireForm,
            "form_submit_text": "建立账户",
        },
    )
    def hire_somebody(self, request: HttpRequest, form: HireForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            staff, password = hire(
                username=given["username"],
                name=given["name"],
                employee_no=given["employee_no"],
                own_phone=given["phone"],
            )
        except EmployeeKnown as error:
            messages.error(request, str(error.message))
            return redirect(reverse("admin:accounts_staffmember_changelist"))
        return show_once(request, {"登录名": staff.get_username(), "一次性密码": password})

    @row_act(
        "申请调整角色",
        permissions=["manage"],
        done="已提交审批",
        explains="替换现有角色，须由另一位同事审批；批准后对方须重新登录。",
        submit="提交审批",
        form=RoleForm,
    )
    def change_role(self, request: HttpRequest, form: RoleForm, object_id: str) -> None:
        propose_role(
            staff_id=int(object_id),
            role=form.cleaned_data["role"].name,
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @row_act(
        "申请重置双重验证",
        permissions=["manage"],
        done="已提交审批",
        explains="用于手机和恢复码都丢失的同事。须由另一位同事审批；请先当面或电话核实本人。",
        submit="提交审批",
    )
    def reset_factor(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_factor_reset(
            staff_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @action(
        description="重置密码",
        permissions=["manage"],
        dialog={
            "title": "重置密码",
            "description": "生成一次性密码，对方登录后必须修改。现有登录立即失效。",
            "form_submit_text": "重置",
        },
    )
    def give_new_password(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return show_once(request, {"一次性密码": reset_password(staff_id=int(object_id))})

    @action(
        description="停用",
        permissions=["manage"],
        dialog={
            "title": "停用这位员工",
            "description": "立即退出所有登录并失去角色；恢复须重新申请角色。",
            "form_class": ReasonForm,
            "form_submit_text": "停用",
        },
    )
    def dismiss(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        shut_out(staff_id=int(object_id), reason=form.cleaned_data["reason"])
        messages.success(request, "已停用")
        return self.back_to(object_id)

    @admin.display(description="姓名", ordering="nickname")
    def name(self, staff: StaffMember) -> str:
        return staff.nickname

    @admin.display(description="工号")
    def employee_no(self, staff: StaffMember) -> str:
        profile = getattr(staff, "staff_profile", None)
        return profile.employee_no if profile else "—"

    @admin.display(description="角色")
    def shown_roles(self, staff: StaffMember) -> str:
        return "、".join(roles_of(staff)) or ("超级用户" if staff.is_superuser else "—")

    @admin.display(description="双重验证")
    def shown_factor(self, staff: Any) -> Any:
        return show_label("已启用", "success") if staff.has_factor else show_label("未设置", "warning")

    @admin.display(description="状态", ordering="is_active")
    def shown_state(self, staff: StaffMember) -> Any:
        return show_label("在用", "success") if staff.is_active else show_label("已停用", "danger")

    @admin.display(description="密码修改时间")
    def password_changed_at(self, staff: StaffMember) -> str:
        profile = getattr(staff, "staff_profile", None)
        return f"{localtime(profile.password_changed_at):%Y-%m-%d %H:%M:%S}" if profile else "—"
