"""How far a customer has come."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import OnboardingFinish, OnboardingProgress, OnboardingStep


@dataclass(frozen=True, kw_only=True)
class StepStanding:
    step: OnboardingStep
    done_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Onboarding:
    """The steps in their order. `finished_at` stays even if a step is added later."""

    steps: list[StepStanding]
    finished_at: datetime | None

    @property
    def done(self) -> int:
        return sum(standing.done_at is not None for standing in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)


def onboarding_of(user_id: int) -> Onboarding:
    """In three queries."""
    done = dict(OnboardingProgress.objects.filter(user=user_id).values_list("step_id", "done_at"))
    finish = OnboardingFinish.objects.filter(user=user_id).values_list("finished_at", flat=True).first()
    return Onboarding(
        steps=[
            StepStanding(step=step, done_at=done.get(step.pk))
            for step in OnboardingStep.objects.filter(is_active=True)
        ],
        finished_at=finish,
    )
