"""How customers are helped, and what they think of it."""

from collections.abc import Iterable

from feedback.rules.scores import net_promoter, satisfaction
from feedback.rules.surveys import SurveyKind
from feedback.selectors import figures
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, ratio, spread
from wallet_project.analytics.selectors.metrics.trade import orders_paid  # noqa: F401 - a ratio below is of it


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


@metric(
    code="tickets_opened",
    name="新工单",
    definition="当天提交的工单，各渠道都算；并入其他工单的不计",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    hourly=True,
    by_person=True,
    parts=("ticket_kind",),
)
def tickets_opened(window: Window) -> Iterable[Value]:
    return spread(window.once(_opened), "tickets", ticket_kind="kind")


@metric(
    code="tickets_solved",
    name="解决工单",
    definition="当天解决的工单，按解决时间；重开后以最后一次解决为准",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    by_person=True,
    parts=("cause",),
)
def tickets_solved(window: Window) -> Iterable[Value]:
    solved = window.once(_solved)
    yield Value(None, "", sum(each.tickets for each in solved))
    yield from (Value(None, f"cause:{each.cause}", each.tickets) for each in solved)


@metric(
    code="seconds_to_solve",
    name="解决用时合计",
    definition="当天解决的工单从提交到解决的时间之和",
    unit=Unit.SECONDS,
    topic=Topic.SUPPORT,
    by_person=True,
)
def seconds_to_solve(window: Window) -> Iterable[Value]:
    yield Value(None, "", sum(each.seconds for each in window.once(_solved)))


@metric(
    code="tickets_replied",
    name="首次回复工单",
    definition="当天得到首次回复的工单",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    by_person=True,
)
def tickets_replied(window: Window) -> Iterable[Value]:
    yield Value(None, "", window.once(_replied).tickets)


@metric(
    code="seconds_to_reply",
    name="首次回复用时合计",
    definition="当天得到首次回复的工单从提交到首次回复的时间之和",
    unit=Unit.SECONDS,
    topic=Topic.SUPPORT,
    by_person=True,
)
def seconds_to_reply(window: Window) -> Iterable[Value]:
    yield Value(None, "", window.once(_replied).seconds)


@metric(
    code="tickets_waiting",
    name="未结工单",
    definition="一天结束时已提交而未解决、未关闭的工单；当天为此刻",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    adds=Adds.LAST,
)
def tickets_waiting(window: Window) -> Iterable[Value]:
    yield Value(None, "", figures.tickets_waiting(at=window.end))


@metric(
    code="promises_ended",
    name="到期时限",
    definition="当天按时完成或超时的时限：首次回复、后续回复、解决",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    parts=("clock",),
)
def promises_ended(window: Window) -> Iterable[Value]:
    ended = window.once(_promises)
    yield Value(None, "", sum(each.kept + each.broken for each in ended))
    yield from (Value(None, f"clock:{each.kind}", each.kept + each.broken) for each in ended)


@metric(
    code="promises_kept",
    name="按时完成的时限",
    definition="到期时限中没有超时的",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    parts=("clock",),
)
def promises_kept(window: Window) -> Iterable[Value]:
    ended = window.once(_promises)
    yield Value(None, "", sum(each.kept for each in ended))
    yield from (Value(None, f"clock:{each.kind}", each.kept) for each in ended)


@metric(
    code="csat_answers",
    name="满意度评价",
    definition="当天对客服的评价，1 至 5 分",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    by_person=True,
)
def csat_answers(window: Window) -> Iterable[Value]:
    yield Value(None, "", satisfaction(window.once(_content)).answers)


@metric(
    code="csat_content",
    name="满意的评价",
    definition="满意度评价中的 4 分和 5 分",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    by_person=True,
)
def csat_content(window: Window) -> Iterable[Value]:
    yield Value(None, "", satisfaction(window.once(_content)).satisfied)


@metric(
    code="nps_answers",
    name="推荐度答卷",
    definition="当天答复的推荐度，0 至 10 分",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    by_person=True,
)
def nps_answers(window: Window) -> Iterable[Value]:
    yield Value(None, "", net_promoter(window.once(_loyal)).answers)


@metric(
    code="nps_balance",
    name="推荐者减贬损者",
    definition="推荐度答卷中 9、10 分的份数减 0 至 6 分的份数，可以为负",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
    by_person=True,
)
def nps_balance(window: Window) -> Iterable[Value]:
    found = net_promoter(window.once(_loyal))
    yield Value(None, "", found.promoters - found.detractors)


@metric(
    code="complaints",
    name="微信支付投诉",
    definition="付款人当天在微信里提出的投诉",
    unit=Unit.COUNT,
    topic=Topic.SUPPORT,
)
def complaints(window: Window) -> Iterable[Value]:
    yield Value(None, "", figures.complaints(since=window.first, until=window.end))


ratio(
    code="sla_rate",
    name="时限达成率",
    definition="按时完成的时限 ÷ 到期时限",
    over="promises_kept",
    under="promises_ended",
    topic=Topic.SUPPORT,
)
ratio(
    code="time_to_reply",
    name="平均首次回复用时",
    definition="首次回复用时合计 ÷ 首次回复工单，不扣除非工作时间",
    over="seconds_to_reply",
    under="tickets_replied",
    topic=Topic.SUPPORT,
)
ratio(
    code="time_to_solve",
    name="平均解决用时",
    definition="解决用时合计 ÷ 解决工单，不扣除等待顾客的时间",
    over="seconds_to_solve",
    under="tickets_solved",
    topic=Topic.SUPPORT,
)
ratio(
    code="csat",
    name="满意率",
    definition="满意的评价 ÷ 满意度评价",
    over="csat_content",
    under="csat_answers",
    topic=Topic.SUPPORT,
)
ratio(
    code="nps",
    name="净推荐值",
    definition="（推荐者 − 贬损者）÷ 推荐度答卷，−100% 至 100%",
    over="nps_balance",
    under="nps_answers",
    topic=Topic.SUPPORT,
)
ratio(
    code="complaint_rate",
    name="投诉率",
    definition="微信支付投诉 ÷ 支付订单数",
    over="complaints",
    under="orders_paid",
    topic=Topic.SUPPORT,
)
