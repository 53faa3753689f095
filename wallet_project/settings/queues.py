"""Celery: messages are hints, the rows they point to live in PostgreSQL (kit.jobs, kit.relay)."""

from typing import Any

from celery.schedules import crontab

from wallet_project.settings.storage import REDIS_URL

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than the longest task, so a living task is never handed out twice
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 20,
    # A publisher that cannot reach the broker gives up at once: the job's row is already committed and the
    # relay hands it over later. (Without this Kombu tries for six seconds, whatever the next setting says.)
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False

# What waits for WeChat, or for another provider, has workers of its own, and so has what works for minutes:
# however slow they are, callbacks are settled at once.
CELERY_TASK_ROUTES = {
    "accounts.ask_risk_rank": {"queue": "wechat"},
    "accounts.ask_identity": {"queue": "wechat"},
    "accounts.tell_of_phone_change": {"queue": "wechat"},
    "accounts.tell_of_phone_request": {"queue": "wechat"},
    "payments.query_payment": {"queue": "wechat"},
    "payments.close_payment": {"queue": "wechat"},
    "payments.push_refund": {"queue": "wechat"},
    "payments.push_transfer": {"queue": "wechat"},
    "payments.push_bill": {"queue": "wechat"},
    "payments.repair_difference": {"queue": "wechat"},
    "payments.release_card": {"queue": "wechat"},
    "payments.upload_shipment": {"queue": "wechat"},
    "payments.refresh_platform_certificates": {"queue": "wechat"},
    "feedback.read_complaint": {"queue": "wechat"},
    "feedback.send_telling": {"queue": "wechat"},
    "feedback.find_complaints": {"queue": "wechat"},
    "notifications.deliver": {"queue": "wechat"},
    "notifications.deliver_due": {"queue": "wechat"},
    "notifications.send_broadcasts": {"queue": "long"},
    "notifications.tell_of_agreement": {"queue": "long"},
    "notifications.note_deeds": {"queue": "long"},
    "notifications.look_for_the_absent": {"queue": "long"},
    # A shop that answers slowly keeps other shops waiting, and nobody else. The sweep waits there, too: it
    # expires instead of queueing again what is still queued.
    "payments.send_shop_notification": {"queue": "shops"},
    "payments.send_shop_notifications": {"queue": "shops"},
    # Nor does WeChat: when it is in trouble, whoever is on call must hear of it.
    "analytics.tell_of_alerts": {"queue": "shops"},
    "payments.reconcile_day": {"queue": "long"},
    "payments.look_for_patterns": {"queue": "long"},
    "payments.find_large_and_suspicious": {"queue": "long"},
    "wallet.check_ledger": {"queue": "long"},
    "wallet.run_ledger_check": {"queue": "long"},
    "wallet.make_statement": {"queue": "long"},
    "accounts.build_export": {"queue": "long"},
    "coupons.review_memberships": {"queue": "long"},
    "coupons.refresh_recommendations": {"queue": "long"},
    "coupons.give_monthly_coupons": {"queue": "long"},
    "audit.verify": {"queue": "long"},
    "coupons.refresh_segment": {"queue": "long"},
    "analytics.hear_events": {"queue": "long"},
    "compliance.keep_retention_schedule": {"queue": "long"},
    "compliance.clear_outdated": {"queue": "long"},
    "analytics.roll_up_today": {"queue": "long"},
    "analytics.roll_up_last_days": {"queue": "long"},
}

# Reading the whole ledger takes longer than other tasks may; still less than `visibility_timeout`.
CELERY_TASK_ANNOTATIONS = {
    task: {"soft_time_limit": 540, "time_limit": 570}
    for task in ("wallet.check_ledger", "wallet.run_ledger_check")
}

