"""What was not let through, for whoever objects."""

from accounts.rules.screening import REWARD
from payments.models import RiskCase, RiskDecision
from payments.rules.risk_cases import RiskCaseState
from wallet_project.kit.errors import NotFound


def stopped_move_of(user_id: int, number: str) -> RiskDecision:
    """
    The decision that somebody was told as their number to object by.

    :raises NotFound: no such decision about them
    """
    found = RiskDecision.objects.filter(user=user_id, number=number).first()
    if found is None:
        raise NotFound
    return found


def open_case_of(decision_id: int) -> str:
    """The number under which somebody looks at it; empty where nobody does."""
    case = RiskCase.objects.filter(decision=decision_id, state=RiskCaseState.OPEN).first()
    return case.number if case else ""


def decision_of_case(number: str) -> str:
    """What its customer knows it by; empty where it is about no single move."""
    case = RiskCase.objects.select_related("decision").get(number=number)
    return case.decision.number if case.decision else ""


def released_move(case: str) -> RiskDecision | None:
    """
    What may be made again now that this case was a false alarm. None: it is about no single move, or about
    one that goes on by itself, as a review and what somebody is to be given do.
    """
    found = RiskCase.objects.select_related("decision").get(number=case)
    return None if found.reference or found.operation == REWARD else found.decision
