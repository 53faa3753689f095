"""Hold a move until somebody has looked at it; let it go, or confirm what was feared."""

import logging
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction

from accounts.errors import StepUpRefused
from accounts.models import User
from accounts.rules.screening import SCREENED
from accounts.rules.step_up import MONEY, OperationKind
from payments.errors import RiskCaseOver
from payments.events import RiskCaseClosed, RiskCaseOpened
from payments.models import RiskCase, RiskCaseNote, RiskDecision
from payments.rules.risk_cases import CLEARED_FOR, DUE, RISK_CASE_MOVES, RiskCaseKind, RiskCaseState
from wallet.errors import InsufficientBalance, WalletClosed, WalletFrozen
from wallet.rules.freezes import FreezeScope
from wallet.rules.spend_order import OWN_MONEY, SPEND_ORDERS, Spending
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import place_hold, void_hold
from wallet.services.wallets import open_wallet
from wallet.services.withdrawals import approve_withdrawal, reject_withdrawal
from wallet_project.approvals.errors import OwnProposal
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import require_transaction
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

logger = logging.getLogger(__name__)

REFUSED = "为保障资金安全，本次提现未能进行"  # what the customer reads


def hold_move(decision: RiskDecision, *, sets_aside: bool, at: datetime) -> RiskCase:
    """
    Keep a move waiting as a case; with `sets_aside` its amount is held in the wallet that it would leave. The
    same move again is the same case, until it has begun and waits in a review of its own.

    In the transaction of the decision, which has locked the customer's moves.
    """
    require_transaction()
    waiting = RiskCase.objects.filter(
        kind=RiskCaseKind.MOVE,
        state=RiskCaseState.OPEN,
        user=decision.user_id,
        operation=decision.operation,
        payee=decision.payee,
        amount=decision.amount,
        reference="",
    )
    if case := waiting.first():
        return case
    case = _open(
        kind=RiskCaseKind.MOVE,
        user_id=cast(int, decision.user_id),
        title=f"{SCREENED[decision.operation]}暂缓：{decision.get_cause_display()}",
        decision=decision,
        operation=decision.operation,
        payee=decision.payee,
        amount=decision.amount,
        at=at,
    )
    if sets_aside and decision.operation in MONEY:
        case.hold_id = _set_aside(decision, key=f"risk:{case.number}")
        case.save(update_fields=["hold"])
    return case


def open_pattern_case(
    *, user_id: int, rule: str, title: str, amount: Fen, evidence: dict[str, Any], at: datetime
) -> RiskCase:
    """What was found in somebody's moves afterwards. While such a case is open it is not opened again."""
    require_transaction()
    found = RiskCase.objects.filter(
        kind=RiskCaseKind.PATTERN, state=RiskCaseState.OPEN, user=user_id, rule=rule
    ).first()
    return found or _open(
        kind=RiskCaseKind.PATTERN,
        user_id=user_id,
        title=title,
        rule=rule,
        amount=amount,
        evidence=evidence,
        at=at,
    )


def lock_waiting(case: str) -> RiskCase:
    """
    The held move begins after all, and nobody ends its case meanwhile; before its money is touched.

    :raises StepUpRefused: the case is about another one that was faster, or somebody has ended it already
    """
    require_transaction()
    waiting = RiskCase.objects.filter(number=case, state=RiskCaseState.OPEN, reference="")
    found = waiting.select_for_update(no_key=True).first()
    if found is None:
        raise StepUpRefused
    return found


def begin_review(case: RiskCase, *, reference: str) -> None:
    """It waits under this number: a withdrawal in review."""
    case.reference = reference
    case.save(update_fields=["reference"])


def assign_case(*, number: str, assignee_id: int) -> None:
    """
    Somebody works on it now; whoever did before hands over.

    :raises RiskCaseOver: it has ended
    """
    with transaction.atomic(durable=True):
        case = _lock_open(number)
        case.assignee_id = assignee_id
        case.save(update_fields=["assignee_id"])
        _note(case, f"由 {User.objects.get(pk=assignee_id)} 处理")


def add_note(*, number: str, text: str) -> None:
    """What was found, on the timeline."""
    with transaction.atomic():
        _note(RiskCase.objects.get(number=number), text)


