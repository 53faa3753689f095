"""What coupons does, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "营销",
    {
        "coupons.channel.cost": "录入渠道费用",
        "coupons.codes.exported": "导出兑换码",
        "coupons.codes.opened": "生成兑换码",
        "coupons.coupon.voided": "作废优惠券",
        "coupons.experiment.state": "对照实验开始或结束",
        "coupons.grant.decided": "发放优惠券",
        "coupons.membership.given": "人工调整会员等级",
        "coupons.partner.paid": "合作方付款入账",
        "coupons.partner.report": "下载合作方对账单",
        "coupons.referral.bound": "绑定邀请人",
        "coupons.referral.step": "处理邀请奖励",
        "coupons.stock.added": "增加优惠券数量",
        "coupons.campaign.paused": "暂停营销活动",
        "coupons.campaign.stopped": "营销活动预算用完，自动停止",
        "coupons.campaign.goes_on": "营销活动继续或调整预算",
        "coupons.mall_order.picked_up": "核销积分兑换",
        "coupons.mall_order.cancelled": "取消积分兑换",
    },
)
