"""What people hear of coupons, points, rewards and their membership."""

from wallet_project.notifications.rules.notices import Category, ChannelKind, NoticeRow
from wallet_project.notifications.rules.variables import day, moment, number, text

_SEEN = (ChannelKind.INBOX,)
_PUSHED = (ChannelKind.INBOX, ChannelKind.SUBSCRIBE)

_COUPON = text("优惠券", "满 50 减 10")
_TIER = text("会员等级", "金卡会员")

ROWS = (
    NoticeRow(
        code="coupons.coupon_issued",
        category=Category.SERVICE,
        title="优惠券到账",
        channels=_SEEN,
        variables={"coupon": _COUPON, "until": moment("有效期至")},
        zh=("优惠券到账", "您获得一张优惠券“{coupon}”，{until} 前有效。"),
        en=("You have a coupon", "You received the coupon “{coupon}”, valid until {until}."),
        link="pages/coupons/index",
    ),
    NoticeRow(
        code="coupons.coupon_expiring",
        category=Category.SERVICE,
        title="优惠券即将过期",
        channels=_PUSHED,
        variables={"coupon": _COUPON, "until": moment("有效期至")},
        zh=("优惠券即将过期", "您的优惠券“{coupon}”将于 {until} 过期，别忘了使用。"),
        en=("Your coupon is expiring", "Your coupon “{coupon}” ends at {until}. Don’t forget to use it."),
        link="pages/coupons/index",
    ),
    NoticeRow(
        code="coupons.points_expiring",
        category=Category.SERVICE,
        title="积分即将过期",
        channels=_PUSHED,
        variables={"points": number("积分", 500), "until": moment("最早过期时间")},
        zh=("积分即将过期", "您有 {points} 积分将从 {until} 起陆续过期。"),
        en=("Your points are expiring", "{points} of your points expire from {until} on."),
        link="pages/points/index",
    ),
    NoticeRow(
        code="coupons.reward_given",
        category=Category.SERVICE,
        title="奖励到账",
        channels=_SEEN,
        variables={"reward": text("奖励", "返现 ¥5.00")},
        zh=("奖励到账", "您获得的奖励已到账：{reward}。"),
        en=("Your reward is here", "You received your reward: {reward}."),
        link="pages/rewards/index",
    ),
    NoticeRow(
        code="coupons.tier_changed",
        category=Category.SERVICE,
        title="会员等级变动",
        channels=_PUSHED,
        variables={"before": _TIER, "after": text("新等级", "铂金会员"), "cause": text("原因", "成长值达标")},
        zh=("会员等级：{after}", "您的会员等级由“{before}”变为“{after}”（{cause}）。"),
        en=("Your membership: {after}", "Your membership went from “{before}” to “{after}” ({cause})."),
        link="pages/membership/index",
    ),
    NoticeRow(
        code="coupons.tier_ending",
        category=Category.SERVICE,
        title="会员等级即将到期",
        channels=_PUSHED,
        variables={"tier": _TIER, "until": day("到期日")},
        zh=("会员等级即将到期", "您的“{tier}”将于 {until} 到期，在此之前成长值达标即可保级。"),
        en=(
            "Your membership is ending",
            "Your “{tier}” membership ends on {until}, unless you grow enough until then.",
        ),
        link="pages/membership/index",
    ),
)