# Frequent sweeps are cheap single index look-ups; each expires before the next one so that a stopped
# worker does not come back to a mountain of them.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "watch-for-trouble": {"task": "analytics.watch", "schedule": 60, "options": {"expires": 60}},
    "look-for-anomalies": {
        "task": "analytics.look_for_anomalies",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "tell-of-alerts": {"task": "analytics.tell_of_alerts", "schedule": 15, "options": {"expires": 15}},
    "heartbeat": {"task": "kit.heartbeat", "schedule": 10, "options": {"expires": 9}},
    "heartbeat-wechat": {
        "task": "kit.heartbeat",
        "schedule": 10,
        "kwargs": {"name": "wechat"},
        "options": {"expires": 9, "queue": "wechat"},
    },
    "send-shop-notifications": {
        "task": "payments.send_shop_notifications",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "deliver-due": {"task": "notifications.deliver_due", "schedule": 10, "options": {"expires": 10}},
    "send-broadcasts": {
        "task": "notifications.send_broadcasts",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "note-deeds": {"task": "notifications.note_deeds", "schedule": 600, "options": {"expires": 600}},
    "tell-occasions": {"task": "notifications.tell_occasions", "schedule": 60, "options": {"expires": 60}},
    "look-for-the-absent": {
        "task": "notifications.look_for_the_absent",
        "schedule": crontab(hour=10, minute=20),
    },
    "query-unsure-payments": {
        "task": "payments.query_unsure_payments",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "process-waiting-receipts": {
        "task": "payments.process_waiting_receipts",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "watch-for-trips": {"task": "payments.watch_for_trips", "schedule": 60, "options": {"expires": 60}},
    "watch-cases": {"task": "payments.watch_cases", "schedule": 300, "options": {"expires": 300}},
    "close-expired": {"task": "payments.close_expired", "schedule": 15, "options": {"expires": 15}},
    "query-bills": {"task": "payments.query_bills", "schedule": 10, "options": {"expires": 10}},
    "upload-shipments": {"task": "payments.upload_shipments", "schedule": 30, "options": {"expires": 30}},
    "query-open-refunds": {"task": "payments.query_open_refunds", "schedule": 20, "options": {"expires": 20}},
    "query-transfers": {"task": "payments.query_transfers", "schedule": 20, "options": {"expires": 20}},
    "look-for-patterns": {
        "task": "payments.look_for_patterns",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "find-large-and-suspicious": {
        "task": "payments.find_large_and_suspicious",
        "schedule": crontab(hour=1, minute=40),
    },
    "watch-clocks": {"task": "feedback.watch_clocks", "schedule": 60, "options": {"expires": 60}},
    "end-freezes": {"task": "wallet.end_freezes", "schedule": 60, "options": {"expires": 60}},
    "expire-gifts": {"task": "wallet.expire_gifts", "schedule": 300, "options": {"expires": 300}},
    "activate-points": {"task": "coupons.activate_points", "schedule": 300, "options": {"expires": 300}},
    "vest-rewards": {"task": "coupons.vest_rewards", "schedule": 60, "options": {"expires": 60}},
    "expire-points": {"task": "coupons.expire_points", "schedule": 300, "options": {"expires": 300}},
    "announce-expiring-points": {
        "task": "coupons.announce_expiring_points",
        "schedule": crontab(hour=10, minute=5),
    },
    "release-expired-holds": {"task": "wallet.expire_holds", "schedule": 60, "options": {"expires": 60}},
    "return-transfers": {"task": "wallet.return_transfers", "schedule": 30, "options": {"expires": 30}},
    "expire-requests": {"task": "wallet.expire_requests", "schedule": 300, "options": {"expires": 300}},
    "return-red-packets": {"task": "wallet.return_red_packets", "schedule": 60, "options": {"expires": 60}},
    "refresh-platform-certificates": {
        "task": "payments.refresh_platform_certificates",
        "schedule": 12 * 3600,
        "options": {"expires": 3600},
    },
    "look-after-complaints": {
        "task": "feedback.look_after_complaints",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "find-complaints": {
        "task": "feedback.find_complaints",
        "schedule": 600,
        "kwargs": {"days": 3},
        "options": {"expires": 600},
    },
    "find-complaints-of-a-month": {
        "task": "feedback.find_complaints",
        "schedule": crontab(hour=4, minute=40),
        "kwargs": {"days": 30},
    },
    "close-days": {"task": "payments.close_days", "schedule": crontab(minute="*/15")},
    "expire-proposals": {"task": "approvals.expire", "schedule": 600, "options": {"expires": 600}},
    "ask-identities": {"task": "accounts.ask_identities", "schedule": 20, "options": {"expires": 20}},
    "review-levels": {"task": "accounts.review_levels", "schedule": crontab(hour=0, minute=20)},
    "close-accounts": {"task": "accounts.close_due", "schedule": 300, "options": {"expires": 300}},
    "seal-audit-trail": {"task": "audit.seal", "schedule": 60, "options": {"expires": 60}},
    "verify-audit-trail": {"task": "audit.verify", "schedule": crontab(hour=4, minute=10)},
    "seal-ledger": {"task": "wallet.seal", "schedule": 60, "options": {"expires": 60}},
    "judge-referrals": {
        "task": "coupons.judge_referral_steps",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "expire-coupons": {"task": "coupons.expire_coupons", "schedule": 60, "options": {"expires": 60}},
    "remind-of-coupons": {"task": "coupons.remind_of_expiry", "schedule": 600, "options": {"expires": 600}},
    "share-costs": {"task": "coupons.share_costs", "schedule": 300, "options": {"expires": 300}},
    "refresh-segments": {"task": "coupons.refresh_segments", "schedule": 600, "options": {"expires": 600}},
    "refresh-recommendations": {
        "task": "coupons.refresh_recommendations",
        "schedule": crontab(hour=3, minute=50),
    },
    "review-memberships": {"task": "coupons.review_memberships", "schedule": crontab(hour=0, minute=10)},
    "give-monthly-coupons": {"task": "coupons.give_monthly_coupons", "schedule": crontab(hour=9, minute=30)},
    "close-silent-tickets": {
        "task": "feedback.close_silent_tickets",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "look-after-silence": {
        "task": "feedback.look_after_silence",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "end-chats": {"task": "feedback.end_chats", "schedule": 20, "options": {"expires": 20}},
    "hear-events": {"task": "analytics.hear_events", "schedule": 60, "options": {"expires": 60}},
    "keep-retention-schedule": {
        "task": "compliance.keep_retention_schedule",
        "schedule": crontab(hour=2, minute=40),
    },
    "roll-up-today": {"task": "analytics.roll_up_today", "schedule": 300, "options": {"expires": 300}},
    "roll-up-last-days": {"task": "analytics.roll_up_last_days", "schedule": crontab(hour=0, minute=15)},
    "begin-compliance-day": {"task": "compliance.begin_day", "schedule": crontab(hour=8, minute=30)},
    "route-tickets": {"task": "feedback.route_tickets", "schedule": 30, "options": {"expires": 30}},
    "forget-looks": {"task": "feedback.forget_looks", "schedule": crontab(hour=4, minute=40)},
    "check-ledger": {"task": "wallet.check_ledger", "schedule": crontab(hour=3, minute=30)},
    "check-ledger-since": {"task": "wallet.check_ledger_since", "schedule": 60, "options": {"expires": 60}},
}

# What people call them: on the page 定时任务 and in alerts.
SCHEDULE_WORDS = {
    "hear-events": "汇入业务事件",
    "roll-up-today": "汇总今日指标",
    "roll-up-last-days": "汇总前两日指标",
    "watch-for-trouble": "检查故障与积压",
    "look-for-anomalies": "监测指标异常",
    "tell-of-alerts": "推送告警",
    "heartbeat": "后台心跳",
    "heartbeat-wechat": "微信队列心跳",
    "send-shop-notifications": "通知商城订单结果",
    "deliver-due": "发送到期的消息",
    "send-broadcasts": "发送群发消息",
    "note-deeds": "统计群发后的行为",
    "tell-occasions": "处理行为触发的通知",
    "look-for-the-absent": "查找多日未到访的顾客",
    "query-unsure-payments": "向微信查询未定的付款",
    "process-waiting-receipts": "处理暂存的微信回调",
    "watch-for-trips": "检查是否需要自动熔断",
    "watch-cases": "跟进支付异常",
    "close-expired": "关闭超时未付的订单",
    "query-bills": "查询缴费结果",
    "upload-shipments": "向微信上报发货",
    "query-open-refunds": "向微信查询退款",
    "query-transfers": "向微信查询转账",
    "look-for-patterns": "查找可疑资金模式",
    "find-large-and-suspicious": "查找大额与可疑交易",
    "watch-clocks": "检查客服时限",
    "end-freezes": "解除到期的冻结",
    "expire-gifts": "收回过期的赠送金",
    "activate-points": "积分转为可用",
    "vest-rewards": "发放到期的奖励",
    "expire-points": "积分到期",
    "announce-expiring-points": "提醒即将到期的积分",
    "release-expired-holds": "释放到期的预占",
    "return-transfers": "退回无人领取的转账",
    "expire-requests": "结束过期的收款请求",
    "return-red-packets": "退回未领完的红包",
    "refresh-platform-certificates": "更新微信平台证书",
    "look-after-complaints": "同步微信投诉",
    "find-complaints": "查找近三日的微信投诉",
    "find-complaints-of-a-month": "查找近三十日的微信投诉",
    "close-days": "日结对账",
    "expire-proposals": "结束过期的审批",
    "ask-identities": "重新查询实名结果",
    "review-levels": "复核实名等级",
    "close-accounts": "注销到期的账户",
    "seal-audit-trail": "封存审计日志",
    "verify-audit-trail": "校验审计日志",
    "seal-ledger": "封存账簿",
    "judge-referrals": "判定邀请奖励",
    "expire-coupons": "优惠券到期",
    "remind-of-coupons": "提醒即将到期的优惠券",
    "share-costs": "与合作方分摊成本",
    "refresh-segments": "刷新人群",
    "refresh-recommendations": "刷新推荐",
    "review-memberships": "复核会员等级",
    "give-monthly-coupons": "发放每月会员券",
    "look-after-silence": "提醒没有回复的顾客",
    "close-silent-tickets": "关闭无人回应的工单",
    "end-chats": "结束无人的在线会话",
    "keep-retention-schedule": "按期限清理数据",
    "begin-compliance-day": "开始当日合规检查",
    "route-tickets": "分派工单",
    "forget-looks": "清除工单查看状态",
    "check-ledger": "全量核对账簿",
    "check-ledger-since": "增量核对账簿",
}

for (
    _name,
    _entry,
) in CELERY_BEAT_SCHEDULE.items():  # so that a worker knows what it was started as (kit.schedule)
    _entry.setdefault("options", {})["headers"] = {"scheduled_as": _name}