def let_go(*, number: str, staff_id: int, conclusion: str) -> None:
    """
    A false alarm: what was set aside is free, and the same move is not held again for a day. A withdrawal
    that waited in review goes on.

    :raises RiskCaseOver: it has ended
    :raises OwnProposal: it is about the person who decides
    :raises Paused: a withdrawal would go on, and withdrawals stand still
    """
    with transaction.atomic(durable=True):
        case = _lock_open(number)
        if case.reference:
            require_going(Flow.WITHDRAW)
        now = clock.now()
        case.cleared_until = now + CLEARED_FOR
        _close(case, RiskCaseState.FALSE_ALARM, staff_id=staff_id, conclusion=conclusion, at=now)


def confirm(*, number: str, staff_id: int, conclusion: str, freeze: FreezeScope | None) -> None:
    """
    It is what was feared: the move is not made, a withdrawal in review is refused. With `freeze` the wallet
    is stopped before the money that was set aside is in it again.

    :raises RiskCaseOver: it has ended
    :raises OwnProposal: it is about the person who decides
    :raises WalletClosed: there is nothing left to freeze
    """
    with transaction.atomic(durable=True):
        case = _lock_open(number)
        if freeze is not None:
            wallet = open_wallet(user_id=case.user_id)
            freeze_wallet(wallet_id=wallet.pk, reason=f"风控案件 {number}", scope=freeze)
        _close(case, RiskCaseState.CONFIRMED, staff_id=staff_id, conclusion=conclusion, at=clock.now())


def end_review(*, number: str) -> None:
    """The withdrawal that waited for a closed case goes on, or is refused. Does nothing the second time."""
    case = RiskCase.objects.get(number=number)
    if not case.reference or case.closed_by is None:
        return
    try:
        if case.state == RiskCaseState.FALSE_ALARM:
            approve_withdrawal(number=case.reference, reviewer_id=case.closed_by, note=f"风控案件 {number}")
        else:
            reject_withdrawal(number=case.reference, reviewer_id=case.closed_by, reason=REFUSED)
    except StateConflict:
        logger.info("payments.risk.review_over", extra={"case": number, "withdrawal": case.reference})


def _open(*, user_id: int, at: datetime, **fields: Any) -> RiskCase:
    case = RiskCase.objects.create(
        number=new_serial("G", at), user_id=user_id, opened_at=at, due_at=at + DUE, **fields
    )
    _note(case, "系统建立")
    record_audit(
        action="payments.risk_case.opened",
        subject=f"risk_case:{case.number}",
        facts={"kind": case.kind, "amount": case.amount},
    )
    publish(RiskCaseOpened(number=case.number, user_id=case.user_id, kind=str(case.kind), title=case.title))
    return case


def _set_aside(decision: RiskDecision, *, key: str) -> int | None:
    """None: there is not that much, or nothing leaves this wallet anyway."""
    pays_orders = decision.operation == OperationKind.ORDER_PAY
    order = SPEND_ORDERS[Spending(settings.SPENDING)] if pays_orders else OWN_MONEY
    wallet = open_wallet(user_id=cast(int, decision.user_id))
    try:
        with transaction.atomic():
            hold = place_hold(
                wallet_id=wallet.pk,
                amount=Fen(decision.amount),
                key=key,
                reference=decision.number,
                spend_order=order,
            )
    except (InsufficientBalance, WalletFrozen, WalletClosed):
        return None
    return hold.pk


def _lock_open(number: str) -> RiskCase:
    case = RiskCase.objects.select_for_update(no_key=True).get(number=number)
    if case.state != RiskCaseState.OPEN:
        raise RiskCaseOver(state=case.state)
    return case


def _close(case: RiskCase, state: RiskCaseState, *, staff_id: int, conclusion: str, at: datetime) -> None:
    if case.user_id in User.objects.get(pk=staff_id).own_user_ids:
        raise OwnProposal
    require_move(RISK_CASE_MOVES, case.state, state)
    if case.hold_id:
        void_hold(hold_id=case.hold_id)
    case.state, case.closed_at, case.closed_by, case.conclusion = state, at, staff_id, conclusion
    case.save(update_fields=["state", "closed_at", "closed_by", "conclusion", "cleared_until"])
    _note(case, f"{state.label}：{conclusion}")
    record_audit(
        action="payments.risk_case.closed",
        subject=f"risk_case:{case.number}",
        facts={"state": state, "remark": conclusion},
    )
    publish(RiskCaseClosed(number=case.number, user_id=case.user_id, kind=str(case.kind), state=str(state)))
    if case.reference:
        after_commit("payments.end_review", number=case.number)


def _note(case: RiskCase, text: str) -> None:
    RiskCaseNote.objects.create(case=case, at=clock.now(), by=context.current().actor, text=text[:500])
