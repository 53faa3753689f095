"""What accounts keeps for a while: which of its rows have had their time."""

from datetime import datetime

from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session as StaffSession
from django.db.models import Q, QuerySet

from accounts.models import (
    ClosureRequest,
    DailySpending,
    ExportPart,
    KycApplication,
    LoginRecord,
    Session,
    StepUpChallenge,
    UserStatus,
    VerificationCode,
    WrongPin,
)
from accounts.rules.kyc import KycState
from wallet_project.kit import clock


def outdated_sessions(*, before: datetime) -> QuerySet[Session]:
    """Sessions that ended so long ago that nobody may ask about them."""
    return Session.objects.filter(Q(revoked_at__lt=before) | Q(refresh_expires_at__lt=before))


def outdated_login_records(*, before: datetime) -> QuerySet[LoginRecord]:
    """Logins so long ago that their owner is no longer shown them."""
    return LoginRecord.objects.filter(at__lt=before)


def outdated_codes(*, before: datetime) -> QuerySet[VerificationCode]:
    """Codes that nobody can use any more; `before` is a day ago at least, for that long they are counted."""
    return VerificationCode.objects.filter(sent_at__lt=before)


def outdated_closures(*, before: datetime) -> QuerySet[ClosureRequest]:
    """Closures that ended before then, whichever way."""
    return ClosureRequest.objects.filter(ended_at__lt=before)


def outdated_challenges(*, before: datetime) -> QuerySet[StepUpChallenge]:
    """Proofs of operations that are long over; what was done with them is told by the operation itself."""
    return StepUpChallenge.objects.filter(created_at__lt=before)


def outdated_wrong_pins(*, before: datetime) -> QuerySet[WrongPin]:
    """Wrong tries that no lock counts any more."""
    return WrongPin.objects.filter(tried_at__lt=before)


def outdated_spending(*, before: datetime) -> QuerySet[DailySpending]:
    """Days whose limits are history."""
    return DailySpending.objects.filter(day__lt=clock.business_day(before))


def outdated_staff_attempts(*, before: datetime) -> QuerySet[AccessAttempt]:
    """Failed logins at the admin that lock nobody out any more; the audit trail tells of them."""
    return AccessAttempt.objects.filter(attempt_time__lt=before)


def outdated_admin_log(*, before: datetime) -> QuerySet[LogEntry]:
    """What Django notes of changes at the admin's pages."""
    return LogEntry.objects.filter(action_time__lt=before)


def outdated_staff_sessions(*, before: datetime) -> QuerySet[StaffSession]:
    """Sittings at the admin that are over; that they took place is in the audit trail."""
    return StaffSession.objects.filter(expire_date__lt=before)


def outdated_kyc_applications(*, before: datetime) -> QuerySet[KycApplication]:
    """Applications that came to nothing before then; no name is in them any more."""
    fruitless = (KycState.REJECTED, KycState.EXPIRED, KycState.WITHDRAWN)
    return KycApplication.objects.filter(state__in=fruitless, decided_at__lt=before)


def outdated_real_names(*, before: datetime) -> QuerySet[KycApplication]:
    """What is archived of people who closed their account before then."""
    return KycApplication.objects.filter(
        archive_sealed__isnull=False, user__status=UserStatus.CLOSED, user__real_name__since__lt=before
    )


def outdated_export_parts(*, before: datetime) -> QuerySet[ExportPart]:
    """The content of exports that were ready before then; that there was one stays known."""
    return ExportPart.objects.filter(export__ready_at__lt=before)
