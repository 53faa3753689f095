"""How long what analytics keeps is kept, and why."""

from wallet_project.analytics.selectors.outdated import (
    outdated_activity,
    outdated_alerts,
    outdated_months,
)
from wallet_project.kit.retention import SETTINGS, YEAR, DroppedKind, Kind, PassingKind

KINDS: tuple[Kind, ...] = (
    DroppedKind(
        key="analytics.event",
        title="行为事件",
        tables=("analytics.Event",),
        keep_days=400,
        minimum_days=180,
        basis="网络安全法：网络日志不少于六个月；一年内同比；注销时去除关联",
        outdated=outdated_months,
        since="at",
        drop="wallet_project.analytics.services.months.drop_months",
    ),
    PassingKind(
        key="analytics.activity",
        title="每日活跃",
        tables=("analytics.Activity",),
        keep_days=2 * YEAR,
        minimum_days=120,
        basis="留存与流失按周、按月比较；注销时立即删除",
        outdated=outdated_activity,
        since="day",
    ),
    PassingKind(
        key="analytics.alert",
        title="已关闭的告警",
        tables=("analytics.Alert", "analytics.AlertTelling"),
        keep_days=YEAR,
        minimum_days=180,
        basis="网络安全法：网络日志不少于六个月；不含顾客信息",
        outdated=outdated_alerts,
        since="closed_at",
    ),
    Kind(
        key="analytics.figure",
        title="指标数值",
        tables=("analytics.Figure", "analytics.WatchedSegment"),
        keep_days=10 * YEAR,
        minimum_days=1,
        basis="汇总数字，不含个人信息；长期保存以便比较",
    ),
    Kind(
        key="analytics.journey",
        title="新客历程与事件读取进度",
        tables=("analytics.Journey", "analytics.EventFeed", "analytics.UnreadEvent"),
        keep_days=3 * YEAR,
        minimum_days=1,
        basis="账户存续期间保存，注销时删除",
    ),
    SETTINGS.of("analytics.Target", "analytics.WatchedMetric"),
)
