"""What accounts holds about a person, for them to take along."""

from collections.abc import Iterator

from accounts.models import (
    CardSight,
    ClosureRequest,
    DataExport,
    Device,
    KycApplication,
    KycChange,
    LoginRecord,
    OnboardingFinish,
    OnboardingProgress,
    PaymentPin,
    PhoneChange,
    PhoneChangeRequest,
    QuizAttempt,
    RealName,
    Reveal,
    SecurityFacts,
    Session,
    SmallPayments,
    User,
    WeChatIdentity,
)
from accounts.selectors.consents import consents_of
from wallet_project.kit import clock
from wallet_project.kit.personal_data import Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    """Our own tables. Of secrets only that and since when there is one."""
    yield _profile(user_id)
    yield section(WeChatIdentity.objects.filter(user=user_id), "appid", "openid", "unionid", "created_at")
    yield section(
        Device.objects.filter(user=user_id).order_by("pk"),
        "name",
        "platform",
        "device_id",
        "first_seen_at",
        "last_seen_at",
    )
    yield section(
        Session.objects.filter(user=user_id).select_related("device").order_by("pk"),
        "device",
        "created_at",
        "created_ip",
        "last_seen_at",
        "last_seen_ip",
        "revoked_at",
        "revoke_reason",
    )
    yield section(
        LoginRecord.objects.filter(user=user_id).order_by("pk"),
        "at",
        "outcome",
        "method",
        "reason",
        "device_id",
        "device_name",
        "platform",
        "is_new_device",
        "ip",
    )
    yield section(
        consents_of(user_id).order_by("pk"),
        "agreement",
        "act",
        "at",
        "sha256",
        "channel",
        "device_id",
        "ip_masked",
    )
    yield _real_names(user_id)
    yield section(RealName.objects.filter(user=user_id), "level", "since", "valid_until", "adult_on")
    yield section(
        KycChange.objects.filter(user=user_id).order_by("pk"), "at", "old_level", "new_level", "reason"
    )
    yield section(PaymentPin.objects.filter(user=user_id), "set_at", "reset_at", "blocked_at")
    yield section(
        SmallPayments.objects.filter(user=user_id),
        "is_on",
        "changed_at",
        money=("per_payment", "per_day"),
    )
    yield section(
        SecurityFacts.objects.filter(user=user_id), "withdrawals_cooled_until", "cool_reason", "risk_rank"
    )
    yield _phone_changes(user_id)
    yield _phone_requests(user_id)
    yield section(Reveal.objects.filter(user=user_id).order_by("pk"), "what", "at")
    yield section(
        ClosureRequest.objects.filter(user=user_id).order_by("pk"),
        "state",
        "reason",
        "began_at",
        "confirmed_at",
        "due_at",
        "ended_at",
        "ended_because",
        money=("balance", "gives_up"),
    )
    yield section(OnboardingProgress.objects.filter(user=user_id).order_by("pk"), "step", "done_at")
    yield section(OnboardingFinish.objects.filter(user=user_id), "finished_at")
    yield section(CardSight.objects.filter(user=user_id).order_by("pk"), "card", "shown_at", "seen_at")
    yield section(QuizAttempt.objects.filter(user=user_id).order_by("pk"), "score", "has_passed", "tried_at")
    yield section(
        DataExport.objects.filter(user=user_id).order_by("pk"),
        "number",
        "state",
        "requested_at",
        "downloads",
    )


def _phone_changes(user_id: int) -> Section:
    changes = PhoneChange.objects.filter(user=user_id).select_related("user__personal_key")
    rows = [
        {
            "更换时间": clock.iso(change.changed_at),
            "原手机号": change.old_phone,
            "经人工审核": change.by_staff,
        }
        for change in changes.order_by("pk")
    ]
    return str(PhoneChange._meta.verbose_name_plural), rows


def _phone_requests(user_id: int) -> Section:
    requests = PhoneChangeRequest.objects.filter(user=user_id).select_related("user__personal_key")
    rows = [
        {
            "申请时间": clock.iso(request.requested_at),
            "状态": str(request.get_state_display()),
            "新手机号": request.phone,
            "原因": request.reason,
            "答复": request.answer,
        }
        for request in requests.order_by("pk")
    ]
    return str(PhoneChangeRequest._meta.verbose_name_plural), rows


def _real_names(user_id: int) -> Section:
    """In clear, because it is their own; what was deleted or archived reads as nothing."""
    applications = KycApplication.objects.filter(user=user_id).select_related("user__personal_key")
    rows = [
        {
            "申请号": application.number,
            "类型": application.get_kind_display(),
            "状态": application.get_state_display(),
            "姓名": application.opened("name"),
            "身份证号": application.opened("id_number"),
            "证件有效期至": application.valid_until and application.valid_until.isoformat(),
            "监护人姓名": application.opened("guardian_name"),
            "监护人手机号": application.opened("guardian_phone"),
            "提交时间": clock.iso(application.submitted_at),
            "结束时间": application.decided_at and clock.iso(application.decided_at),
        }
        for application in applications.order_by("pk")
    ]
    return str(KycApplication._meta.verbose_name_plural), rows


def _profile(user_id: int) -> Section:
    user = User.objects.select_related("personal_key").get(pk=user_id)
    profile = {
        "用户号": str(user.uid),
        "昵称": user.nickname,
        "状态": str(user.get_status_display()),
        "手机号": user.phone,
        "绑定手机时间": user.phone_bound_at and clock.iso(user.phone_bound_at),
        "注册时间": clock.iso(user.created_at),
    }
    return "个人资料", [profile]
