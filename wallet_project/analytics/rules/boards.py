"""The pages: which numbers stand where."""

from wallet_project.analytics.rules.metrics import Topic
from wallet_project.analytics.rules.panels import Asked, Board, Curve, Hours, Numbers, Parts
from wallet_project.analytics.rules.periods import Against, Span

# On the home page: number → the page that tells more, for whoever may look at that.
GLANCE = (
    ("volume", "today"),
    ("orders_paid", "today"),
    ("success_rate", "today"),
    ("refunded", "today"),
    ("active_people", "users"),
    ("new_people", "users"),
    ("top_up_amount", "money"),
    ("payout_amount", "money"),
    ("tickets_opened", "support"),
    ("tickets_waiting", "support"),
    ("csat", "support"),
    ("risk_stopped", "risk"),
    ("risk_cases_waiting", "risk"),
)

BOARDS: dict[str, Board] = {
    board.code: board
    for board in (
        Board(
            code="today",
            title="今日",
            icon="today",
            topics=(Topic.TRADE,),
            span=Span.TODAY,
            against=Against.WEEK,
            panels=(
                Numbers(
                    title="交易",
                    codes=("volume", "orders_paid", "success_rate", "order_value", "refunded", "refund_rate"),
                ),
                Numbers(
                    title="资金进出",
                    codes=(
                        "top_ups",
                        "top_up_amount",
                        "withdrawals_asked",
                        "withdrawals_asked_amount",
                        "payout_amount",
                        "transfer_amount",
                    ),
                ),
                Curve(title="交易额", codes=("volume",)),
                Curve(title="支付订单数", codes=("orders_paid",)),
                Curve(title="支付成功率", codes=("success_rate",)),
                Curve(title="充值与转出", codes=("top_up_amount", "payout_amount")),
                Asked(title="告警", name="alerts"),
                Asked(title="经营目标", name="targets"),
                Parts(title="交易额：按支付方式", code="volume", part="method"),
                Parts(title="交易额：按门店和商城", code="volume", part="place"),
                Numbers(
                    title="支付过程",
                    codes=(
                        "orders_placed",
                        "orders_placed_paid",
                        "paid_of_placed",
                        "orders_lost",
                        "attempts_ended",
                        "attempts_paid",
                        "attempts_refused",
                        "buyers",
                    ),
                ),
                Numbers(
                    title="交易的组成",
                    codes=("volume_own", "volume_coupons", "discount_rate", "volume_points", "refunds"),
                ),
                Parts(title="退款：按原因", code="refunds", part="refund_reason"),
            ),
        ),
        Board(
            code="users",
            title="用户",
            icon="group",
            topics=(Topic.USERS,),
            panels=(
                Numbers(
                    title="一眼看",
                    codes=(
                        "active_people",
                        "active_in_week",
                        "active_in_month",
                        "stickiness",
                        "new_people",
                        "week_retention",
                        "churned_people",
                        "won_back_people",
                    ),
                ),
                Curve(title="日活", codes=("active_people",)),
                Curve(title="新注册", codes=("new_people",)),
                Curve(title="流失与召回", codes=("churned_people", "won_back_people")),
                Curve(title="留存率", codes=("week_retention", "month_retention")),
                Asked(title="新顾客走到哪一步", name="newcomers"),
                Parts(title="注销：按原因", code="exits", part="exit_reason"),
                Asked(title="留存", name="cohorts", codes=("people_of_week",)),
                Numbers(
                    title="从来访到首购",
                    codes=(
                        "new_visitors",
                        "visitor_conversion",
                        "first_phones",
                        "first_top_ups",
                        "first_payments",
                        "visits",
                        "sign_ins",
                        "exits",
                    ),
                ),
            ),
        ),
        Board(
            code="money",
            title="资金",
            icon="payments",
            topics=(Topic.MONEY,),
            panels=(
                Numbers(
                    title="一眼看",
                    codes=(
                        "wallet_balance",
                        "top_up_amount",
                        "payout_amount",
                        "fee_income",
                        "promotion_cost",
                        "promotion_rate",
                    ),
                ),
                Curve(title="顾客余额", codes=("principal", "bonus", "cashback")),
                Curve(title="钱包流入与流出", codes=("wallets_in", "wallets_out")),
                Parts(title="钱包流入：按业务", code="wallets_in", part="journal"),
                Parts(title="钱包流出：按业务", code="wallets_out", part="journal"),
                Curve(title="手续费收入", codes=("fee_income",)),
                Curve(title="营销费用", codes=("promotion_cost",)),
                Parts(title="微信收款：按业务", code="wechat_in", part="journal"),
                Parts(title="微信付款：按业务", code="wechat_out", part="journal"),
                Curve(title="欠顾客的", codes=("points_liability", "coupon_liability", "reward_liability")),
                Curve(
                    title="在途",
                    codes=("wechat_clearing", "withdrawal_clearing", "refund_clearing", "biller_clearing"),
                ),
                Parts(title="待结算超过 1 天：按科目", code="clearing_over_1_day", part="account"),
                Parts(title="待结算超过 7 天：按科目", code="clearing_over_7_days", part="account"),
                Numbers(
                    title="余额与负债",
                    codes=(
                        "principal",
                        "bonus",
                        "cashback",
                        "points_liability",
                        "coupon_liability",
                        "reward_liability",
                        "red_packet_pool",
                        "suspense",
                    ),
                ),
                Numbers(
                    title="在途与账龄",
                    codes=(
                        "wechat_clearing",
                        "withdrawal_clearing",
                        "refund_clearing",
                        "biller_clearing",
                        "clearing_over_1_day",
                        "clearing_over_3_days",
                        "clearing_over_7_days",
                    ),
                ),
            ),
        ),
        Board(code="growth", title="增长", icon="trending_up", topics=(Topic.GROWTH,)),
        Board(
            code="support",
            title="客服",
            icon="support_agent",
            topics=(Topic.SUPPORT,),
            panels=(
                Numbers(
                    title="一眼看",
                    codes=("tickets_opened", "sla_rate", "csat", "nps", "complaint_rate", "tickets_waiting"),
                ),
                Curve(title="新工单与解决工单", codes=("tickets_opened", "tickets_solved")),
                Curve(title="时限达成率", codes=("sla_rate",)),
                Curve(title="满意率", codes=("csat",)),
                Curve(title="净推荐值", codes=("nps",)),
                Parts(title="新工单：按类型", code="tickets_opened", part="ticket_kind"),
                Parts(title="解决工单：按根因", code="tickets_solved", part="cause"),
                Parts(title="按时完成的时限：按种类", code="promises_kept", part="clock"),
                Parts(title="到期时限：按种类", code="promises_ended", part="clock"),
                Hours(title="什么时候来找我们", code="tickets_opened"),
                Numbers(
                    title="快慢",
                    codes=(
                        "time_to_reply",
                        "time_to_solve",
                        "tickets_replied",
                        "tickets_solved",
                        "seconds_to_reply",
                        "seconds_to_solve",
                        "promises_ended",
                        "promises_kept",
                    ),
                ),
                Numbers(
                    title="评价与投诉",
                    codes=("csat_answers", "csat_content", "nps_answers", "nps_balance", "complaints"),
                ),
            ),
        ),
        Board(
            code="risk",
            title="风控",
            icon="shield",
            topics=(Topic.RISK,),
            panels=(
                Numbers(
                    title="一眼看",
                    codes=(
                        "risk_decisions",
                        "risk_stopped",
                        "risk_stop_rate",
                        "risk_stopped_amount",
                        "risk_precision",
                        "frozen_wallets",
                    ),
                ),
                Curve(title="拦截操作", codes=("risk_stopped",)),
                Curve(title="拦截率", codes=("risk_stop_rate",)),
                Curve(title="新案件与办结案件", codes=("risk_cases_opened", "risk_cases_closed")),
                Parts(title="风控决策：按结论", code="risk_decisions", part="outcome"),
                Parts(title="规则命中", code="risk_hits", part="rule"),
                Parts(title="冻结：按对象", code="freezes", part="freeze"),
                Hours(title="什么时候拦截", code="risk_stopped"),
                Numbers(
                    title="案件与冻结",
                    codes=(
                        "risk_cases_opened",
                        "risk_cases_closed",
                        "risk_cases_confirmed",
                        "risk_cases_waiting",
                        "risk_hits",
                        "freezes",
                    ),
                ),
            ),
        ),
        Board(
            code="habits",
            title="习惯",
            icon="schedule",
            topics=(Topic.HABITS,),
            panels=(
                Numbers(
                    title="一眼看", codes=("acts", "feature_uses", "feature_people", "spending", "failures")
                ),
                Hours(title="什么时候来", code="active_people"),
                Hours(title="什么时候付款", code="orders_paid"),
                Parts(title="用什么：次数", code="feature_uses", part="feature"),
                Parts(title="用什么：人数", code="feature_people", part="feature"),
                Parts(title="花在哪里", code="spending", part="category"),
                Parts(title="页面报错", code="failures", part="code"),
                Curve(title="行为次数", codes=("acts",)),
                Curve(title="消费", codes=("spending",)),
            ),
        ),
    )
}
