"""
What stops itself: own money that runs away, all money when our clock and the database's part.

Forged callbacks only raise an alarm: whoever can send them must not be able to stop the business.
"""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from payments.events import SignaturesFailing
from payments.models import RejectedCallback
from payments.rules.trips import is_out_of_line
from payments.selectors.payouts import gone_otherwise
from wallet.selectors.withdrawals import sent_between
from wallet_project.kit import clock
from wallet_project.kit.cache import cache
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen, yuan
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import trip

logger = logging.getLogger(__name__)

CLOCK_SKEW_SECONDS = 60
DAYS_OF_HISTORY = 14
_HOUR = timedelta(hours=1)
_SEEN = "payments.rejections_seen"


def watch(*, at: datetime) -> None:
    """Once a minute."""
    _watch_withdrawals(at)
    _watch_clocks()
    _watch_signatures(at)


def _watch_withdrawals(at: datetime) -> None:
    day = _gone_between(clock.start_of_day(at), at)
    if day > settings.WITHDRAWALS_DAY_TRIP:
        trip(flow=Flow.WITHDRAW, reason=f"今日已转出 {yuan(day)} 元，超过日上限")
        return
    hour = _gone_between(at - _HOUR, at)
    if hour <= settings.WITHDRAWALS_HOUR_TRIP_FROM:
        return  # as nearly always: the other days are not even asked
    days = [at - timedelta(days=number) for number in range(1, DAYS_OF_HISTORY + 1)]
    before = [_gone_between(then - _HOUR, then) for then in days]
    if is_out_of_line(hour=hour, before=before):
        trip(flow=Flow.WITHDRAW, reason=f"近一小时转出 {yuan(hour)} 元，远高于往日同一时段")


def _gone_between(start: datetime, end: datetime) -> Fen:
    """Whichever way it goes: a stop of withdrawals stops all of them."""
    return Fen(sent_between(start, end) + gone_otherwise(start, end))


def _watch_clocks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = abs(float(cursor.fetchone()[0]) - time.time())
    if apart > CLOCK_SKEW_SECONDS:
        trip(flow=Flow.MONEY, reason=f"服务器与数据库的时钟相差 {apart:.0f} 秒")


def _watch_signatures(at: datetime) -> None:
    """WeChat's own probes are among them: a few a day, far from this many in a minute."""
    today = RejectedCallback.objects.filter(day=clock.business_day(at))
    count = today.aggregate(total=Sum("count"))["total"] or 0
    seen = cache.get(_SEEN)
    cache.set(_SEEN, count, timeout=150)
    if seen is not None and count - seen > settings.REJECTED_CALLBACKS_A_MINUTE:
        logger.critical("payments.signatures_failing", extra={"count": count - seen})
        with transaction.atomic():
            publish(SignaturesFailing(count=count - seen))
