"""Rules, policies and goods: written by one, put in force by two, ended by one."""

from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction

from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.approvals.errors import AnotherInForce, TermsChanged
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.states import require_move

MOVES: dict[str, set[str]] = {
    AgreedState.DRAFT: {AgreedState.LIVE, AgreedState.RETIRED},
    AgreedState.LIVE: {AgreedState.RETIRED},
}


def propose_going_live(*, row: Agreed, foreseen: dict[str, str], reason: str, maker_id: int) -> None:
    """
    Ask a second person to put a draft in force; `foreseen` is what the checker reads beside its terms.

    :raises StateConflict: it is not a draft
    :raises AlreadyProposed: somebody has asked already
    """
    require_move(MOVES, row.state, AgreedState.LIVE)
    propose(
        kind=row._meta.label_lower,
        subject=_subject(row),
        facts={"row_id": row.pk, "terms": row.terms, "foreseen": foreseen, "reason": reason},
        reason=reason,
        maker_id=maker_id,
    )


def go_live(*, label: str, row_id: int, terms: dict[str, Any], reason: str) -> Agreed:
    """
    What was approved is in force, in the transaction that approves it; what it replaces is not any more.

    :raises StateConflict: it is not a draft any more
    :raises TermsChanged: it is not what was proposed any more
    :raises AnotherInForce: there may be one of its kind, and there is
    """
    require_transaction()
    model: Any = apps.get_model(label)
    row: Agreed = model.objects.select_for_update(no_key=True).get(pk=row_id)
    require_move(MOVES, row.state, AgreedState.LIVE)
    if row.terms != terms:
        raise TermsChanged
    if model.is_the_only_one:
        same = {name: getattr(row, name) for name in model.one_per}
        live = model.objects.select_for_update(no_key=True).filter(state=AgreedState.LIVE, **same)
        for before in live:
            _move(before, AgreedState.RETIRED, reason=reason)
    row.live_at = clock.now()
    try:
        with transaction.atomic():
            _move(row, AgreedState.LIVE, reason=reason)
    except IntegrityError:
        raise AnotherInForce from None
    return row


def retire(*, row: Agreed, reason: str) -> None:
    """
    Nothing more is given by it; what it has given stays.

    :raises StateConflict: it has ended before
    """
    with transaction.atomic():
        model: Any = type(row)
        _move(model.objects.select_for_update(no_key=True).get(pk=row.pk), AgreedState.RETIRED, reason=reason)


def _move(row: Agreed, state: AgreedState, *, reason: str) -> None:
    require_move(MOVES, row.state, state)
    row.state = state
    row.save(update_fields=["state", "live_at"])
    record_audit(
        action="approvals.agreed.state",
        subject=_subject(row),
        facts={"state": state, "terms": row.terms, "reason": reason},
    )


def _subject(row: Agreed) -> str:
    return f"{row._meta.label_lower}:{row.pk}"
