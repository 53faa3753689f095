"""How an application ends, whoever decides: the provider, a reviewer, its owner, or a lost ground."""

from datetime import datetime

from accounts.events import KycRejected
from accounts.models import KycApplication
from accounts.rules.kyc import (
    KYC_MOVES,
    LIVE,
    ChangeReason,
    DecisionReason,
    KycKind,
    KycState,
)
from accounts.services.kyc_levels import grant_face, grant_name, lower_level
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.states import require_move


def lock_application(number: str) -> KycApplication:
    """As it is now, locked, with its user and their key."""
    require_transaction()
    rows = KycApplication.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("user__personal_key").get(number=number)


def approve(application: KycApplication, *, reason: DecisionReason, at: datetime) -> None:
    """Give a locked application's level to its user, or end it where it cannot be given."""
    require_transaction()
    grant = grant_name if application.kind == KycKind.NAME else grant_face
    obstacle = grant(application, at=at)
    if obstacle is None:
        end(application, KycState.APPROVED, reason=reason, at=at)
    else:
        end(application, KycState.REJECTED, reason=obstacle, at=at)


def end(application: KycApplication, state: KycState, *, reason: DecisionReason, at: datetime) -> None:
    """
    The last move of a locked application. Of one that came to nothing no name and no number is kept.

    :raises StateConflict: it has ended already
    """
    require_transaction()
    require_move(KYC_MOVES, application.state, state)
    application.state, application.reason = state, reason
    application.decided_at, application.next_ask_at = at, None
    application.face_token_sealed = None
    if state != KycState.APPROVED:
        application.name_sealed = application.id_number_sealed = None
        application.guardian_name_sealed = application.guardian_phone_sealed = None
    application.save()
    record_audit(
        action=f"accounts.kyc.{state.lower()}",
        subject=f"user:{application.user_id}",
        facts={"number": application.number, "kind": application.kind, "reason": reason},
    )
    if state == KycState.REJECTED:
        publish(KycRejected(user_id=application.user_id, number=application.number, reason=str(reason)))


def end_live_application(*, user_id: int, reason: DecisionReason) -> None:
    """Whatever is under way is withdrawn, because its ground is gone. Must be called in a transaction."""
    require_transaction()
    live = KycApplication.objects.select_for_update(no_key=True).filter(user_id=user_id, state__in=LIVE)
    for application in live:
        end(application, KycState.WITHDRAWN, reason=reason, at=clock.now())


def forgo_real_name(*, user_id: int) -> None:
    """
    The consent is gone, and with it what rested on it: the application under way, and the level.

    Must be called in a transaction.
    """
    require_transaction()
    end_live_application(user_id=user_id, reason=DecisionReason.CONSENT_WITHDRAWN)
    lower_level(user_id=user_id, reason=ChangeReason.CONSENT_WITHDRAWN)
