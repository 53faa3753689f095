"""The review desk: a person decides where the provider could not, or where a guardian has to agree."""

from datetime import datetime

from django.db import transaction

from accounts.errors import KycGuardianUnheard, KycOwnApplication
from accounts.models import KycApplication, User
from accounts.rules.kyc import KYC_MOVES, DecisionReason, KycState
from accounts.services.kyc_decisions import approve, end, lock_application
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.states import require_move


@retry_conflicts
def approve_application(
    *, number: str, reviewer_id: int, reason: DecisionReason, note: str
) -> KycApplication:
    """
    The reviewer has seen the documents, or heard the guardian. REJECTED comes back where the level cannot be
    given: the ID number has another wallet.

    :raises KycOwnApplication: nobody reviews themselves
    :raises KycGuardianUnheard: for a minor the ground is that a guardian consented, for others it is not
    :raises StateConflict: it does not wait for a review
    """
    with transaction.atomic(durable=True):
        application, now = _under_review(number, reviewer_id=reviewer_id, note=note)
        if application.for_minor != (reason == DecisionReason.GUARDIAN_CONSENTED):
            raise KycGuardianUnheard
        approve(application, reason=reason, at=now)
    return application


@retry_conflicts
def reject_application(*, number: str, reviewer_id: int, reason: DecisionReason, note: str) -> KycApplication:
    """
    :raises KycOwnApplication: nobody reviews themselves
    :raises StateConflict: it does not wait for a review
    """
    with transaction.atomic(durable=True):
        application, now = _under_review(number, reviewer_id=reviewer_id, note=note)
        end(application, KycState.REJECTED, reason=reason, at=now)
    return application


def _under_review(number: str, *, reviewer_id: int, note: str) -> tuple[KycApplication, datetime]:
    application = lock_application(number)
    if application.user_id in User.objects.get(pk=reviewer_id).own_user_ids:
        raise KycOwnApplication
    if application.state != KycState.REVIEW:
        require_move({KycState.REVIEW: KYC_MOVES[KycState.REVIEW]}, application.state, KycState.APPROVED)
    application.reviewer_id, application.note = reviewer_id, note
    return application, clock.now()
