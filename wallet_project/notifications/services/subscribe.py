"""The channel of subscribe messages: fitted into its template, and sent if it is let through."""

import logging

from django.db import transaction

from accounts.errors import WeChatNotLinked
from accounts.selectors.users import openid_of
from wallet_project.kit import clock
from wallet_project.notifications.gateways import subscribe
from wallet_project.notifications.models import Delivery, Message, SubscribeText
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.deliveries import Outcome, Result, SkipReason
from wallet_project.notifications.rules.subscribe import Unfit, fill_keywords, known_facts, variables_for
from wallet_project.notifications.services.quotas import Use, exhaust_quota, return_quota, take_quota

logger = logging.getLogger(__name__)


def send(delivery: Delivery) -> Outcome:
    """One try, outside of transactions. What is let through is set aside first, so that two never use one."""
    message = delivery.message
    text = SubscribeText.objects.select_related("template").filter(notice=message.notice_id).first()
    if text is None or not text.template.template_id:
        return _skipped(SkipReason.NO_TEMPLATE)
    try:
        openid = openid_of(message.user_id)
        values = _values(message, text)
    except WeChatNotLinked:
        return _skipped(SkipReason.NO_OPENID)
    except Unfit as error:
        logger.error("notifications.subscribe.unfit", extra={"number": message.number, "why": str(error)})
        return Outcome(result=Result.FAILED, why=str(error)[:64])
    now = clock.now()
    use = Use(
        user_id=message.user_id,
        template=text.template,
        reference=f"delivery:{delivery.pk}:{now.timestamp():.6f}",
    )
    with transaction.atomic(durable=True):
        is_let_through = take_quota(use, at=now)
    if not is_let_through:
        return _skipped(SkipReason.NO_QUOTA)
    outcome = subscribe.send(
        openid=openid,
        template_id=text.template.template_id,
        values=values,
        page=message.page,
        language=message.language,
    )
    with transaction.atomic(durable=True):
        if outcome.why == subscribe.NOT_LET_THROUGH:
            exhaust_quota(use, at=clock.now())
        elif outcome.result in (Result.RETRY, Result.FAILED):
            return_quota(use, at=clock.now())
    return outcome


def _values(message: Message, text: SubscribeText) -> dict[str, str]:
    variables = variables_for(CATALOGUE[message.notice.code].variables)
    facts = known_facts(message.facts, title=message.title, body=message.body, told_at=message.told_at)
    return fill_keywords(text.texts, variables, facts)


def _skipped(why: SkipReason) -> Outcome:
    return Outcome(result=Result.SKIPPED, why=why)
