"""A customer takes one of the first steps."""

from accounts.events import OnboardingFinished, OnboardingStepDone
from accounts.models import OnboardingFinish, OnboardingProgress, OnboardingStep
from accounts.services.locks import lock_user
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish


def complete_step(*, user_id: int, key: str) -> None:
    """
    Note that a customer has done a step, and whether it was the last. Does nothing the second time, nor for a
    step that is not among the rows.

    Must be called inside a transaction; listeners of any app do so when they hear what completes it.
    """
    require_transaction()
    step = OnboardingStep.objects.filter(key=key).first()
    if step is None:
        return
    # Two last steps at once must not each believe that the other one is missing.
    lock_user(user_id)
    now = clock.now()
    _progress, is_new = OnboardingProgress.objects.get_or_create(
        user_id=user_id, step=step, defaults={"done_at": now}
    )
    if not is_new:
        return
    publish(OnboardingStepDone(user_id=user_id, key=key))
    missing = OnboardingStep.objects.filter(is_active=True).exclude(done__user=user_id)
    if missing.exists():
        return
    _finish, has_just_finished = OnboardingFinish.objects.get_or_create(
        user_id=user_id, defaults={"finished_at": now}
    )
    if has_just_finished:
        publish(OnboardingFinished(user_id=user_id))
