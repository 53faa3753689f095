"""A customer hears at once that a move of theirs was stopped, and that it may be made again."""

from datetime import timedelta

from django.conf import settings

from accounts.rules.screening import REWARD, SCREENED, Outcome
from payments.models import RiskCase, RiskDecision
from wallet_project.kit.sms.sending import send_notice

_WORDS = {Outcome.DENY: "未获准进行", Outcome.DELAY: "已暂缓", Outcome.HOLD: "正在人工核实"}


def tell_of_stopped_move(*, number: str) -> None:
    """
    One text message to the bound phone about this decision, if there is a phone; a few a day, for whoever
    holds a stolen device shall not cost a message at each try.

    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    decision = RiskDecision.objects.select_related("user__personal_key").get(number=number)
    if decision.user is None or decision.user.phone is None or _is_flood(decision):
        return
    send_notice(
        to=decision.user.phone,
        template="move_stopped",
        at=decision.at,
        operation=str(SCREENED[decision.operation]),
        outcome=_WORDS[Outcome(decision.outcome)],
        number=number,
    )


def tell_of_released_move(*, number: str) -> None:
    """
    The move of this case may be made again. One in review goes on by itself, and says so by itself; so does
    what somebody is to be given.

    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    case = RiskCase.objects.select_related("user__personal_key", "decision").get(number=number)
    goes_on = case.reference or case.operation == REWARD
    if goes_on or case.decision is None or case.user.phone is None:
        return
    send_notice(
        to=case.user.phone,
        template="move_released",
        at=case.decision.at,
        operation=str(SCREENED[case.operation]),
        number=case.decision.number,
    )


def _is_flood(decision: RiskDecision) -> bool:
    earlier = RiskDecision.objects.filter(
        user=decision.user_id,
        outcome__in=_WORDS,
        is_final=True,
        at__gt=decision.at - timedelta(days=1),
        pk__lt=decision.pk,
    )
    return earlier.count() >= settings.STOPPED_MOVE_MESSAGES_A_DAY
