"""Stop a person, let them go on."""

from collections.abc import Collection

from django.db import transaction

from accounts.events import UserFrozen, UserUnfrozen
from accounts.models import RevokeReason, User, UserStatus
from accounts.services.locks import lock_user
from accounts.services.sessions import revoke_sessions_of
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.states import require_move

MOVES: dict[UserStatus, Collection[UserStatus]] = {
    UserStatus.ACTIVE: {UserStatus.FROZEN},
    UserStatus.FROZEN: {UserStatus.ACTIVE},
}


@retry_conflicts
def freeze_user(*, user_id: int, reason: str) -> None:
    """
    The person may do nothing, at once, everywhere: every session ends and no new one begins.

    :raises StateConflict: frozen already, or closed
    """
    with transaction.atomic():
        _move(user_id=user_id, wanted=UserStatus.FROZEN, reason=reason)
        revoke_sessions_of(user_id=user_id, reason=RevokeReason.FROZEN)
        publish(UserFrozen(user_id=user_id))


def propose_unfreeze_user(*, user_id: int, reason: str, maker_id: int) -> int:
    """
    One member of staff may stop a person; letting them go on takes two. Returns the proposal's id.

    :raises StateConflict: not frozen
    :raises AlreadyProposed: somebody was faster
    :raises OwnProposal: it is about the maker
    """
    user = User.objects.get(pk=user_id)
    require_move(MOVES, user.status, UserStatus.ACTIVE)
    facts = {"user_id": user_id, "user": str(user.uid), "reason": reason}
    proposal = propose(
        kind="accounts.unfreeze", subject=f"user:{user_id}", facts=facts, reason=reason, maker_id=maker_id
    )
    return proposal.pk


@retry_conflicts
def unfreeze_user(*, user_id: int, reason: str) -> None:
    """
    The person may log in again.

    :raises StateConflict: not frozen
    """
    with transaction.atomic():
        _move(user_id=user_id, wanted=UserStatus.ACTIVE, reason=reason)
        publish(UserUnfrozen(user_id=user_id))


def _move(*, user_id: int, wanted: UserStatus, reason: str) -> None:
    user = lock_user(user_id)
    require_move(MOVES, user.status, wanted)
    user.status = wanted
    user.save(update_fields=["status"])
    action = "accounts.user.frozen" if wanted == UserStatus.FROZEN else "accounts.user.unfrozen"
    record_audit(action=action, subject=f"user:{user_id}", facts={"reason": reason})
