"""What accounts keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.contrib.sessions.models import Session as StaffSession
from django.db.models import Q, QuerySet

from accounts.models import (
    ClosureRequest,
    ExportPart,
    KycApplication,
    LoginRecord,
    Session,
    UserStatus,
    VerificationCode,
)
from accounts.rules.kyc import KycState


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
