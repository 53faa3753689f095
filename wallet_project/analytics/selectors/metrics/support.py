"""How customers are helped, and what they think of it."""

from collections.abc import Iterable

from feedback.rules.scores import net_promoter, satisfaction
from feedback.rules.surveys import SurveyKind
from feedback.selectors import figures
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, ratio, spread


def _opened(window: Window) -> list[figures.Opened]:
    return figures.tickets_opened(since=window.first, until=window.end, among=window.among)


def _solved(window: Window) -> list[figures.Solved]:
    return figures.tickets_solved(since=window.first, until=window.end, among=window.among)


def _replied(window: Window) -> figures.Replied:
    return figures.tickets_replied(since=window.first, until=window.end, among=window.among)


def _promises(window: Window) -> list[figures.Promises]:
    return figures.promises(since=window.first, until=window.end)


def _content(window: Window) -> dict[int, int]:
    return figures.scores(SurveyKind.CSAT, since=window.first, until=window.end, among=window.among)


def _loyal(window: Window) -> dict[int, int]:
    return figures.scores(SurveyKind.NPS, since=window.first, until=window.end, among=window.among)


@metric("新工单", unit=Unit.COUNT, topic=Topic.SUPPORT, hourly=True, by_person=True, parts=("ticket_kind",))
def tickets_opened(window: Window) -> Iterable[Value]:
    """当天提交的工单，各渠道都算；并入其他工单的不计"""
    return spread(window.once(_opened), "tickets", ticket_kind="kind")


@metric("解决工单", unit=Unit.COUNT, topic=Topic.SUPPORT, by_person=True, parts=("cause",))
def tickets_solved(window: Window) -> Iterable[Value]:
    """当天解决的工单，按解决时间；重开后以最后一次解决为准"""
    solved = window.once(_solved)
    yield Value(None, "", sum(each.tickets for each in solved))
    yield from (Value(None, f"cause:{each.cause}", each.tickets) for each in solved)


@metric("解决用时合计", unit=Unit.SECONDS, topic=Topic.SUPPORT, by_person=True)
def seconds_to_solve(window: Window) -> Iterable[Value]:
    """当天解决的工单从提交到解决的时间之和"""
    yield Value(None, "", sum(each.seconds for each in window.once(_solved)))


@metric("首次回复工单", unit=Unit.COUNT, topic=Topic.SUPPORT, by_person=True)
def tickets_replied(window: Window) -> Iterable[Value]:
    """当天得到首次回复的工单"""
    yield Value(None, "", window.once(_replied).tickets)


@metric("首次回复用时合计", unit=Unit.SECONDS, topic=Topic.SUPPORT, by_person=True)
def seconds_to_reply(window: Window) -> Iterable[Value]:
    """当天得到首次回复的工单从提交到首次回复的时间之和"""
    yield Value(None, "", window.once(_replied).seconds)


@metric("未结工单", unit=Unit.COUNT, topic=Topic.SUPPORT, adds=Adds.LAST)
def tickets_waiting(window: Window) -> Iterable[Value]:
    """一天结束时已提交而未解决、未关闭的工单；当天为此刻"""
    yield Value(None, "", figures.tickets_waiting(at=window.end))


@metric("到期时限", unit=Unit.COUNT, topic=Topic.SUPPORT, parts=("clock",))
def promises_ended(window: Window) -> Iterable[Value]:
    """当天按时完成或超时的时限：首次回复、后续回复、解决"""
    ended = window.once(_promises)
    yield Value(None, "", sum(each.kept + each.broken for each in ended))
    yield from (Value(None, f"clock:{each.kind}", each.kept + each.broken) for each in ended)


@metric("按时完成的时限", unit=Unit.COUNT, topic=Topic.SUPPORT, parts=("clock",))
def promises_kept(window: Window) -> Iterable[Value]:
    """到期时限中没有超时的"""
    ended = window.once(_promises)
    yield Value(None, "", sum(each.kept for each in ended))
    yield from (Value(None, f"clock:{each.kind}", each.kept) for each in ended)


@metric("满意度评价", unit=Unit.COUNT, topic=Topic.SUPPORT, by_person=True)
def csat_answers(window: Window) -> Iterable[Value]:
    """当天对客服的评价，1 至 5 分"""
    yield Value(None, "", satisfaction(window.once(_content)).answers)


@metric("满意的评价", unit=Unit.COUNT, topic=Topic.SUPPORT, by_person=True)
def csat_content(window: Window) -> Iterable[Value]:
    """满意度评价中的 4 分和 5 分"""
    yield Value(None, "", satisfaction(window.once(_content)).satisfied)


@metric("推荐度答卷", unit=Unit.COUNT, topic=Topic.SUPPORT, by_person=True)
def nps_answers(window: Window) -> Iterable[Value]:
    """当天答复的推荐度，0 至 10 分"""
    yield Value(None, "", net_promoter(window.once(_loyal)).answers)


@metric("推荐者减贬损者", unit=Unit.COUNT, topic=Topic.SUPPORT, by_person=True)
def nps_balance(window: Window) -> Iterable[Value]:
    """推荐度答卷中 9、10 分的份数减 0 至 6 分的份数，可以为负"""
    found = net_promoter(window.once(_loyal))
    yield Value(None, "", found.promoters - found.detractors)


@metric("微信支付投诉", unit=Unit.COUNT, topic=Topic.SUPPORT)
def complaints(window: Window) -> Iterable[Value]:
    """付款人当天在微信里提出的投诉"""
    yield Value(None, "", figures.complaints(since=window.first, until=window.end))


ratio(
    "sla_rate",
    "时限达成率",
    "按时完成的时限 ÷ 到期时限",
    over="promises_kept",
    under="promises_ended",
    topic=Topic.SUPPORT,
)
ratio(
    "time_to_reply",
    "平均首次回复用时",
    "首次回复用时合计 ÷ 首次回复工单，不扣除非工作时间",
    over="seconds_to_reply",
    under="tickets_replied",
    topic=Topic.SUPPORT,
)
ratio(
    "time_to_solve",
    "平均解决用时",
    "解决用时合计 ÷ 解决工单，不扣除等待顾客的时间",
    over="seconds_to_solve",
    under="tickets_solved",
    topic=Topic.SUPPORT,
)
ratio(
    "csat",
    "满意率",
    "满意的评价 ÷ 满意度评价",
    over="csat_content",
    under="csat_answers",
    topic=Topic.SUPPORT,
)
ratio(
    "nps",
    "净推荐值",
    "（推荐者 − 贬损者）÷ 推荐度答卷，−100% 至 100%",
    over="nps_balance",
    under="nps_answers",
    topic=Topic.SUPPORT,
)
ratio(
    "complaint_rate",
    "投诉率",
    "微信支付投诉 ÷ 支付订单数",
    over="complaints",
    under="orders_paid",
    topic=Topic.SUPPORT,
)
