"""Ask whether a move may be made, and act on the answer."""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.errors import MoveDelayed, MoveDenied, MoveHeld
from accounts.rules.screening import Move, Outcome, Verdict
from accounts.selectors.step_up import standing_of
from wallet_project.kit import clock, context
from wallet_project.kit.db import forbid_transaction
from wallet_project.kit.money import ZERO, Fen

logger = logging.getLogger(__name__)

UNKNOWN = Verdict(outcome=Outcome.STEP_UP)


def screen(move: Move) -> Verdict:
    """
    What is thought of a move. Call it before the transaction: the answer stays when the move is rolled back.

    :raises MoveDenied: it is not done
    :raises MoveDelayed: not before the time in the detail
    :raises MoveHeld: somebody looks at it first
    """
    verdict = _ask(move)
    facts = {"cause": str(verdict.cause.label), "appeal": verdict.number}
    match verdict.outcome:
        case Outcome.DENY:
            raise MoveDenied(**facts)
        case Outcome.DELAY:
            raise MoveDelayed(**facts, until=verdict.until and clock.iso(verdict.until))
        case Outcome.HOLD if move.is_final and not move.can_wait:
            raise MoveHeld(**facts)
    return verdict


def screen_visit(*, operation: str, user_id: int | None, device_id: str = "", amount: Fen = ZERO) -> Verdict:
    """
    The same for what needs no step-up, from where this request comes; it is done next.

    :raises MoveDenied, MoveDelayed, MoveHeld: see `screen`
    """
    here = context.current()
    device_id = device_id or here.device_id
    return screen(
        Move(
            operation=operation,
            user_id=user_id,
            is_final=True,
            amount=amount,
            device_id=device_id,
            ip=here.ip,
            standing=standing_of(user_id=user_id, device_id=device_id, at=clock.now()),
        )
    )


def _ask(move: Move) -> Verdict:
    forbid_transaction()
    try:
        verdict: Verdict = import_string(settings.MOVE_SCREENER)(move)
        return verdict
    except Exception:
        # Not knowing is no reason to trust: more proof is asked for, and somebody must mend it.
        logger.exception("accounts.screening.failed", extra={"operation": move.operation})
        return UNKNOWN
