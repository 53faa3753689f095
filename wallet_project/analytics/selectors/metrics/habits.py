"""When people come, what they use, and what they spend on."""

from collections.abc import Iterable

from wallet.selectors.figures import spending_by_category
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors import events
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, spread


def _uses(window: Window) -> list[events.Use]:
    return events.uses(window.first, window.end, window.among)


@metric("行为次数", unit=Unit.COUNT, topic=Topic.HABITS, hourly=True, by_person=True)
def acts(window: Window) -> Iterable[Value]:
    """当天顾客自己做的每一件事，含未登录的浏览"""
    for hour, times in events.visits_by_hour(window.first, window.end, window.among).items():
        yield Value(hour, "", times)


@metric("功能使用次数", unit=Unit.COUNT, topic=Topic.HABITS, by_person=True, parts=("feature",))
def feature_uses(window: Window) -> Iterable[Value]:
    """当天各功能的页面浏览和办理次数"""
    found = window.once(_uses)
    yield Value(None, "", sum(each.times for each in found))
    for each in found:
        yield Value(None, f"feature:{each.feature}", each.times)


@metric(
    "功能使用人数",
    unit=Unit.PEOPLE,
    topic=Topic.HABITS,
    adds=Adds.NEVER,
    by_person=True,
    parts=("feature",),
)
def feature_people(window: Window) -> Iterable[Value]:
    """当天用过各功能的不同顾客"""
    yield Value(None, "", events.people_who_used(window.first, window.end, window.among))
    for each in window.once(_uses):
        yield Value(None, f"feature:{each.feature}", each.people)


@metric("消费", unit=Unit.FEN, topic=Topic.HABITS, hourly=True, by_person=True, parts=("category",))
def spending(window: Window) -> Iterable[Value]:
    """当天账单中性质为支出的金额，按消费分类，不减退回；含转账和缴费等，与交易额不同"""
    found = spending_by_category(since=window.first, until=window.end, among=window.among)
    return spread(found, "amount", category="category")


@metric("页面报错", unit=Unit.COUNT, topic=Topic.HABITS, hourly=True, parts=("code",))
def failures(window: Window) -> Iterable[Value]:
    """当天小程序里向顾客展示的错误，按错误码"""
    return spread(events.failures(window.first, window.end), "times", code="code")
