"""
What payments begin with, and two people change from here on: risk rules, what each is for stands in its explanation;
and what is done about each kind of exception. Amounts in fen.
"""

from datetime import UTC, datetime

from django.db import migrations
from django.utils import timezone

from wallet_project.kit.migrating import first_rows

MONEY = "order.pay wallet.transfer wallet.red_packet wallet.withdraw wallet.bill"
PEOPLE = "wallet.transfer wallet.red_packet"

# code, title, operations, expression, weight, action, cause, state, explanation
RULES = [
    (
        "deny_list", "黑名单", "", "on_deny_list", 100, "DENY", "ACCOUNT", "LIVE",
        "用户、设备或 IP 在黑名单。核实后可在名单中移除或设失效时间。",
    ),
    (
        "allow_list", "白名单", "", "on_allow_list", 0, "PASS", "ACCOUNT", "LIVE",
        "已核实的用户、设备或办公网络：除黑名单外不再拦截，其他规则仍记录命中。",
    ),
    (
        "watch_list", "关注名单", MONEY, "on_watch_list", 20, "STEP_UP", "ACCOUNT", "LIVE",
        "曾有可疑行为但证据不足：每笔资金操作加强验证。",
    ),
    (
        "payee_denied", "收款方在黑名单", PEOPLE, "payee_denied", 100, "DENY", "COUNTERPARTY", "LIVE",
        "收款方涉诈或涉案，任何人都不应再付款给他。",
    ),
    (
        "top_up_then_withdraw", "充值后立即提现", "wallet.withdraw",
        "minutes_since_top_up < 60 and turnover_percent_24h >= 80 and amount >= 100000",
        60, "HOLD", "FUNDS", "LIVE",
        "充值一小时内几乎全部提走、没有消费，是过渡资金的典型走法。联系用户核实资金来源和用途。",
    ),
    (
        "many_in_one_out", "多笔小额转入后一笔转出", "wallet.withdraw wallet.transfer",
        "received_payers_24h >= 5 and amount >= 100000 and amount * 10 >= received_sum_24h * 7",
        60, "HOLD", "FUNDS", "LIVE",
        "一天内从五人以上收款后集中转出七成以上。核实付款人与用户的关系。",
    ),
    (
        "mule_fan_in", "陌生人集中付款给同一人", PEOPLE,
        "is_new_payee and payee_payers_24h >= 10 and payee_sum_24h >= 500000",
        50, "HOLD", "COUNTERPARTY", "LIVE",
        "十人以上一天内首次付款给同一人且合计超过五千元，可能是跑分账户或诈骗收款。核实收款方。",
    ),
    (
        "burst", "一分钟内连续操作", MONEY, "user_count_1m > 60", 30, "DELAY", "FREQUENCY", "LIVE",
        "人手做不到的频率，多半是脚本或盗用。",
    ),
    (
        "busy_hour", "一小时内操作频繁", MONEY, "user_count_1h > 200", 40, "STEP_UP", "FREQUENCY", "LIVE",
        "远多于正常消费次数，加强验证确认是本人。",
    ),
    (
        "many_payees", "一天内付给很多人", PEOPLE, "user_payees_24h >= 15", 25, "STEP_UP", "FREQUENCY", "LIVE",
        "分散转出是清空被盗账户和分发赃款的常见方式。",
    ),
    (
        "device_farm", "一台设备多个账户", MONEY, "device_users >= 5", 25, "STEP_UP", "ENVIRONMENT", "LIVE",
        "五个以上账户登录过同一台设备，可能是养号或代操作。",
    ),
    (
        "device_farm_registers", "同一设备批量注册", "login",
        "account_minutes == 0 and device_users >= 10", 40, "DELAY", "ENVIRONMENT", "LIVE",
        "已有十个账户的设备再注册新账户：延后，批量注册因此不划算。",
    ),
    (
        "invite_burst", "批量绑定邀请人", "invite.bind",
        "device_users >= 3 or device_count_24h > 3 or ip_count_1h > 20 or wechat_rank >= 3",
        40, "DELAY", "FREQUENCY", "LIVE",
        "同一设备或网络接连绑定邀请人，或微信判定为高风险：多半是脚本或养号。延后，抢在前面因此没有意义。",
    ),
    (
        "referral_ring", "邀请关系异常", "reward", "suspicion >= 60", 60, "HOLD", "ACCOUNT", "LIVE",
        "被邀请人与邀请人同设备、同网络成批出现，或只在彼此之间往来：奖励暂缓，核实后发放或取消。",
    ),
    (
        "new_device", "新设备大额", MONEY, "device_minutes < 1440 and amount >= 100000",
        20, "SCORE", "ENVIRONMENT", "LIVE",
        "首次登录不足一天的设备上的大额操作。",
    ),
    (
        "new_phone", "新手机号大额", MONEY, "phone_minutes < 1440 and amount >= 100000",
        10, "SCORE", "ENVIRONMENT", "LIVE",
        "绑定或更换手机号不足一天：短信验证码可能已在别人手里。",
    ),
    (
        "new_account", "新账户大额", MONEY, "account_minutes < 1440 and amount >= 100000",
        10, "SCORE", "ACCOUNT", "LIVE",
        "注册不足一天，尚无交易习惯可比较。",
    ),
    (
        "new_payee", "首次付款给此人且金额较大", PEOPLE, "is_new_payee and amount >= 100000",
        15, "SCORE", "COUNTERPARTY", "LIVE",
        "多数诈骗转账付给第一次出现的收款方。",
    ),
    (
        "night", "深夜大额", MONEY, "is_night and amount >= 100000", 10, "SCORE", "FUNDS", "LIVE",
        "0 点到 5 点的大额操作，盗用多在本人睡着时发生。",
    ),
    (
        "round", "整数大额", MONEY, "is_round and amount >= 100000", 5, "SCORE", "FUNDS", "LIVE",
        "整百元的大额更像搬运资金而不是消费；单独出现不说明问题。",
    ),
    (
        "wrong_pins", "支付密码连续输错", MONEY, "wrong_pins_24h >= 3", 20, "SCORE", "ACCOUNT", "LIVE",
        "一天内输错三次以上后输对，可能是试出来的。",
    ),
    (
        "wechat_rank", "微信风险等级高", "", "wechat_rank >= 3", 30, "SCORE", "ACCOUNT", "LIVE",
        "微信判定该用户风险等级为 3 或 4。",
    ),
    (
        "refund_habit", "退款比例高", "order.pay", "refund_percent_30d >= 60", 20, "SCORE", "FUNDS", "LIVE",
        "三十天内六成以上订单退款，可能在刷积分、刷返现。",
    ),
    (
        "ip_registers", "同一 IP 批量注册", "login", "account_minutes == 0 and ip_users_24h >= 30",
        30, "DELAY", "ENVIRONMENT", "SHADOW",
        "学校、商场的公共网络也会这样，先影子运行观察误报。",
    ),
]

