"""Turn what has to be proven: one person asks, another one agrees."""

from accounts.errors import PolicyTierTaken, PolicyTooWeak
from accounts.models import StepUpPolicy
from accounts.rules.step_up import is_sensible, read_factors
from wallet_project.approvals.services import propose
from wallet_project.kit.db import require_transaction


def propose_policy_change(
    *,
    policy: StepUpPolicy,
    factors: str,
    amount_up_to: int | None,
    day_up_to: int | None,
    reason: str,
    maker_id: int,
) -> None:
    """
    Ask a second person to turn a policy. Fen, None: no limit.

    :raises PolicyTooWeak: money would move without a PIN, or something else on a single proof
    :raises AlreadyProposed: a change of this policy is waiting
    """
    _require_sensible(kind=policy.kind, factors=factors)
    wanted = {"factors": factors, "amount_up_to": amount_up_to, "day_up_to": day_up_to}
    before = {name: getattr(policy, name) for name in wanted}
    propose(
        kind="accounts.step_up_policy",
        subject=f"step_up_policy:{policy.pk}",
        facts={"policy_id": policy.pk, "policy": str(policy), "before": before, **wanted},
        reason=reason,
        maker_id=maker_id,
    )


def change_policy(*, policy_id: int, factors: str, amount_up_to: int | None, day_up_to: int | None) -> None:
    """
    Part of the caller's transaction. Fen, None: no limit. Challenges under way keep what they asked.

    :raises PolicyTooWeak: money would move without a PIN, or something else on a single proof
    :raises PolicyTierTaken: another row has these limits
    """
    require_transaction()
    policy = StepUpPolicy.objects.select_for_update(no_key=True).get(pk=policy_id)
    _require_sensible(kind=policy.kind, factors=factors)
    others = StepUpPolicy.objects.filter(kind=policy.kind, risk=policy.risk).exclude(pk=policy_id)
    if others.filter(amount_up_to=amount_up_to, day_up_to=day_up_to).exists():
        raise PolicyTierTaken
    policy.factors, policy.amount_up_to, policy.day_up_to = factors, amount_up_to, day_up_to
    policy.save()


def _require_sensible(*, kind: str, factors: str) -> None:
    if not is_sensible(kind, read_factors(factors)):
        raise PolicyTooWeak
