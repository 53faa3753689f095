"""What is given away, what it brings, and who brings whom."""

from collections.abc import Iterable

from coupons.selectors import figures
from coupons.selectors.channels import ChannelMonth
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, ratio, spread


def _issued(window: Window) -> list[figures.Coupons]:
    return figures.coupons_issued(since=window.first, until=window.end, among=window.among)


def _ended(window: Window) -> list[figures.Coupons]:
    return figures.coupons_ended(since=window.first, until=window.end, among=window.among)


def _rewards(window: Window) -> list[figures.Rewarded]:
    return figures.rewards_promised(since=window.first, until=window.end, among=window.among)


def _gains(window: Window) -> list[figures.Gain]:
    return figures.gains_of_experiments(since=window.first, until=window.end)


def _channels(window: Window) -> list[ChannelMonth]:
    return figures.channels_on(window.day)


def _points(window: Window) -> list[figures.Counted]:
    return figures.points_moved(since=window.first, until=window.end, among=window.among)


def _tier_moves(window: Window) -> tuple[int, int]:
    return figures.tier_moves(since=window.first, until=window.end, among=window.among)


def _by(part: str, counts: dict[str, int]) -> Iterable[Value]:
    """The whole, and each part."""
    yield Value(None, "", sum(counts.values()))
    for code, count in counts.items():
        yield Value(None, f"{part}:{code}", count)


@metric(
    "发放优惠券",
    unit=Unit.COUNT,
    topic=Topic.GROWTH,
    hourly=True,
    by_person=True,
    parts=("template", "giving"),
)
def coupons_issued(window: Window) -> Iterable[Value]:
    """当天到顾客手里的优惠券，包括领取、兑换码和后台发放"""
    return spread(window.once(_issued), "coupons", template="template", giving="giving")


@metric("领取优惠券", unit=Unit.COUNT, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("template",))
def coupons_claimed(window: Window) -> Iterable[Value]:
    """其中顾客自己领取或用兑换码得到的"""
    return spread(window.once(_issued), "taken", template="template")


@metric("使用优惠券", unit=Unit.COUNT, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("template",))
def coupons_used(window: Window) -> Iterable[Value]:
    """当天随订单支付成功而使用的优惠券，到统计时没有退还的"""
    return spread(window.once(_ended), "used", template="template")


@metric("过期优惠券", unit=Unit.COUNT, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("template",))
def coupons_expired(window: Window) -> Iterable[Value]:
    """当天没有使用就过期的优惠券"""
    return spread(window.once(_ended), "expired", template="template")


@metric("发放优惠券面额", unit=Unit.FEN, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("template",))
def coupons_face(window: Window) -> Iterable[Value]:
    """当天发放的优惠券最多可抵的金额"""
    return spread(window.once(_issued), "amount", template="template")


@metric("优惠券优惠", unit=Unit.FEN, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("template",))
def coupons_worth(window: Window) -> Iterable[Value]:
    """当天使用的优惠券实际优惠的金额，返现券按应返金额"""
    return spread(window.once(_ended), "amount", template="template")


@metric("活动奖励数", unit=Unit.COUNT, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("campaign",))
def campaign_rewards(window: Window) -> Iterable[Value]:
    """当天营销活动答应的奖励"""
    rewards = [each for each in window.once(_rewards) if each.campaign]
    return spread(rewards, "rewards", campaign="campaign")


@metric("活动成本", unit=Unit.FEN, topic=Topic.GROWTH, hourly=True, by_person=True, parts=("campaign",))
def campaign_cost(window: Window) -> Iterable[Value]:
    """当天营销活动答应的奖励到统计时没有取消或收回的金额，一个积分按一分计"""
    rewards = [each for each in window.once(_rewards) if each.campaign]
    return spread(rewards, "amount", campaign="campaign")