_DAY, _THREE_DAYS = (24, 4), (72, 12)
# kind: handling, what one person decides alone (fen), due and warning (hours), when the watch opens it (hours)
CASE_RULES = {
    "LATE_PAYMENT": ("REFUND", 1_000_00, _DAY, None),
    "DOUBLE_PAYMENT": ("REFUND", 1_000_00, _DAY, None),
    "AMOUNT_MISMATCH": ("HAND", 1_000_00, _DAY, None),
    "PAYER_MISMATCH": ("HAND", 1_000_00, _DAY, None),
    "UNKNOWN_ORDER": ("HAND", 1_000_00, _DAY, None),
    "CURRENCY_MISMATCH": ("HAND", None, _DAY, None),
    "MERCHANT_MISMATCH": ("HAND", None, _DAY, None),
    "REFUNDED_ELSEWHERE": ("HAND", None, _DAY, None),
    "UNREADABLE_NOTICE": ("HAND", None, _DAY, None),
    "UNKNOWN_REFUND": ("HAND", None, _DAY, None),
    "REFUND_MISMATCH": ("HAND", None, _DAY, None),
    "REFUND_ABNORMAL": ("HAND", None, _DAY, None),
    "REFUND_REFUSED": ("HAND", None, _DAY, None),
    "REFUND_UNDECIDED": ("HAND", None, _THREE_DAYS, 72),
    "REFUND_UNCLAIMED": ("HAND", None, _THREE_DAYS, None),
    "UNKNOWN_TRANSFER": ("HAND", None, _DAY, None),
    "TRANSFER_MISMATCH": ("HAND", None, _DAY, None),
    "TRANSFER_UNDECIDED": ("HAND", None, _DAY, 24),
    "UNKNOWN_BILL": ("HAND", None, _DAY, None),
    "BILL_MISMATCH": ("HAND", None, _DAY, None),
    "BILL_UNCLAIMED": ("HAND", None, _THREE_DAYS, None),
    "SHIPPING_REFUSED": ("HAND", None, _DAY, None),
    "WECHAT_WARNING": ("HAND", None, _DAY, None),
}


def risk_rules(_apps):
    columns = ("code", "title", "operations", "expression", "weight", "action", "cause", "state", "explanation")
    now = timezone.now()
    for row in RULES:
        rule = dict(zip(columns, row, strict=True))
        yield rule | {"version": 1, "made_at": now, "live_at": now if rule["state"] == "LIVE" else None}


def case_rules(_apps):
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for kind, (handling, alone_up_to, (due, warn), opens_after) in CASE_RULES.items():
        yield {
            "kind": kind,
            "handling": handling,
            "alone_up_to": alone_up_to,
            "due_hours": due,
            "warn_hours": warn,
            "opens_after_hours": opens_after,
            "effective_from": begin,
        }


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_first")]

    operations = [first_rows("payments.RiskRule", risk_rules), first_rows("payments.CaseRule", case_rules)]
