"""How long what notifications keeps is kept, and why."""

from wallet_project.kit.retention import YEAR, Kind, PassingKind
from wallet_project.notifications.selectors.outdated import (
    outdated_messages,
    outdated_occasions,
    outdated_quota_changes,
    outdated_recipients,
)

KINDS: tuple[Kind, ...] = (
    PassingKind(
        key="notifications.message",
        title="发给顾客的消息及其投递",
        tables=("notifications.Message", "notifications.Delivery"),
        keep_days=2 * YEAR,
        minimum_days=180,
        basis="告知的凭据与投诉举证；网络安全法：日志不少于六个月；注销时立即删除",
        outdated=outdated_messages,
        since="told_at",
    ),
    PassingKind(
        key="notifications.quota_change",
        title="订阅消息次数的变动",
        tables=("notifications.QuotaChange",),
        keep_days=180,
        minimum_days=30,
        basis="核对订阅消息为何未发出；注销时立即删除",
        outdated=outdated_quota_changes,
        since="at",
    ),
    PassingKind(
        key="notifications.occasion",
        title="行为触发记录",
        tables=("notifications.Occasion",),
        keep_days=YEAR,
        minimum_days=90,
        basis="同一事由不重复打扰；注销时立即删除",
        outdated=outdated_occasions,
        since="since",
    ),
    PassingKind(
        key="notifications.recipient",
        title="群发对象与效果",
        tables=("notifications.Recipient",),
        keep_days=YEAR,
        minimum_days=180,
        basis="比较群发效果、答复打扰投诉；注销时立即删除",
        outdated=outdated_recipients,
        since="at",
    ),
    Kind(
        key="notifications.settings",
        title="通知目录、模板、频次上限与消息设置",
        tables=(
            "notifications.Notice",
            "notifications.NoticeText",
            "notifications.FrequencyCap",
            "notifications.Trigger",
            "notifications.Broadcast",
            "notifications.Reader",
            "notifications.Preference",
            "notifications.SubscribeTemplate",
            "notifications.SubscribeText",
            "notifications.SubscribeQuota",
        ),
        keep_days=3 * YEAR,
        minimum_days=1,
        basis="使用期间保存；顾客的消息设置在注销时删除",
    ),
)
