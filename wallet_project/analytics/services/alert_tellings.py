"""Carry alerts to staff: each by itself while the hour's messages last, then all others in one."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from wallet_project.analytics.gateways.phones import text_those_on_call
from wallet_project.analytics.gateways.webhook import post_to_group
from wallet_project.analytics.models import Alert, AlertTelling
from wallet_project.analytics.rules.alerts import AN_HOUR, SUMMED_UP, AlertChannel, Severity, next_try
from wallet_project.kit import clock

logger = logging.getLogger(__name__)

_WAITING = AlertTelling.State.WAITING
_HOUR = timedelta(hours=1)
_MOST_AT_ONCE = 50


def tell_of_alerts() -> None:
    """
    Send what is due. A try is counted before it begins, so a crash in the middle costs one; a message that
    may have left may come twice. Where one was not taken nothing more is sent over its channel until the next
    look: the next one would wait for the same silence, and so would the other channel.
    """
    for channel, send in _SENDERS.items():
        for _each in range(_MOST_AT_ONCE):
            if not (begun := _begin(channel, at=clock.now())):
                break
            refused = send(begun)
            _end(begun, refused=refused, at=clock.now())
            if refused:
                break


@transaction.atomic(durable=True)
def _begin(channel: AlertChannel, *, at: datetime) -> Sequence[AlertTelling]:
    """One to be tried now, or all that were held back and whose time has come; nothing is left: empty."""
    _hold_back(channel, at=at)
    first = _due(channel, at=at).order_by("is_held", "-severity", "due_at").first()
    if first is None:
        return []
    begun = list(_due(channel, at=at).filter(is_held=True).order_by("pk")) if first.is_held else [first]
    for telling in begun:
        telling.tries += 1
        telling.due_at = at + (next_try(telling.tries) or _HOUR)
    AlertTelling.objects.bulk_update(begun, ["tries", "due_at"])
    return begun


def _hold_back(channel: AlertChannel, *, at: datetime) -> None:
    """What is beyond the hour's messages waits until the next one begins."""
    this_hour = at.replace(minute=0, second=0, microsecond=0)
    sent = AlertTelling.objects.filter(channel=channel, is_held=False, sent_at__gte=this_hour)
    for severity in Severity:
        if sent.filter(severity=severity).count() >= AN_HOUR[channel]:
            beyond = AlertTelling.objects.filter(
                channel=channel, severity=severity, state=_WAITING, is_held=False
            )
            beyond.update(is_held=True, due_at=this_hour + _HOUR)


@transaction.atomic(durable=True)
def _end(begun: Sequence[AlertTelling], *, refused: str, at: datetime) -> None:
    for telling in begun:
        telling.last_error = refused[:200]
        if not refused:
            telling.state, telling.sent_at = AlertTelling.State.SENT, at
        elif next_try(telling.tries) is None:
            telling.state = AlertTelling.State.DEAD
            logger.error("analytics.alert.untold", extra={"alert": telling.alert_id, "reason": refused})
    AlertTelling.objects.bulk_update(begun, ["last_error", "state", "sent_at"])


def _due(channel: AlertChannel, *, at: datetime) -> QuerySet[AlertTelling]:
    due = AlertTelling.objects.filter(channel=channel, state=_WAITING, due_at__lte=at)
    return due.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("alert")


def _to_group(begun: Sequence[AlertTelling]) -> str:
    return post_to_group(_in_full(begun[0].alert) if not begun[0].is_held else _summed_up(begun))


def _to_phones(begun: Sequence[AlertTelling]) -> str:
    title = begun[0].alert.title if not begun[0].is_held else _counted(begun)
    return text_those_on_call(title, at=begun[0].alert.created_at)


_SENDERS: dict[AlertChannel, Callable[[Sequence[AlertTelling]], str]] = {
    AlertChannel.WEBHOOK: _to_group,
    AlertChannel.SMS: _to_phones,
}


def _in_full(alert: Alert) -> str:
    state = "" if alert.is_open else f"（{alert.note}）"
    page = settings.PUBLIC_URL + reverse("admin:analytics_alert_change", args=[alert.pk])
    return "\n".join(
        [
            f"**【{alert.get_severity_display()}】{alert.title}**{state}",
            *(f"> {name}：{value}" for name, value in alert.said.items()),
            f"> 时间：{clock.in_words(alert.last_at)}",
            f"[处理告警]({page})",
        ]
    )


def _summed_up(begun: Sequence[AlertTelling]) -> str:
    page = f"{settings.PUBLIC_URL}{reverse('admin:analytics_alert_changelist')}?open=yes"
    titles = [
        f"> {each.get_severity_display()}：{each.alert.title}{'' if each.alert.is_open else '（已关闭）'}"
        for each in sorted(begun, key=lambda each: -each.severity)[:SUMMED_UP]
    ]
    return "\n".join([f"**{_counted(begun)}**", *titles, f"[查看全部]({page})"])


def _counted(begun: Sequence[AlertTelling]) -> str:
    return f"上一小时另有 {len(begun)} 条告警未逐条推送"
