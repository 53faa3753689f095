"""Let a customer pay small amounts without a PIN, as far as they wish."""

from django.conf import settings
from django.db import transaction

from accounts.errors import SmallPaymentsOutOfRange
from accounts.models import SmallPayments
from accounts.rules.step_up import Operation, OperationKind
from accounts.services.step_up import authorise, spend_authorisation
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.money import Fen


def allow_small_payments(
    *, user_id: int, device_id: str, per_payment: Fen, per_day: Fen, grant: str
) -> SmallPayments:
    """
    From now on payments up to `per_payment` need no PIN, until the day's sum of them reaches `per_day`.

    :raises SmallPaymentsOutOfRange: with what may be chosen
    :raises StepUpRequired: the PIN must be proven first; see `authorise` for its kin
    """
    most, most_a_day = settings.SMALL_PAYMENT_MAX, settings.SMALL_PAYMENTS_DAY_MAX
    if not per_payment <= min(most, per_day) or per_day > most_a_day:
        raise SmallPaymentsOutOfRange(per_payment_up_to=most, per_day_up_to=most_a_day)
    operation = Operation(
        kind=OperationKind.SMALL_PAYMENTS, amount=per_payment, facts={"per_day": str(per_day)}
    )
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    wish = {"is_on": True, "per_payment": per_payment, "per_day": per_day, "changed_at": clock.now()}
    with transaction.atomic(durable=True):
        spend_authorisation(leave)
        chosen, _made = SmallPayments.objects.update_or_create(user_id=user_id, defaults=wish)
        record_audit(
            action="accounts.small_payments.allowed",
            subject=f"user:{user_id}",
            facts={"per_payment": per_payment, "per_day": per_day},
        )
    return chosen


def stop_small_payments(*, user_id: int) -> None:
    """Every payment needs a PIN again. Being careful needs no proof; harmless twice."""
    with transaction.atomic(durable=True):
        allowed = SmallPayments.objects.filter(user_id=user_id, is_on=True)
        if allowed.update(is_on=False, changed_at=clock.now()):
            record_audit(action="accounts.small_payments.stopped", subject=f"user:{user_id}", facts={})
