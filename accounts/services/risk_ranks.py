"""Ask WeChat what it thinks of somebody who has just registered."""

import logging

from accounts.errors import WeChatNotLinked
from accounts.gateways import wechat
from accounts.models import SecurityFacts
from accounts.selectors.users import openid_of
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def ask_risk_rank(*, user_id: int, ip: str) -> None:
    """
    Keep WeChat's rank, 0 (nothing known against them) to 4 (worst), as a fact. Asked once.

    Whatever goes wrong leaves it unknown: WeChat answers for people who were active within two hours, so a
    later try would be worth nothing.
    """
    try:
        rank = wechat.risk_rank(openid_of(user_id), client_ip=ip)
    except (wechat.WeChatSilent, WeChatNotLinked) as error:
        logger.warning("accounts.risk_rank.unknown", extra={"user_id": user_id, "reason": str(error)})
        rank = None
    SecurityFacts.objects.update_or_create(
        user_id=user_id, defaults={"risk_rank": rank, "risk_asked_at": clock.now()}
    )
