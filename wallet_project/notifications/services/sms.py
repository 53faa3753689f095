"""The channel of text messages: approved words only, to the bound phone, a few a day."""

from datetime import datetime, timedelta

from django.conf import settings

from wallet_project.kit import clock
from wallet_project.kit.sms.messages import TEXTS
from wallet_project.notifications.gateways import sms
from wallet_project.notifications.models import Delivery
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.deliveries import TOLD, Outcome, Result, SkipReason
from wallet_project.notifications.rules.notices import EXEMPT, ChannelKind
from wallet_project.notifications.rules.variables import in_words, variables_in
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

_A_DAY = timedelta(days=1)


def send(delivery: Delivery) -> Outcome:
    """One try, outside of transactions; while text messages are paused the next channel is asked."""
    message, row = delivery.message, CATALOGUE[delivery.message.notice.code]
    if not row.sms:
        return _skipped(SkipReason.NO_TEMPLATE)
    phone = message.user.phone
    if phone is None:
        return _skipped(SkipReason.NO_PHONE)
    if _is_enough(delivery, at=clock.now()):
        return _skipped(SkipReason.CAPPED)
    if is_paused(Flow.SMS):
        return _skipped(SkipReason.PAUSED)
    words = in_words(row.variables, message.facts)
    # Vendors number the parameters as they stand in the text.
    params = {name: words[name] for name in variables_in(TEXTS[row.sms])}
    return sms.send(phone=phone, template=row.sms, params=params)


def _is_enough(delivery: Delivery, *, at: datetime) -> bool:
    """
    Whoever holds a stolen device, or makes up a new one at every login, shall not cost a message each time:
    so many of one notice, whatever it is about. What must be told is not kept back by other notices.
    """
    message, most = delivery.message, settings.NOTICE_SMS_A_DAY
    told = Delivery.objects.filter(
        message__user=message.user_id, channel=ChannelKind.SMS, state__in=TOLD, sent_at__gt=at - _A_DAY
    ).exclude(pk=delivery.pk)
    if told.filter(message__notice=message.notice_id).count() >= most["notice"]:
        return True
    return message.category not in EXEMPT and told.count() >= most["person"]


def _skipped(why: SkipReason) -> Outcome:
    return Outcome(result=Result.SKIPPED, why=why)
