"""Staff are alerted of what happens, in words, and the alert ends with what it was about."""

import pytest
from django.db.transaction import atomic
from django.test import Client

from accounts.models import User
from coupons.events import CampaignStopped, CampaignWarned
from feedback.events import IncidentBegan, IncidentOver
from payments.events import (
    DailyCloseLate,
    DayClosed,
    DifferencesFound,
    ShopNotificationDied,
    SignaturesFailing,
)
from wallet.events import LedgerDrifted
from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.kit import context
from wallet_project.kit.events import publish
from wallet_project.pauses.events import FlowResumed
from wallet_project.pauses.models import Flow, Pause
from wallet_project.pauses.services import pause_flow, trip

pytestmark = pytest.mark.django_db

DAY = "2026-11-27"


@pytest.fixture
def happens(outbox):
    def happen(*events):
        with atomic():
            for event in events:
                publish(event)
        outbox.deliver()

    return happen


def open_ones():
    return set(Alert.objects.filter(closed_at=None).values_list("title", flat=True))


def test_what_happens_is_said_in_words(happens):
    happens(
        SignaturesFailing(count=40),
        LedgerDrifted(check_id=7, sentences=["a", "b"]),
        DailyCloseLate(day=DAY),
        DifferencesFound(day=DAY, count=3, unexplained=1_250),
        CampaignWarned(campaign_id=4, name_of="双十二"),
        CampaignStopped(campaign_id=4, name_of="双十二"),
        ShopNotificationDied(notification_id="n1", order_no="O1", shop="官网"),
        ShopNotificationDied(notification_id="n2", order_no="O2", shop="官网"),
        IncidentBegan(incident_id=2, kind="ACCOUNT"),
    )

    assert open_ones() == {
        "一分钟内有 40 个回调未通过验签",
        "账簿核对发现 2 项不符，全部资金业务已暂停",
        "11 月 27 日的日结延误：微信账单至今未取得",
        "11 月 27 日的日结有 3 笔差异",
        "活动“双十二”预算已承诺八成",
        "活动“双十二”预算不足，已自动停止",
        "商城系统“官网”连续一天没有收下通知",
        "紧急事件：账户与安全",
    }
    assert Alert.objects.get(code="CLOSE_DIFFERENCES").said["未解释金额"] == "12.50 元"
    assert Alert.objects.get(code="SHOP_NOTIFICATION_DIED").count == 2
    critical = Alert.objects.filter(severity=Severity.CRITICAL).values_list("code", flat=True)
    assert set(critical) == {"CALLBACKS_FORGED", "LEDGER_DRIFTED", "EMERGENCY"}


def test_a_page_that_an_alert_leads_to_is_there(happens):
    happens(
        SignaturesFailing(count=40),
        DailyCloseLate(day=DAY),
        DifferencesFound(day=DAY, count=1, unexplained=0),
    )
    desk = Client()
    desk.force_login(User.objects.create_superuser("he", "a long enough password"))

    for alert in Alert.objects.all():
        assert desk.get(alert.link).status_code in {200, 302}, alert.link


def test_it_ends_with_what_it_was_about(happens):
    happens(
        LedgerDrifted(check_id=7, sentences=["a"]),
        DailyCloseLate(day=DAY),
        DifferencesFound(day=DAY, count=3, unexplained=0),
        IncidentBegan(incident_id=2, kind="ACCOUNT"),
    )
    happens(
        DayClosed(day=DAY, closing=0),
        IncidentOver(incident_id=2, kind="ACCOUNT", state="ENDED"),
        FlowResumed(pause_id=1, flow=Flow.WITHDRAW),
    )
    assert open_ones() == {"账簿核对发现 1 项不符，全部资金业务已暂停"}

    happens(FlowResumed(pause_id=1, flow=Flow.MONEY))
    assert open_ones() == set()


def test_what_stops_itself_is_alerted_of_and_what_staff_stop_is_not(outbox, happens):
    trip(flow=Flow.WITHDRAW, reason="近一小时转出 30,000.00 元")
    with context.acting(actor="staff:1"):
        pause_flow(flow=Flow.TOP_UP, reason="渠道维护")
    outbox.deliver()

    (alert,) = Alert.objects.all()
    assert (alert.title, alert.said) == ("提现已自动暂停", {"原因": "近一小时转出 30,000.00 元"})

    happens(FlowResumed(pause_id=Pause.objects.get(flow=Flow.WITHDRAW).pk, flow=Flow.WITHDRAW))
    assert open_ones() == set()
