"""Ask the provider about an application, and act on what it says."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.gateways import identity
from accounts.models import KycApplication
from accounts.rules.kyc import (
    ASKING,
    FACE_LASTS,
    GIVE_UP_AFTER,
    KYC_MOVES,
    Answer,
    DecisionReason,
    KycKind,
    KycState,
    next_ask,
    next_state,
)
from accounts.selectors.kyc import kyc_to_ask
from accounts.services.kyc_decisions import approve, end, lock_application
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.states import require_move

logger = logging.getLogger(__name__)


def ask_provider(*, number: str) -> KycApplication:
    """Ask about one application and act on the answer. Asked twice, the first answer counts."""
    application = KycApplication.objects.select_related("user__personal_key").get(number=number)
    if application.state not in ASKING:
        return application
    return _record(number=number, answer=_ask(application), now=clock.now())


def due_to_ask(*, at: datetime, limit: int) -> list[str]:
    """Numbers to ask about now; each is put off by its back-off first, so a lost task is only a late one."""
    with transaction.atomic(durable=True):
        due = list(kyc_to_ask(at).select_for_update(skip_locked=True, no_key=True)[:limit])
        for application in due:
            application.next_ask_at = next_ask(at=at, asked=application.asked)
        KycApplication.objects.bulk_update(due, ["next_ask_at"])
    return [application.number for application in due]


def _ask(application: KycApplication) -> Answer:
    if application.kind == KycKind.FACE:
        token = application.opened("face_token")
        return identity.face_result(token) if token else Answer.NOT_YET
    name, id_number = application.opened("name"), application.opened("id_number")
    phone = application.user.phone
    if not (name and id_number and phone):
        return Answer.UNKNOWN
    if application.for_minor:
        return identity.verify_minor(name=name, id_number=id_number)
    return identity.verify_name(name=name, id_number=id_number, phone=phone)


@retry_conflicts
def _record(*, number: str, answer: Answer, now: datetime) -> KycApplication:
    with transaction.atomic(durable=True):
        application = lock_application(number)
        if application.state not in ASKING:
            return application  # withdrawn, or answered by somebody who asked at the same time
        application.answer = answer
        application.asked += 1
        state = next_state(answer, minor=application.for_minor)
        if state == KycState.APPROVED:
            approve(application, reason=DecisionReason.MATCHED, at=now)
        elif state == KycState.REJECTED:
            end(application, state, reason=DecisionReason.NOT_MATCHED, at=now)
        elif state == KycState.REVIEW or not _is_overdue(application, now=now):
            require_move(KYC_MOVES, application.state, state)
            application.state = state
            application.save()
        else:
            name_asked = application.kind == KycKind.NAME
            reason = DecisionReason.NO_ANSWER if name_asked else DecisionReason.NOT_FINISHED
            end(application, KycState.EXPIRED, reason=reason, at=now)
    logger.info("accounts.kyc.asked", extra={"number": number, "answer": str(answer)})
    return application


def _is_overdue(application: KycApplication, *, now: datetime) -> bool:
    patience = GIVE_UP_AFTER if application.kind == KycKind.NAME else FACE_LASTS
    return now - application.submitted_at >= patience
