"""Tell staff of what must not wait; once, however often it happens."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from wallet_project.analytics.errors.alerts import AlertClosed
from wallet_project.analytics.models import Alert, AlertTelling
from wallet_project.analytics.rules.alerts import ADDRESSES, TOLD_BY, AlertCode, Severity
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction

logger = logging.getLogger(__name__)

GONE = "原因已消除，自动关闭"


def raise_alert(
    *, code: str, about: str, severity: Severity, title: str, facts: Mapping[str, Any], link: str = ""
) -> Alert:
    """
    In the caller's transaction. While an alert of this `code` about the same thing is open, it is counted,
    and told again only where it has become more severe; an alert's severity never sinks.

    `facts`: label → text for people, without a customer's name or number. `link`: the path of a staff page.
    """
    require_transaction()
    now = clock.now()
    said = {
        "title": title[:120],
        "facts": [[name, str(value)] for name, value in facts.items()],
        "link": link,
        "last_at": now,
    }
    alert, is_new = Alert.objects.select_for_update(no_key=True).get_or_create(
        code=AlertCode(code), about=about, closed_at=None, defaults={**said, "severity": severity}
    )
    if not is_new:
        is_worse = severity > alert.severity
        for name, value in said.items():
            setattr(alert, name, value)
        alert.count, alert.severity = alert.count + 1, max(severity, Severity(alert.severity))
        alert.save(update_fields=[*said, "count", "severity", "updated_at"])
        if not is_worse:
            return alert
    AlertTelling.objects.bulk_create(
        AlertTelling(alert=alert, channel=channel, severity=severity, due_at=now)
        for channel in TOLD_BY[severity]
        if getattr(settings, ADDRESSES[channel])
    )
    logger.warning("analytics.alert", extra={"code": code, "about": about, "severity": int(severity)})
    return alert


def settle_alert(*, code: str, about: str) -> None:
    """The cause is gone: the open alert about it, if any, is closed. In the caller's transaction."""
    _settle(Alert.objects.filter(code=AlertCode(code), about=about))


def settle_others(*, code: str, still: Collection[str]) -> None:
    """Of this code only what is about one of these goes on; the causes of the others are gone."""
    _settle(Alert.objects.filter(code=AlertCode(code)).exclude(about__in=still))


@transaction.atomic
def assign_alert(*, alert_id: int, assignee_id: int) -> None:
    """
    Somebody answers for it from now on.

    :raises AlertClosed: it is over
    """
    alert = _lock_open(alert_id)
    alert.assignee_id = assignee_id
    alert.acknowledged_at = alert.acknowledged_at or clock.now()
    alert.save(update_fields=["assignee_id", "acknowledged_at", "updated_at"])
    _record("assigned", alert, assignee=assignee_id)


@transaction.atomic
def note_on_alert(*, alert_id: int, text: str) -> None:
    """
    What somebody found out, in its trail.

    :raises AlertClosed: it is over
    """
    _record("noted", _lock_open(alert_id), comment=text)


@transaction.atomic
def close_alert(*, alert_id: int, note: str, staff_id: int) -> None:
    """
    Somebody says how it ended. If it happens again, there will be a new one.

    :raises AlertClosed: it is over
    """
    alert = _lock_open(alert_id)
    _close(alert, at=clock.now(), note=note, by=staff_id)
    _record("closed", alert, reason=note)


def _settle(alerts: QuerySet[Alert]) -> None:
    require_transaction()
    for alert in alerts.filter(closed_at=None).select_for_update(no_key=True).order_by("pk"):
        _close(alert, at=clock.now(), note=GONE, by=None)


def _close(alert: Alert, *, at: datetime, note: str, by: int | None) -> None:
    alert.closed_at, alert.closed_by, alert.note = at, by, note
    alert.save(update_fields=["closed_at", "closed_by", "note", "updated_at"])


def _lock_open(alert_id: int) -> Alert:
    alert = Alert.objects.select_for_update(no_key=True).get(pk=alert_id)
    if not alert.is_open:
        raise AlertClosed
    return alert


def _record(what: str, alert: Alert, **facts: object) -> None:
    record_audit(action=f"analytics.alert.{what}", subject=f"alert:{alert.pk}", facts=facts)
