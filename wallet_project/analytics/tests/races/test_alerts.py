"""Two who raise the same alert at the same moment."""

import uuid

import pytest
from django.db.transaction import atomic

from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.services.alerts import raise_alert

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def test_they_raise_one_and_it_is_told_once(in_parallel, settings):
    settings.ALERT_WEBHOOK_URL = "https://group.example/"
    about = f"race:{uuid.uuid4().hex[:8]}"

    @atomic
    def raised():
        return raise_alert(
            code=AlertCode.CLOSE_LATE, about=about, severity=Severity.WARNING, title="日结延误", facts={}
        )

    answers = in_parallel([raised] * 4)

    alert = Alert.objects.get(about=about)
    assert [answer.pk for answer in answers] == [alert.pk] * 4
    assert (alert.count, alert.tellings.count()) == (4, 1)
    alert.delete()
