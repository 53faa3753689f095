"""Look for patterns after the event; what is found becomes a case, and stops a wallet where it must."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from payments.models import RiskCase
from payments.rules.risk_cases import RiskCaseKind, RiskCaseState
from payments.rules.risk_patterns import FROZEN_FOR, LEFT_ALONE_FOR, Found
from payments.selectors.risk_patterns import patterns_found
from payments.services.risk_cases import open_pattern_case
from wallet.errors import WalletClosed
from wallet.rules.freezes import FreezeCause
from wallet.services.freezes import freeze_wallet
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def look_for_patterns() -> int:
    """
    Returns how many new cases there are. A pattern of somebody that became a case in the last week is left
    alone, and so is one whose case is still open.
    """
    now = clock.now()
    return sum(_act_on(found, at=now) for found in patterns_found(at=now))


def _act_on(found: Found, *, at: datetime) -> bool:
    user = User.objects.get(uid=found.uid)
    cases = RiskCase.objects.filter(user=user, kind=RiskCaseKind.PATTERN, rule=found.pattern.code)
    if cases.filter(Q(state=RiskCaseState.OPEN) | Q(opened_at__gt=at - LEFT_ALONE_FOR)).exists():
        return False
    with transaction.atomic():
        case = open_pattern_case(
            user_id=user.pk,
            rule=found.pattern.code,
            title=found.pattern.title,
            amount=found.amount,
            evidence=found.evidence,
            at=at,
        )
        if found.pattern.freezes is not None:
            _freeze(user, found, case)
    return True


def _freeze(user: User, found: Found, case: RiskCase) -> None:
    wallet = open_wallet(user_id=user.pk)
    assert found.pattern.freezes is not None  # noqa: S101 - asked by the caller
    try:
        with transaction.atomic():
            freeze_wallet(
                wallet_id=wallet.pk,
                reason=f"风控案件 {case.number}：{found.pattern.title}",
                scope=found.pattern.freezes,
                cause=FreezeCause.RISK,
                until=clock.now() + FROZEN_FOR,
            )
    except WalletClosed:
        logger.info("payments.risk.wallet_closed", extra={"case": case.number})
