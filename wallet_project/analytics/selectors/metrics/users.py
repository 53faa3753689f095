"""Who comes, stays, leaves and comes back."""

from collections.abc import Iterable

from accounts.selectors.churn import exits_by_reason
from wallet_project.analytics.models import Journey
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors import activity
from wallet_project.analytics.selectors.events import counted_by_hour, new_visitors_by_hour
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, ratio


@metric("日活", unit=Unit.PEOPLE, topic=Topic.USERS, adds=Adds.NEVER, hourly=True, by_person=True)
def active_people(window: Window) -> Iterable[Value]:
    """当天自己做过任何一件事的不同顾客：打开小程序、登录、付款等；系统发的优惠券、到账等不算"""
    yield Value(None, "", activity.here(window.day, window.among).count())
    for hour, people in activity.people_by_hour(window.day, window.among).items():
        yield Value(hour, "", people)


@metric("周活", unit=Unit.PEOPLE, topic=Topic.USERS, adds=Adds.NEVER, by_person=True)
def active_in_week(window: Window) -> Iterable[Value]:
    """到当天为止的 7 天内来过的不同顾客"""
    yield Value(None, "", activity.people_within(7, window.day, window.among))


@metric("月活", unit=Unit.PEOPLE, topic=Topic.USERS, adds=Adds.NEVER, by_person=True)
def active_in_month(window: Window) -> Iterable[Value]:
    """到当天为止的 30 天内来过的不同顾客"""
    yield Value(None, "", activity.people_within(30, window.day, window.among))


@metric("新访客", unit=Unit.PEOPLE, topic=Topic.USERS, hourly=True)
def new_visitors(window: Window) -> Iterable[Value]:
    """当天打开小程序、此前 90 天没有打开过的设备，不论是否登录"""
    return _hours(new_visitors_by_hour(window.first, window.end))


@metric("打开次数", unit=Unit.COUNT, topic=Topic.USERS, hourly=True, by_person=True)
def visits(window: Window) -> Iterable[Value]:
    """当天打开小程序的次数，含未登录的"""
    return _hours(counted_by_hour("opened", window.first, window.end, window.among))


@metric("登录次数", unit=Unit.COUNT, topic=Topic.USERS, hourly=True, by_person=True)
def sign_ins(window: Window) -> Iterable[Value]:
    """当天成功登录的次数"""
    return _hours(counted_by_hour("signed_in", window.first, window.end, window.among))


@metric("新注册", unit=Unit.PEOPLE, topic=Topic.USERS, hourly=True, by_person=True)
def new_people(window: Window) -> Iterable[Value]:
    """当天第一次登录、成为顾客的人"""
    return _hours(counted_by_hour("registered", window.first, window.end, window.among))


@metric("新绑定手机", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def first_phones(window: Window) -> Iterable[Value]:
    """当天第一次绑定手机的顾客"""
    return _first(window, phone_on=window.day)


@metric("首次充值", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def first_top_ups(window: Window) -> Iterable[Value]:
    """当天第一笔充值到账的顾客"""
    return _first(window, topped_up_on=window.day)


@metric("首次付款", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def first_payments(window: Window) -> Iterable[Value]:
    """当天第一次支付订单的顾客"""
    return _first(window, paid_on=window.day)


@metric("回访", unit=Unit.PEOPLE, topic=Topic.USERS, adds=Adds.NEVER, by_person=True)
def returning_people(window: Window) -> Iterable[Value]:
    """日活中以前某天也来过的顾客"""
    yield Value(None, "", activity.returned(window.day, window.among).count())


@metric("流失", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def churned_people(window: Window) -> Iterable[Value]:
    """30 天前来过、此后再没来过的顾客，计在满 30 天的当天；同一人再来后又走，再计一次"""
    yield Value(None, "", activity.gone(window.day, window.among).count())


@metric("召回", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def won_back_people(window: Window) -> Iterable[Value]:
    """30 天以上没来、当天又来的顾客"""
    yield Value(None, "", activity.won_back(window.day, window.among).count())


@metric("注销", unit=Unit.PEOPLE, topic=Topic.USERS, parts=("exit_reason",))
def exits(window: Window) -> Iterable[Value]:
    """当天注销完成的顾客，按他们说的原因"""
    found = exits_by_reason(since=window.first, until=window.end)
    yield Value(None, "", sum(found.values()))
    for reason, people in found.items():
        yield Value(None, f"exit_reason:{reason}", people)


@metric("注册满 7 天", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def due_after_week(window: Window) -> Iterable[Value]:
    """7 天前注册的顾客"""
    return _due(window, days=7)


@metric("7 天后仍在", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def kept_after_week(window: Window) -> Iterable[Value]:
    """7 天前注册、注册次日起来过的顾客"""
    yield Value(None, "", activity.kept(7, window.day, window.among).count())


@metric("注册满 30 天", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def due_after_month(window: Window) -> Iterable[Value]:
    """30 天前注册的顾客"""
    return _due(window, days=30)


@metric("30 天后仍在", unit=Unit.PEOPLE, topic=Topic.USERS, by_person=True)
def kept_after_month(window: Window) -> Iterable[Value]:
    """30 天前注册、最近 7 天来过的顾客"""
    yield Value(None, "", activity.kept(30, window.day, window.among).count())


@metric("按注册周来访", unit=Unit.PEOPLE, topic=Topic.USERS, adds=Adds.NEVER, parts=("week",))
def people_of_week(window: Window) -> Iterable[Value]:
    """当周到当天为止来过的顾客，按注册所在的周（最近 12 周）；留存表由此而来"""
    found = activity.people_by_week_of_registration(window.day)
    yield Value(None, "", sum(found.values()))
    for monday, people in found.items():
        yield Value(None, f"week:{monday}", people)


ratio(
    "week_retention",
    "7 日留存率",
    "7 天后仍在 ÷ 注册满 7 天",
    over="kept_after_week",
    under="due_after_week",
    topic=Topic.USERS,
)
ratio(
    "month_retention",
    "30 日留存率",
    "30 天后仍在 ÷ 注册满 30 天",
    over="kept_after_month",
    under="due_after_month",
    topic=Topic.USERS,
)
ratio(
    "stickiness",
    "活跃粘性",
    "日活 ÷ 月活，按天",
    over="active_people",
    under="active_in_month",
    topic=Topic.USERS,
)
ratio(
    "visitor_conversion",
    "访客注册率",
    "新注册 ÷ 新访客",
    over="new_people",
    under="new_visitors",
    topic=Topic.USERS,
)


def _hours(found: dict[int, int]) -> Iterable[Value]:
    return [Value(hour, "", count) for hour, count in found.items()]


def _first(window: Window, **step: object) -> Iterable[Value]:
    yield Value(None, "", activity.of_people(Journey.objects.filter(**step), window.among).count())


def _due(window: Window, *, days: int) -> Iterable[Value]:
    yield Value(None, "", activity.due(days, window.day, window.among).count())
