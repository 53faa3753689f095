"""Users, masked; their devices and sessions."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.reveals import Reveals
from accounts.models import Device, SecurityFacts, Session, User, UserStatus
from accounts.selectors.users import customers_called
from accounts.services.freezing import freeze_user, propose_unfreeze_user
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, ReasonForm, row_act, staff_id


class DeviceInline(ReadOnlyInline):
    model = Device
    fields = ("name", "platform", "device_id", "first_seen_at", "last_seen_at")
    ordering = ("-last_seen_at",)


class SecurityFactsInline(ReadOnlyInline):
    model = SecurityFacts
    fields = ("withdrawals_cooled_until", "cool_reason", "risk_rank", "risk_asked_at")


class SessionInline(ReadOnlyInline):
    model = Session
    fields = (
        "device",
        "created_at",
        "created_ip",
        "last_seen_at",
        "last_seen_ip",
        "revoked_at",
        "revoke_reason",
    )
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).select_related("device")


@admin.register(User)
class UserAdmin(Reveals, ReadOnlyAdmin):
    """The number is never shown; somebody who has been told it can find its owner."""

    list_display = ("uid", "nickname", "phone", "status", "created_at")
    list_select_related = ("personal_key",)
    list_filter = ("status", "created_at")
    search_fields = ("nickname__startswith",)
    search_help_text = "完整手机号、用户号，或昵称开头"
    fields = ("uid", "nickname", "phone", "phone_bound_at", "status", "created_at")
    readonly_fields = ("phone",)
    inlines = (SecurityFactsInline, DeviceInline, SessionInline)
    ordering = ("-id",)
    actions_detail = ("reveal", "freeze", "unfreeze")

    def has_freeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may_freeze(request, object_id, now=UserStatus.ACTIVE)

    def has_unfreeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may_freeze(request, object_id, now=UserStatus.FROZEN)

    @row_act(
        "冻结账户",
        permissions=["freeze"],
        done="账户已冻结",
        title="冻结这个账户",
        explains="立即退出所有设备，无法登录和交易。原因会记入审计日志。",
        submit="冻结",
    )
    def freeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        freeze_user(user_id=int(object_id), reason=form.cleaned_data["reason"])

    @row_act(
        "申请解冻账户",
        permissions=["unfreeze"],
        done="已提交审批",
        title="解冻这个账户",
        explains="须由另一位同事审批；批准后可以重新登录。原因会记入审计日志。",
        submit="提交审批",
    )
    def unfreeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_unfreeze_user(
            user_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Customers; staff have a page of their own."""
        return super().get_queryset(request).filter(is_staff=False)

    def in_clear(self, user: User) -> dict[str, str | None]:
        return {"手机号": user.phone}

    def owner_of(self, user: User) -> int:
        return user.pk

    @admin.display(description="手机号")
    def phone(self, user: User) -> str:
        return user.phone_masked or "—"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        term = search_term.strip()
        return (queryset.filter(pk__in=customers_called(term)) if term else queryset), False


def _may_freeze(request: HttpRequest, object_id: str | None, *, now: UserStatus) -> bool:
    """Only what this customer's state allows is offered."""
    allowed = request.user.has_perm("accounts.freeze_user")
    return allowed and User.objects.filter(pk=object_id or 0, status=now).exists()
