"""The pages: which numbers stand where."""

from wallet_project.analytics.rules.metrics import Topic
from wallet_project.analytics.rules.panels import Board, Curve, Hours, Numbers, Parts, Table
from wallet_project.analytics.rules.periods import Against, Span

# On the home page: number → the page that tells more, for whoever may look at that.
GLANCE = (
    ("volume", "today"),
    ("orders_paid", "today"),
    ("success_rate", "today"),
    ("refunded", "today"),
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
                Curve(title="交易额", codes=("volume",)),
                Curve(title="支付订单数", codes=("orders_paid",)),
                Curve(title="支付成功率", codes=("success_rate",)),
                Table(title="告警", name="alerts"),
                Table(title="经营目标", name="targets"),
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
        Board(code="users", title="用户", icon="group", topics=(Topic.USERS,)),
        Board(code="money", title="资金", icon="payments", topics=(Topic.MONEY,)),
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
        Board(code="habits", title="习惯", icon="schedule", topics=(Topic.HABITS,)),
    )
}
