"""Ask WeChat what it thinks of somebody who comes in."""

import logging
from datetime import datetime, timedelta
from typing import Any

from accounts.errors import WeChatNotLinked
from accounts.gateways import wechat
from accounts.models import SecurityFacts
from accounts.selectors.users import openid_of
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)


def keep_risk_rank_fresh(*, user_id: int, ip: str, at: datetime) -> None:
    """
    Somebody comes in by WeChat: it is asked about them afterwards, unless it was within the last day. In the
    transaction that lets them in.
    """
    require_transaction()
    if not SecurityFacts.objects.filter(user=user_id, risk_asked_at__gt=at - KEPT_FOR).exists():
        after_commit("accounts.ask_risk_rank", user_id=user_id, ip=ip)


def ask_risk_rank(*, user_id: int, ip: str) -> None:
    """
    Keep WeChat's rank, 0 (nothing known against them) to 4 (worst), as a fact.

    Where it does not say, what it said last stays, or nothing is known. It is asked again when they come in
    another day: it answers for people who were active within two hours.
    """
    facts, _new = SecurityFacts.objects.get_or_create(user_id=user_id)
    scene = wechat.Scene.REGISTERS if facts.risk_asked_at is None else wechat.Scene.IS_KNOWN
    told: dict[str, Any] = {"risk_asked_at": clock.now()}
    try:
        told["risk_rank"] = wechat.risk_rank(openid_of(user_id), client_ip=ip, scene=scene)
    except (wechat.WeChatSilent, WeChatNotLinked) as error:
        logger.warning("accounts.risk_rank.unknown", extra={"user_id": user_id, "reason": str(error)})
    SecurityFacts.objects.filter(pk=facts.pk).update(**told)
