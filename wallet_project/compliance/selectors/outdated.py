"""
The catalogue of what is kept: which rows, since when, and the least time that nobody may shorten.

Each app answers for its tables with `outdated_<things>(*, before)`. A kind without that question is never
cleared by age; its rule still says for how many years at least it is there, and why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Min, QuerySet

from accounts.selectors.outdated import (
    outdated_export_parts,
    outdated_kyc_applications,
    outdated_real_names,
    outdated_sessions,
    outdated_staff_sessions,
)
from payments.selectors.outdated import outdated_nonces, outdated_receipts
from wallet_project.kit.outdated import outdated_events, outdated_keys

YEAR = 365


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Rows of `tables`, kept for good; `keep_days` is what a new rule begins with."""

    action: ClassVar[str] = "长期保存"

    key: str
    title: str
    tables: tuple[str, ...]
    keep_days: int
    minimum_days: int
    basis: str


@dataclass(frozen=True, kw_only=True)
class PassingKind(Kind):
    """Cleared by age, which `since` tells. The first of the tables is asked, the others go with it."""

    action: ClassVar[str] = "删除"

    outdated: Callable[..., QuerySet[Any]]
    since: str


@dataclass(frozen=True, kw_only=True)
class FadingKind(PassingKind):
    """That something happened stays, its content goes: these columns get these values."""

    action: ClassVar[str] = "清空内容"

    emptied: Mapping[str, Any]


_PASSING = (
    PassingKind(
        key="kit.idempotency_key",
        title="幂等键",
        tables=("kit.IdempotencyKey",),
        keep_days=30,
        minimum_days=7,
        basis="防止重复提交；之后由业务单号保证",
        outdated=outdated_keys,
        since="created_at",
    ),
    PassingKind(
        key="kit.event",
        title="已投递的事件",
        tables=("kit.StoredEvent", "kit.Delivery"),
        keep_days=30,
        minimum_days=7,
        basis="排查与重放；死信和未投递的不清理",
        outdated=outdated_events,
        since="published_at",
    ),
    PassingKind(
        key="accounts.session",
        title="已结束的登录会话",
        tables=("accounts.Session",),
        keep_days=180,
        minimum_days=180,
        basis="网络安全法：网络日志不少于六个月",
        outdated=outdated_sessions,
        since="created_at",
    ),
    PassingKind(
        key="accounts.staff_session",
        title="已过期的后台会话",
        tables=("sessions.Session",),
        keep_days=1,
        minimum_days=1,
        basis="用完即删；谁何时登录由审计记录保存",
        outdated=outdated_staff_sessions,
        since="expire_date",
    ),
    PassingKind(
        key="accounts.kyc_application",
        title="未通过的实名申请",
        tables=("accounts.KycApplication",),
        keep_days=180,
        minimum_days=1,
        basis="当日次数与争议；姓名和证件号在结束时已删除",
        outdated=outdated_kyc_applications,
        since="decided_at",
    ),
    FadingKind(
        key="accounts.real_name",
        title="实名档案",
        tables=("accounts.KycApplication", "accounts.RealName", "accounts.KycChange"),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="反洗钱法第三十四条：客户身份资料自注销起不少于十年",
        outdated=outdated_real_names,
        since="decided_at",
        emptied={"archive_sealed": None},
    ),
    PassingKind(
        key="accounts.export_part",
        title="个人信息导出文件",
        tables=("accounts.ExportPart",),
        keep_days=7,
        minimum_days=7,
        basis="个人信息保护法第四十五条：供本人下载七天；申请与下载的记录另存",
        outdated=outdated_export_parts,
        since="export__ready_at",
    ),
    PassingKind(
        key="payments.shop_nonce",
        title="商城请求随机串",
        tables=("payments.ShopNonce",),
        keep_days=1,
        minimum_days=1,
        basis="防重放；签名五分钟后失效",
        outdated=outdated_nonces,
        since="used_at",
    ),
    FadingKind(
        key="payments.callback",
        title="微信通知原文",
        tables=("payments.CallbackReceipt",),
        keep_days=180,
        minimum_days=180,
        basis="对账与争议；到期清空原文，转异常的保留",
        outdated=outdated_receipts,
        since="created_at",
        emptied={"body": "", "headers": {}},
    ),
)
_KEPT = (
    Kind(
        key="wallet.ledger",
        title="账簿、凭证与封条",
        tables=(
            "wallet.Wallet",
            "wallet.LedgerAccount",
            "wallet.Journal",
            "wallet.Entry",
            "wallet.Hold",
            "wallet.HoldEvent",
            "wallet.Record",
            "wallet.TopUp",
            "wallet.Seal",
        ),
        keep_days=30 * YEAR,
        minimum_days=30 * YEAR,
        basis="会计档案管理办法：账簿与凭证 30 年",
    ),
    Kind(
        key="payments.trade",
        title="订单、支付与退款",
        tables=(
            "payments.Order",
            "payments.OrderLine",
            "payments.Payment",
            "payments.Refund",
            "payments.ExceptionCase",
            "payments.RejectedCallback",
        ),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="反洗钱法第三十四条：交易记录不少于十年；电子商务法：不少于三年",
    ),
    Kind(
        key="accounts.identity",
        title="账户资料",
        tables=("accounts.User", "accounts.WeChatIdentity", "accounts.Device"),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="账户存续期间保存；注销时匿名化，反洗钱法要求的部分自注销起十年",
    ),
    Kind(
        key="accounts.consent",
        title="协议、同意与导出记录",
        tables=("accounts.AgreementVersion", "accounts.ConsentRecord", "accounts.DataExport"),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="个人信息保护法第十四条：证明取得过同意；账户存续期间及其后三年",
    ),
    Kind(
        key="audit.trail",
        title="审计记录",
        tables=("audit.AuditEntry", "audit.AuditSeal"),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="网络安全法与等保：不少于六个月在线、三年归档",
    ),
    Kind(
        key="compliance.evidence",
        title="合规台账",
        tables=("compliance.RetentionRule", "compliance.RetentionRun"),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="个人信息保护法第五十六条：影响评估与处理记录不少于三年",
    ),
)

PASSING: dict[str, PassingKind] = {kind.key: kind for kind in _PASSING}
KINDS: dict[str, Kind] = {**PASSING, **{kind.key: kind for kind in _KEPT}}


def oldest_left(kind: PassingKind, *, before: datetime) -> datetime | None:
    """The age of the oldest row that will go one day; None: there is no such row."""
    oldest: datetime | None = kind.outdated(before=before).aggregate(oldest=Min(kind.since))["oldest"]
    return oldest
