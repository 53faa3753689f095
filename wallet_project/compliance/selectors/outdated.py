"""
The catalogue of what is kept: which rows, since when, and the least time that nobody may shorten.

Each app answers for its tables with `outdated_<things>(*, before)`. A kind without that question is never
cleared by age; its rule still says for how many years at least it is there, and why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, Min, QuerySet
from django.db.models.functions import Cast

from accounts.selectors.outdated import (
    outdated_admin_log,
    outdated_challenges,
    outdated_closures,
    outdated_codes,
    outdated_export_parts,
    outdated_kyc_applications,
    outdated_login_records,
    outdated_real_names,
    outdated_sessions,
    outdated_spending,
    outdated_staff_attempts,
    outdated_staff_sessions,
    outdated_wrong_pins,
)
from coupons.selectors.outdated import outdated_person_claims
from payments.selectors.outdated import (
    outdated_bill_parts,
    outdated_fund_lines,
    outdated_nonces,
    outdated_receipts,
    outdated_risk_decisions,
    outdated_risk_moves,
    outdated_shop_notifications,
    outdated_trade_lines,
)
from wallet.selectors.outdated import (
    outdated_ledger_checks,
    outdated_payee_lookups,
    outdated_quotes,
    outdated_requests,
    outdated_statement_parts,
)
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
        key="payments.trade_line",
        title="微信交易账单行",
        tables=("payments.TradeLine",),
        keep_days=400,
        minimum_days=180,
        basis="对账依据；对账结果长期保存，原始文件另存",
        outdated=outdated_trade_lines,
        since="file__fetched_at",
    ),
    PassingKind(
        key="payments.fund_line",
        title="微信资金账单行",
        tables=("payments.FundLine",),
        keep_days=400,
        minimum_days=180,
        basis="对账依据；对账结果长期保存，原始文件另存",
        outdated=outdated_fund_lines,
        since="file__fetched_at",
    ),
    PassingKind(
        key="payments.bill_file_part",
        title="微信账单原始文件",
        tables=("payments.BillFilePart",),
        keep_days=5 * YEAR,
        minimum_days=3 * YEAR,
        basis="电子商务法：交易信息不少于三年",
        outdated=outdated_bill_parts,
        since="file__fetched_at",
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
        key="accounts.login_record",
        title="登录历史",
        tables=("accounts.LoginRecord",),
        keep_days=180,
        minimum_days=180,
        basis="网络安全法：网络日志不少于六个月",
        outdated=outdated_login_records,
        since="at",
    ),
    PassingKind(
        key="accounts.code",
        title="短信验证码",
        tables=("accounts.VerificationCode",),
        keep_days=1,
        minimum_days=1,
        basis="用完即删；一天内用于限频",
        outdated=outdated_codes,
        since="sent_at",
    ),
    PassingKind(
        key="accounts.step_up",
        title="操作验证",
        tables=("accounts.StepUpChallenge",),
        keep_days=30,
        minimum_days=1,
        basis="两分钟失效；三十天内用于排查争议",
        outdated=outdated_challenges,
        since="created_at",
    ),
    PassingKind(
        key="accounts.wrong_pin",
        title="支付密码错误",
        tables=("accounts.WrongPin",),
        keep_days=30,
        minimum_days=7,
        basis="锁定与风险判断",
        outdated=outdated_wrong_pins,
        since="tried_at",
    ),
    PassingKind(
        key="accounts.spending",
        title="每日支出计数",
        tables=("accounts.DailySpending",),
        keep_days=30,
        minimum_days=2,
        basis="当日限额；明细以账簿为准",
        outdated=outdated_spending,
        since="day",
    ),
    PassingKind(
        key="wallet.money_request",
        title="没有付款的收款请求",
        tables=("wallet.MoneyRequest",),
        keep_days=180,
        minimum_days=30,
        basis="争议与骚扰投诉；已付款的随转账保存",
        outdated=outdated_requests,
        since="ended_at",
    ),
    PassingKind(
        key="wallet.payee_lookups",
        title="收款人查找计数",
        tables=("wallet.PayeeLookups",),
        keep_days=30,
        minimum_days=2,
        basis="防止批量探测手机号；只有次数，不记查了谁",
        outdated=outdated_payee_lookups,
        since="day",
    ),
    PassingKind(
        key="accounts.closure",
        title="已结束的注销申请",
        tables=("accounts.ClosureRequest",),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="个人信息保护法：请求处理记录不少于三年",
        outdated=outdated_closures,
        since="ended_at",
    ),
    PassingKind(
        key="accounts.staff_attempt",
        title="后台登录失败计数",
        tables=(
            "axes.AccessAttempt",
            "axes.AccessAttemptExpiration",
            "axes.AccessFailureLog",
            "axes.AccessLog",
        ),
        keep_days=7,
        minimum_days=1,
        basis="锁定十五分钟；登录与失败由审计记录保存",
        outdated=outdated_staff_attempts,
        since="attempt_time",
    ),
    PassingKind(
        key="accounts.admin_log",
        title="后台修改历史",
        tables=("admin.LogEntry",),
        keep_days=3 * YEAR,
        minimum_days=180,
        basis="等保：操作可追溯；审计记录另行保存",
        outdated=outdated_admin_log,
        since="action_time",
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
        key="wallet.quote",
        title="未使用的报价",
        tables=("wallet.Quote",),
        keep_days=7,
        minimum_days=1,
        basis="五分钟失效；七天内用于排查咨询。已使用的随账簿保存",
        outdated=outdated_quotes,
        since="created_at",
    ),
    PassingKind(
        key="wallet.ledger_check",
        title="相符的增量账簿核对",
        tables=("wallet.LedgerCheck",),
        keep_days=90,
        minimum_days=30,
        basis="每分钟一次，随后的全量核对已包含；全量核对与不符的长期保存",
        outdated=outdated_ledger_checks,
        since="finished_at",
    ),
    PassingKind(
        key="wallet.statement_part",
        title="对账单文件",
        tables=("wallet.StatementPart",),
        keep_days=7,
        minimum_days=7,
        basis="供本人下载七天；账簿另存，任何月份可随时重新生成",
        outdated=outdated_statement_parts,
        since="statement__ready_at",
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
    PassingKind(
        key="payments.shop_notification",
        title="商城通知",
        tables=("payments.ShopNotification", "payments.ShopNotificationTry"),
        keep_days=180,
        minimum_days=30,
        basis="与商城核对送达情况；订单本身另行保存",
        outdated=outdated_shop_notifications,
        since="created_at",
    ),
    PassingKind(
        key="payments.risk_move",
        title="风控计数",
        tables=("payments.RiskMove",),
        keep_days=120,
        minimum_days=90,
        basis="规则最长统计九十天",
        outdated=outdated_risk_moves,
        since="at",
    ),
    PassingKind(
        key="payments.risk_decision",
        title="风控决策及其依据",
        tables=("payments.RiskDecision",),
        keep_days=3 * YEAR,
        minimum_days=180,
        basis="答复申诉、回测规则；网络安全法：日志不少于六个月；立案的随案件保存",
        outdated=outdated_risk_decisions,
        since="at",
    ),
    FadingKind(
        key="payments.callback",
        title="微信与缴费平台通知原文",
        tables=("payments.CallbackReceipt",),
        keep_days=180,
        minimum_days=180,
        basis="对账与争议；到期清空原文，转异常的保留",
        outdated=outdated_receipts,
        since="created_at",
        emptied={"body": "", "headers": {}},
    ),
    PassingKind(
        key="coupons.person_claim",
        title="新客权益记录（密钥哈希）",
        tables=("coupons.PersonClaim",),
        keep_days=3 * YEAR,
        minimum_days=180,
        basis="防止注销后重复领取新客奖励；只存不可还原的哈希，到期删除",
        outdated=outdated_person_claims,
        since="claimed_at",
    ),
)
_KEPT = (
    Kind(
        key="coupons.coupon",
        title="消费与优惠券",
        tables=(
            "coupons.Purchase",
            "coupons.PurchaseReturn",
            "coupons.CouponTemplate",
            "coupons.CouponStock",
            "coupons.CouponCount",
            "coupons.Coupon",
            "coupons.CodeBatch",
            "coupons.CouponCode",
            "coupons.CouponGrant",
            "coupons.Redemption",
            "coupons.RedeemedCoupon",
        ),
        keep_days=30 * YEAR,
        minimum_days=30 * YEAR,
        basis="会计档案管理办法：优惠券负债的明细账 30 年",
    ),
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
            "wallet.Lot",
            "wallet.Record",
            "wallet.Statement",
            "wallet.TopUp",
            "wallet.TopUpPackage",
            "wallet.Withdrawal",
            "wallet.Adjustment",
            "wallet.Seal",
            "wallet.FeeSchedule",
            "wallet.FeeWaiver",
            "wallet.Quote",
            "wallet.RecordCategory",
            "wallet.CategoryTotal",
            "wallet.RedPacket",
            "wallet.RedPacketShare",
        ),
        keep_days=30 * YEAR,
        minimum_days=30 * YEAR,
        basis="会计档案管理办法：账簿与凭证 30 年",
    ),
    Kind(
        key="coupons.purchases",
        title="消费与退回",
        tables=("coupons.Purchase", "coupons.PurchaseReturn"),
        keep_days=5 * YEAR,
        minimum_days=3 * YEAR,
        basis="电子商务法：交易信息不少于三年；积分与返现以此计算",
    ),
    Kind(
        key="coupons.points",
        title="积分、签到与兑换",
        tables=(
            "coupons.PointsPolicy",
            "coupons.PointRule",
            "coupons.PointsAccount",
            "coupons.PointsLot",
            "coupons.PointsSpend",
            "coupons.PointsSpendPart",
            "coupons.PointsEntry",
            "coupons.CheckIn",
            "coupons.Good",
            "coupons.MallOrder",
        ),
        keep_days=30 * YEAR,
        minimum_days=30 * YEAR,
        basis="会计档案管理办法：积分负债的明细账 30 年",
    ),
    Kind(
        key="wallet.limits",
        title="限额与已用额度",
        tables=("wallet.LimitPolicy", "wallet.LimitUsage"),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="账户存续期间保存：累计限额自开户起算；反洗钱法第三十四条：不少于十年",
    ),
    Kind(
        key="wallet.proof",
        title="资金暂停与账务告警",
        tables=("pauses.Pause", "wallet.LedgerFinding"),
        keep_days=10 * YEAR,
        minimum_days=3 * YEAR,
        basis="网络安全法与等保：处置可追溯，不少于三年；与交易记录一并保存",
    ),
    Kind(
        key="wallet.transfer",
        title="转账与 AA 收款",
        tables=("wallet.Transfer", "wallet.Split"),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="反洗钱法第三十四条：交易记录不少于十年",
    ),
    Kind(
        key="wallet.wishes",
        title="预算、预算提醒与教过的分类",
        tables=("wallet.Budget", "wallet.BudgetNotice", "wallet.TaughtRule"),
        keep_days=3 * YEAR,
        minimum_days=1,
        basis="账户存续期间保存；预算与教过的分类在注销时删除",
    ),
    Kind(
        key="payments.trade",
        title="订单、支付与退款",
        tables=(
            "payments.DailyClose",
            "payments.CloseItem",
            "payments.Difference",
            "payments.BillFile",
            "payments.Order",
            "payments.OrderLine",
            "payments.Payment",
            "payments.Refund",
            "payments.OrderRefund",
            "payments.OrderRefundPart",
            "payments.OrderSource",
            "payments.MerchantTransfer",
            "payments.Shipment",
            "payments.ExceptionCase",
            "payments.CaseRule",
            "payments.RejectedCallback",
            "payments.BillPayee",
            "payments.BillPayment",
        ),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="反洗钱法第三十四条：交易记录不少于十年；电子商务法：不少于三年",
    ),
    Kind(
        key="payments.risk",
        title="风控规则、名单与案件",
        tables=(
            "payments.RiskRule",
            "payments.RiskListEntry",
            "payments.RiskCase",
            "payments.RiskCaseNote",
            "payments.AmlFinding",
        ),
        keep_days=10 * YEAR,
        minimum_days=10 * YEAR,
        basis="反洗钱法第三十四条；反电信网络诈骗法：处置须可申诉、可追溯",
    ),
    Kind(
        key="accounts.identity",
        title="账户资料",
        tables=(
            "accounts.User",
            "accounts.PersonalKey",
            "accounts.WeChatIdentity",
            "accounts.Device",
            "accounts.PhoneChange",
            "accounts.PhoneChangeRequest",
            "accounts.PaymentPin",
            "accounts.SoterCounter",
            "accounts.SecurityFacts",
            "accounts.SmallPayments",
            "wallet.PayeeSettings",
            "wallet.BlockedPerson",
        ),
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
        key="accounts.guidance",
        title="新手引导与安全教育",
        tables=(
            "accounts.CardSight",
            "accounts.QuizAttempt",
            "accounts.OnboardingProgress",
            "accounts.OnboardingFinish",
        ),
        keep_days=3 * YEAR,
        minimum_days=1,
        basis="反电信网络诈骗法：证明已提示风险；账户存续期间保存",
    ),
    Kind(
        key="accounts.staff",
        title="员工账号与动态码",
        tables=("accounts.Authenticator", "accounts.RecoveryCode", "accounts.StaffProfile"),
        keep_days=3 * YEAR,
        minimum_days=180,
        basis="在职期间保存；离职停用，账号留存以便追溯",
    ),
    Kind(
        key="audit.trail",
        title="审计与审批记录",
        tables=("audit.AuditEntry", "audit.AuditSeal", "approvals.Proposal", "accounts.Reveal"),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="网络安全法与等保：不少于六个月在线、三年归档",
    ),
    Kind(
        key="compliance.evidence",
        title="合规台账",
        tables=(
            "compliance.RetentionRule",
            "compliance.RetentionRun",
            "compliance.Licence",
            "compliance.Checklist",
            "compliance.ChecklistItem",
            "compliance.ChecklistRun",
            "compliance.RunItem",
            "compliance.RiskAssessment",
            "compliance.TrainingCourse",
            "compliance.TrainingRecord",
            "compliance.ScanReport",
            "compliance.Finding",
            "compliance.Reminder",
        ),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="个人信息保护法第五十六条：影响评估与处理记录不少于三年",
    ),
    Kind(
        key="kit.work",
        title="后台任务",
        tables=("kit.Job", "kit.Heartbeat"),
        keep_days=1,
        minimum_days=1,
        basis="做完即删；死信留到有人处理",
    ),
    Kind(
        key="project.settings",
        title="门店、角色与规则",
        tables=(
            "payments.Store",
            "payments.ShopSystem",
            "payments.Biller",
            "payments.TokenBucket",
            "wallet.Category",
            "wallet.CategoryRule",
            "accounts.StepUpPolicy",
            "accounts.SaveOffer",
            "accounts.Article",
            "accounts.SecurityCard",
            "accounts.QuizQuestion",
            "accounts.QuizOption",
            "accounts.OnboardingStep",
            "wallet.ForbiddenWord",
            "auth.Group",
            "auth.Permission",
            "contenttypes.ContentType",
        ),
        keep_days=3 * YEAR,
        minimum_days=1,
        basis="使用期间保存，不含顾客信息",
    ),
)

PASSING: dict[str, PassingKind] = {kind.key: kind for kind in _PASSING}
KINDS: dict[str, Kind] = {**PASSING, **{kind.key: kind for kind in _KEPT}}


def oldest_left(kind: PassingKind, *, before: datetime) -> datetime | None:
    """The age of the oldest row that will go one day; None: there is no such row."""
    oldest: datetime | None = kind.outdated(before=before).aggregate(
        oldest=Min(Cast(kind.since, DateTimeField()))
    )["oldest"]
    return oldest