@metric("活动带来的消费", unit=Unit.FEN, topic=Topic.GROWTH, by_person=True, parts=("campaign",))
def campaign_sales(window: Window) -> Iterable[Value]:
    """当天得到活动奖励的消费中顾客自有资金的部分，减去退款；得到几个活动奖励的消费合计只算一次"""
    sums = figures.sales_of_campaigns(since=window.first, until=window.end, among=window.among)
    for campaign, amount in sums.items():
        yield Value(None, f"campaign:{campaign}" if campaign else "", amount)


@metric("实验增量", unit=Unit.FEN, topic=Topic.GROWTH, adds=Adds.LAST, parts=("experiment",))
def experiment_gain(window: Window) -> Iterable[Value]:
    """对照实验中各方案的人比对照组多消费的自有资金：人均之差 × 人数，从实验开始累计；样本太小的不计"""
    gains = window.once(_gains)
    return _by("experiment", {each.experiment: each.gain for each in gains}) if gains else ()


@metric("实验基线", unit=Unit.FEN, topic=Topic.GROWTH, adds=Adds.LAST, parts=("experiment",))
def experiment_expected(window: Window) -> Iterable[Value]:
    """各方案的人如果像对照组那样消费的自有资金：对照组人均 × 人数，从实验开始累计"""
    gains = window.once(_gains)
    return _by("experiment", {each.experiment: each.expected for each in gains}) if gains else ()


@metric("邀请绑定", unit=Unit.COUNT, topic=Topic.GROWTH, hourly=True)
def referrals(window: Window) -> Iterable[Value]:
    """当天绑定邀请人的新朋友"""
    return spread(figures.referrals_bound(since=window.first, until=window.end), "number")


@metric("邀请步骤", unit=Unit.COUNT, topic=Topic.GROWTH, hourly=True, parts=("step",))
def referral_steps(window: Window) -> Iterable[Value]:
    """当天新朋友达成的步骤，不论奖励是否发放"""
    return spread(figures.referral_steps(since=window.first, until=window.end), "number", step="kind")


@metric("邀请成本", unit=Unit.FEN, topic=Topic.GROWTH, hourly=True)
def referral_cost(window: Window) -> Iterable[Value]:
    """当天因邀请答应双方的奖励到统计时没有取消或收回的金额，一个积分按一分计"""
    return spread([each for each in window.once(_rewards) if not each.campaign], "amount")


@metric("渠道来访", unit=Unit.COUNT, topic=Topic.GROWTH, parts=("channel",))
def channel_visits(window: Window) -> Iterable[Value]:
    """当天从渠道来过的人次，同一人同一渠道一天算一次"""
    return _by("channel", {each.code: each.visits for each in window.once(_channels)})


@metric("渠道注册", unit=Unit.PEOPLE, topic=Topic.GROWTH, parts=("channel",))
def channel_registered(window: Window) -> Iterable[Value]:
    """当天注册的顾客中由渠道带来的，算给此前 30 天内最后一个渠道"""
    return _by("channel", {each.code: each.by_last.registered for each in window.once(_channels)})


@metric("渠道首购", unit=Unit.PEOPLE, topic=Topic.GROWTH, parts=("channel",))
def channel_first_buyers(window: Window) -> Iterable[Value]:
    """当天第一次消费的顾客中由渠道带来的，算给此前 30 天内最后一个渠道"""
    return _by("channel", {each.code: each.by_last.bought for each in window.once(_channels)})


@metric("渠道消费", unit=Unit.FEN, topic=Topic.GROWTH, parts=("channel",))
def channel_sales(window: Window) -> Iterable[Value]:
    """当天消费的自有资金中由渠道带来的，减去退款，算给此前 30 天内最后一个渠道"""
    return _by("channel", {each.code: each.by_last.own for each in window.once(_channels)})


