"""What staff are alerted of as it happens; what merely lasts is watched (selectors/watches)."""

from datetime import date
from typing import Any

from django.urls import reverse

from coupons.events import CampaignStopped, CampaignWarned
from feedback.events import IncidentBegan, IncidentOver
from feedback.rules.tickets import TicketKind
from payments.events import (
    DailyCloseLate,
    DayClosed,
    DifferencesFound,
    ShopNotificationDied,
    SignaturesFailing,
)
from wallet.events import LedgerDrifted
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.services.alerts import raise_alert, settle_alert
from wallet_project.kit.events import listens_to
from wallet_project.kit.money import Fen, yuan
from wallet_project.pauses.events import FlowPaused, FlowResumed
from wallet_project.pauses.models import Flow, PauseCause
from wallet_project.pauses.selectors import open_pauses


@listens_to(SignaturesFailing)
def callbacks_are_forged(event: SignaturesFailing) -> None:
    raise_alert(
        code=AlertCode.CALLBACKS_FORGED,
        about=event.aggregate,
        severity=Severity.CRITICAL,
        title=f"一分钟内有 {event.count} 个回调未通过验签",
        facts={"可能原因": "有人伪造回调，或微信支付公钥、平台证书配置有误", "影响": "这些回调均未入账"},
        link=_list_of("payments_rejectedcallback"),
    )


@listens_to(LedgerDrifted)
def the_ledger_has_drifted(event: LedgerDrifted) -> None:
    raise_alert(
        code=AlertCode.LEDGER_DRIFTED,
        about=event.aggregate,
        severity=Severity.CRITICAL,
        title=f"账簿核对发现 {len(event.sentences)} 项不符，全部资金业务已暂停",
        facts={"处理": "按运维手册查明原因、更正、重新核对，再由两人恢复"},
        link=_page_of("wallet_ledgercheck", event.check_id),
    )


@listens_to(FlowPaused)
def a_flow_has_stopped_itself(event: FlowPaused) -> None:
    """What staff stop they know of, and drift has an alert of its own."""
    pause = open_pauses().filter(pk=event.pause_id).first()
    if event.cause == PauseCause.TRIP and pause is not None:
        raise_alert(
            code=AlertCode.FLOW_PAUSED,
            about=event.aggregate,
            severity=Severity.CRITICAL,
            title=f"{Flow(event.flow).label}已自动暂停",
            facts={"原因": pause.reason},
            link=_page_of("pauses_pause", event.pause_id),
        )


@listens_to(FlowResumed)
def a_flow_goes_on(event: FlowResumed) -> None:
    """All money moves again only when what was found in the ledger is settled."""
    settle_alert(code=AlertCode.FLOW_PAUSED, about=event.aggregate)
    if event.flow == Flow.MONEY:
        settle_alert(code=AlertCode.LEDGER_DRIFTED, about=Flow.MONEY)


@listens_to(DailyCloseLate)
def a_close_is_late(event: DailyCloseLate) -> None:
    raise_alert(
        code=AlertCode.CLOSE_LATE,
        about=event.aggregate,
        severity=Severity.WARNING,
        title=f"{_day(event.day)}的日结延误：微信账单至今未取得",
        facts={"业务日": event.day},
        link=_list_of("payments_dailyclose"),
    )


@listens_to(DifferencesFound)
def bills_and_ledger_differ(event: DifferencesFound) -> None:
    raise_alert(
        code=AlertCode.CLOSE_DIFFERENCES,
        about=event.aggregate,
        severity=Severity.WARNING,
        title=f"{_day(event.day)}的日结有 {event.count} 笔差异",
        facts={"业务日": event.day, "未解释金额": f"{yuan(Fen(event.unexplained))} 元"},
        link=_list_of("payments_difference"),
    )


@listens_to(DayClosed)
def a_day_is_closed(event: DayClosed) -> None:
    settle_alert(code=AlertCode.CLOSE_LATE, about=event.aggregate)
    settle_alert(code=AlertCode.CLOSE_DIFFERENCES, about=event.aggregate)


@listens_to(CampaignWarned)
def a_budget_runs_low(event: CampaignWarned) -> None:
    _tell_of_budget(event, about="warned", title="预算已承诺八成")


@listens_to(CampaignStopped)
def a_budget_is_used_up(event: CampaignStopped) -> None:
    _tell_of_budget(event, about="stopped", title="预算不足，已自动停止")


@listens_to(ShopNotificationDied)
def a_shop_does_not_listen(event: ShopNotificationDied) -> None:
    raise_alert(
        code=AlertCode.SHOP_NOTIFICATION_DIED,
        about=f"shop:{event.shop}",
        severity=Severity.WARNING,
        title=f"商城系统“{event.shop}”连续一天没有收下通知",
        facts={"最近订单": event.order_no},
        link=_list_of("payments_shopnotification"),
    )


@listens_to(IncidentBegan)
def an_emergency_begins(event: IncidentBegan) -> None:
    raise_alert(
        code=AlertCode.EMERGENCY,
        about=event.aggregate,
        severity=Severity.CRITICAL,
        title=f"紧急事件：{TicketKind(event.kind).label}",
        facts={"处理": "指定负责人，逐项完成应急清单"},
        link=_page_of("feedback_incident", event.incident_id),
    )


@listens_to(IncidentOver)
def an_emergency_is_over(event: IncidentOver) -> None:
    settle_alert(code=AlertCode.EMERGENCY, about=event.aggregate)


def _tell_of_budget(event: CampaignWarned | CampaignStopped, *, about: str, title: str) -> None:
    raise_alert(
        code=AlertCode.CAMPAIGN_BUDGET,
        about=f"{event.aggregate}:{about}",
        severity=Severity.WARNING,
        title=f"活动“{event.name_of}”{title}",
        facts={"活动": event.name_of},
        link=_page_of("coupons_campaign", event.campaign_id),
    )


def _list_of(page: str) -> str:
    return reverse(f"admin:{page}_changelist")


def _page_of(page: str, key: Any) -> str:
    return reverse(f"admin:{page}_change", args=[key])


def _day(day: str) -> str:
    then = date.fromisoformat(day)
    return f"{then.month} 月 {then.day} 日"
