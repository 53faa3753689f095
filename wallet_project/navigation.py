"""The admin's way around: every page by topic, and only the pages this operator may see."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from wallet_project.analytics.rules.boards import BOARDS

# Topic → model and its Material symbol, in the order of daily use.
TOPICS: dict[str, dict[str, str]] = {
    "审批": {"approvals.Proposal": "fact_check"},
    "数据": {
        "analytics.Alert": "notifications_active",
        "analytics.WatchedMetric": "troubleshoot",
        "analytics.WatchedSegment": "groups",
        "analytics.Target": "flag_circle",
    },
    "顾客": {
        "accounts.User": "group",
        "accounts.PhoneChangeRequest": "phonelink_setup",
        "accounts.KycApplication": "how_to_reg",
        "accounts.RealName": "verified_user",
        "accounts.ConsentRecord": "task_alt",
        "accounts.DataExport": "folder_zip",
        "accounts.ClosureRequest": "logout",
        "accounts.SaveOffer": "volunteer_activism",
    },
    "客服": {
        "feedback.Ticket": "support_agent",
        "feedback.Chat": "forum",
        "feedback.Agent": "headset_mic",
        "feedback.CannedReply": "quickreply",
        "feedback.TicketAction": "build",
        "feedback.GoodwillDay": "redeem",
        "feedback.Queue": "inbox",
        "feedback.PriorityRule": "priority_high",
        "feedback.RootCause": "account_tree",
        "feedback.Tag": "sell",
        "feedback.Escalation": "notification_important",
        "feedback.Incident": "emergency",
        "feedback.IncidentStep": "checklist",
        "feedback.SlaPolicy": "timer",
        "feedback.BusinessCalendar": "schedule",
        "feedback.SpecialDays": "event",
    },
    "微信投诉": {"feedback.Complaint": "feedback"},
    "消息": {
        "notifications.Notice": "notifications",
        "notifications.Message": "mail",
        "notifications.Delivery": "outgoing_mail",
        "notifications.FrequencyCap": "speed",
        "notifications.Broadcast": "campaign",
        "notifications.Trigger": "bolt",
        "notifications.SubscribeTemplate": "newspaper",
        "notifications.SubscribeText": "edit_note",
        "notifications.SubscribeQuota": "mark_chat_unread",
    },
    "内容": {
        "accounts.OnboardingStep": "flag",
        "accounts.SecurityCard": "shield",
        "accounts.QuizQuestion": "quiz",
        "feedback.Article": "help_center",
        "feedback.ArticleVersion": "history_edu",
        "feedback.FaqTopic": "topic",
        "feedback.SynonymGroup": "compare_arrows",
        "wallet.Category": "category",
        "wallet.CategoryRule": "sell",
    },
    "安全": {
        "accounts.PaymentPin": "pin",
        "accounts.StepUpChallenge": "passkey",
        "accounts.StepUpPolicy": "rule",
    },
    "顾客之声": {
        "feedback.Survey": "ballot",
        "feedback.Invitation": "how_to_vote",
        "feedback.Suggestion": "lightbulb",
    },
    "风控": {
        "payments.RiskCase": "shield_person",
        "payments.RiskDecision": "balance",
        "payments.RiskRule": "rule",
        "payments.RiskListEntry": "block",
        "payments.AmlFinding": "travel_explore",
    },
    "支付": {
        "payments.Order": "receipt_long",
        "payments.OrderRefund": "assignment_return",
        "payments.Payment": "payments",
        "payments.ExceptionCase": "report",
        "payments.CaseRule": "rule_settings",
        "payments.Refund": "undo",
        "payments.MerchantTransfer": "send_money",
        "payments.CallbackReceipt": "inbox",
        "payments.RejectedCallback": "gpp_bad",
    },
    "日结": {
        "payments.DailyClose": "event_available",
        "payments.Difference": "difference",
        "payments.CloseItem": "rule",
    },
    "钱包": {
        "wallet.Wallet": "account_balance_wallet",
        "wallet.Record": "list_alt",
        "wallet.Statement": "description",
        "wallet.TopUp": "add_card",
        "wallet.TopUpPackage": "redeem",
        "wallet.Withdrawal": "output",
        "wallet.Adjustment": "tune",
        "wallet.Transfer": "sync_alt",
        "wallet.FeeSchedule": "percent",
        "wallet.Quote": "request_quote",
        "wallet.MoneyRequest": "request_quote",
        "wallet.Split": "groups",
        "wallet.Hold": "lock",
        "wallet.LimitPolicy": "speed",
        "wallet.RedPacket": "redeem",
        "wallet.ForbiddenWord": "block",
    },
    "营销": {
        "coupons.Campaign": "campaign",
        "coupons.Reward": "redeem",
        "coupons.Redemption": "shopping_cart_checkout",
        "coupons.Channel": "ads_click",
        "coupons.ReferralProgram": "group_add",
        "coupons.Referral": "share",
        "coupons.PointsAccount": "stars",
        "coupons.CouponTemplate": "sell",
        "coupons.Coupon": "confirmation_number",
        "coupons.CouponGrant": "card_giftcard",
        "coupons.CodeBatch": "qr_code_2",
        "coupons.PointRule": "rule",
        "coupons.PointsPolicy": "schedule",
        "coupons.Good": "storefront",
        "coupons.MallOrder": "shopping_bag",
        "coupons.Segment": "groups",
        "coupons.Experiment": "science",
        "coupons.Membership": "workspace_premium",
        "coupons.MembershipTier": "military_tech",
        "coupons.GrowthRule": "trending_up",
        "coupons.RecommendationPolicy": "recommend",
        "coupons.Story": "auto_stories",
        "coupons.Partner": "handshake",
        "coupons.JointPromotion": "call_split",
    },
    "账簿": {
        "wallet.LedgerAccount": "account_balance",
        "wallet.Journal": "menu_book",
        "wallet.LedgerCheck": "fact_check",
        "wallet.LedgerFinding": "notification_important",
        "pauses.Pause": "pause_circle",
    },
    "缴费": {
        "payments.BillPayment": "receipt",
        "payments.BillPayee": "credit_card",
        "payments.Biller": "domain",
    },
    "商户": {
        "payments.Store": "storefront",
        "payments.ShopSystem": "shopping_cart",
        "payments.Shipment": "local_shipping",
        "payments.ShopNotification": "campaign",
    },
    "合规": {
        "accounts.AgreementVersion": "gavel",
        "compliance.Licence": "workspace_premium",
        "compliance.ChecklistRun": "checklist",
        "compliance.Checklist": "event_repeat",
        "compliance.RiskAssessment": "crisis_alert",
        "compliance.TrainingRecord": "school",
        "compliance.TrainingCourse": "menu_book",
        "compliance.Finding": "bug_report",
        "compliance.ScanReport": "security",
        "compliance.RetentionRule": "auto_delete",
    },
    "员工": {"accounts.StaffMember": "badge", "audit.AuditEntry": "policy"},
    "系统": {
        "kit.ScheduledJob": "event_repeat",
        "flags.Flag": "flag",
        "kit.Delivery": "outbox",
        "kit.Job": "schedule",
        "kit.StoredEvent": "bolt",
    },
}

# Topic → the pages that it opens with: name, symbol, URL, the permission that opens it, what the URL takes.
FRONT_PAGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "数据": tuple(
        (board.title, board.icon, "board", board.permission, board.code) for board in BOARDS.values()
    ),
    "顾客之声": (("顾客之声", "record_voice_over", "voice", "feedback.view_survey"),),
    "客服": (
        ("在线客服", "chat", "chats", "feedback.change_ticket"),
        ("时限与报表", "monitoring", "support_reports", "feedback.view_slareport"),
    ),
    "支付": (("异常总览", "monitoring", "case_desk", "payments.view_exceptioncase"),),
    "微信投诉": (("投诉总览", "sms_failed", "complaint_desk", "feedback.view_complaint"),),
    "合规": (("合规总览", "dashboard", "compliance_desk", "compliance.view_licence"),),
}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation; a topic without a page for this operator is left out."""
    topics = [
        {"title": title, "items": [*_front_pages(request, title), *_pages(request, models)]}
        for title, models in TOPICS.items()
    ]
    return [topic for topic in topics if topic["items"]]


def environment(_request: HttpRequest) -> list[str] | None:
    """The badge that tells play money from real money."""
    return None if settings.ENVIRONMENT == "production" else ["沙箱环境", "warning"]


def _front_pages(request: HttpRequest, topic: str) -> Any:
    for title, icon, name, permission, *taken in FRONT_PAGES.get(topic, ()):
        if request.user.has_perm(permission):
            yield {"title": title, "icon": icon, "link": reverse(name, args=taken)}


def _pages(request: HttpRequest, models: dict[str, str]) -> Any:
    for label, icon in models.items():
        model = apps.get_model(label)
        page = admin.site._registry.get(model)
        if page and page.has_view_permission(request):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            yield {"title": model._meta.verbose_name_plural, "icon": icon, "link": reverse(name)}