@metric("渠道费用", unit=Unit.FEN, topic=Topic.GROWTH, parts=("channel",))
def channel_cost(window: Window) -> Iterable[Value]:
    """渠道当月费用按天均分，各天之和等于当月"""
    return _by("channel", {each.code: each.cost for each in window.once(_channels)})


def _points_of(window: Window, *kinds: str, sign: int) -> Iterable[Value]:
    moved = [each for each in window.once(_points) if each.kind in kinds]
    return [value._replace(value=sign * value.value) for value in spread(moved, "number")]


@metric("获得积分", unit=Unit.POINTS, topic=Topic.GROWTH, hourly=True, by_person=True)
def points_earned(window: Window) -> Iterable[Value]:
    """当天发给顾客的积分，包括待生效的"""
    return _points_of(window, "EARNED", sign=1)


@metric("使用积分", unit=Unit.POINTS, topic=Topic.GROWTH, hourly=True, by_person=True)
def points_spent(window: Window) -> Iterable[Value]:
    """当天抵扣和兑换的积分，减去退回的"""
    return _points_of(window, "SPENT", "RETURNED", sign=-1)


@metric("过期积分", unit=Unit.POINTS, topic=Topic.GROWTH, hourly=True, by_person=True)
def points_expired(window: Window) -> Iterable[Value]:
    """当天没有使用就过期的积分"""
    return _points_of(window, "EXPIRED", sign=-1)


@metric("积分存量", unit=Unit.POINTS, topic=Topic.GROWTH, adds=Adds.LAST, by_person=True)
def points_outstanding(window: Window) -> Iterable[Value]:
    """当天结束时顾客手里的积分，包括待生效和预留的；折合金额见“积分负债”"""
    yield Value(None, "", figures.points_owed(before=window.end, among=window.among))


@metric("会员", unit=Unit.PEOPLE, topic=Topic.GROWTH, adds=Adds.LAST, by_person=True, parts=("tier",))
def members(window: Window) -> Iterable[Value]:
    """当天结束时的顾客，按会员等级；没有成长记录的在最低等级"""
    return _by("tier", figures.members_by_tier(before=window.end, among=window.among))


@metric("升级", unit=Unit.COUNT, topic=Topic.GROWTH, by_person=True)
def tier_ups(window: Window) -> Iterable[Value]:
    """当天升到更高会员等级的次数"""
    yield Value(None, "", window.once(_tier_moves)[0])


@metric("降级", unit=Unit.COUNT, topic=Topic.GROWTH, by_person=True)
def tier_downs(window: Window) -> Iterable[Value]:
    """当天降到更低会员等级的次数"""
    yield Value(None, "", window.once(_tier_moves)[1])


ratio(
    "coupon_use",
    "优惠券使用率",
    "使用优惠券 ÷ 发放优惠券，按当天发生的算，不是同一批券",
    over="coupons_used",
    under="coupons_issued",
    topic=Topic.GROWTH,
)
ratio(
    "campaign_return",
    "活动 ROI",
    "活动带来的消费 ÷ 活动成本；没有活动也会有的消费没有减去，增量看实验提升",
    over="campaign_sales",
    under="campaign_cost",
    topic=Topic.GROWTH,
)
ratio(
    "experiment_lift",
    "实验提升",
    "实验增量 ÷ 实验基线",
    over="experiment_gain",
    under="experiment_expected",
    topic=Topic.GROWTH,
)
ratio(
    "referral_price",
    "邀请获客成本",
    "邀请成本 ÷ 邀请绑定",
    over="referral_cost",
    under="referrals",
    topic=Topic.GROWTH,
)
ratio(
    "channel_return",
    "渠道 ROI",
    "渠道消费 ÷ 渠道费用",
    over="channel_sales",
    under="channel_cost",
    topic=Topic.GROWTH,
)
ratio(
    "channel_price",
    "渠道获客成本",
    "渠道费用 ÷ 渠道注册",
    over="channel_cost",
    under="channel_registered",
    topic=Topic.GROWTH,
)
