"""What we owe in points and coupons is what customers have, and every one of them is somewhere."""

from wallet.services.sentences.base import Sentence

REDEMPTIONS = (
    Sentence(
        name="redemption_is_of_coupons_and_points",
        says="what a payment has reserved or used of coupons and points is reserved or used, by it alone",
        words="支付预留或使用的优惠券、积分与券和积分的状态一致",
        broken="""
            SELECT r.reference FROM coupons_redemption AS r
            LEFT JOIN (SELECT t.redemption_id, sum(t.off) AS off, bool_and(
                           (c.reference, c.state) = (held.reference, held.state)
                           OR held.coupons_returned_at IS NOT NULL) AS agree
                       FROM coupons_redeemedcoupon AS t
                       JOIN coupons_redemption AS held ON held.id = t.redemption_id
                       JOIN coupons_coupon AS c ON c.id = t.coupon_id
                       GROUP BY t.redemption_id) AS coupons ON coupons.redemption_id = r.id
            LEFT JOIN coupons_pointsspend AS s ON s.reference = r.reference AND s.state <> 'FREED'
            WHERE r.off <> coalesce(coupons.off, 0)
               OR r.state <> 'RELEASED' AND coupons.agree IS FALSE
               OR coalesce(s.points, 0) <> CASE r.state WHEN 'RELEASED' THEN 0 ELSE r.points END
               OR s.state <> CASE r.state WHEN 'REDEEMED' THEN 'USED' ELSE r.state END""",
        nightly=True,
    ),
)
POINTS = (
    Sentence(
        name="points_are_of_lots",
        says="somebody's pending, active and reserved points are what their lots say",
        words="积分账户的待生效、可用、预留等于各批次之和",
        broken="""
            SELECT a.user_id FROM coupons_pointsaccount AS a
            LEFT JOIN (SELECT account_id,
                              sum("left") FILTER (WHERE is_pending) AS pending,
                              sum("left") FILTER (WHERE NOT is_pending) AS active,
                              sum(reserved) AS reserved
                       FROM coupons_pointslot GROUP BY account_id) AS l ON l.account_id = a.user_id
            WHERE (a.pending, a.active, a.reserved)
                  IS DISTINCT FROM
                  (coalesce(l.pending, 0), coalesce(l.active, 0), coalesce(l.reserved, 0))""",
        nightly=True,
    ),
    Sentence(
        name="reserved_points_are_of_spends",
        says="somebody's reserved points are what is being paid with them, and every spend is of its parts",
        words="预留的积分等于正在支付的积分之和，每笔使用等于其明细之和",
        broken="""
            SELECT a.user_id::text FROM coupons_pointsaccount AS a
            LEFT JOIN (SELECT account_id, sum(points) AS points FROM coupons_pointsspend
                       WHERE state = 'RESERVED' GROUP BY account_id) AS s ON s.account_id = a.user_id
            WHERE a.reserved <> coalesce(s.points, 0)
            UNION ALL
            SELECT s.reference FROM coupons_pointsspend AS s
            LEFT JOIN (SELECT spend_id, sum(points) AS points FROM coupons_pointsspendpart
                       GROUP BY spend_id) AS p ON p.spend_id = s.id
            WHERE s.points IS DISTINCT FROM p.points""",
        nightly=True,
    ),
    Sentence(
        name="points_are_of_history",
        says="somebody's points and debt are what the lines of their history add up to",
        words="积分账户的积分与欠缴等于积分明细之和",
        broken="""
            SELECT a.user_id FROM coupons_pointsaccount AS a
            LEFT JOIN (SELECT account_id, sum(points) AS points,
                              sum(owed) + coalesce(sum(points) FILTER (WHERE kind = 'DEBT_PAID'), 0) AS debt
                       FROM coupons_pointsentry GROUP BY account_id) AS e ON e.account_id = a.user_id
            WHERE (a.pending + a.active + a.reserved, a.debt)
                  IS DISTINCT FROM (coalesce(e.points, 0), coalesce(e.debt, 0))""",
        nightly=True,
    ),
    Sentence(
        name="points_liability_is_of_accounts",
        says="what the ledger owes in points is what customers have, at one fen each",
        words="积分负债等于顾客的积分，每分折合 0.01 元",
        broken="""
            SELECT 'points_liability' FROM wallet_ledgeraccount WHERE code = 'points_liability'
            HAVING sum(balance) <> (SELECT coalesce(sum(pending + active + reserved), 0)
                                    FROM coupons_pointsaccount)""",
        nightly=True,
    ),
)

REWARDS = (
    Sentence(
        name="reward_liability_is_of_rewards",
        says="what the ledger owes in rewards is what people are promised and have not been given",
        words="待发奖励等于尚未发放的奖励之和",
        broken="""
            SELECT 'reward_liability' FROM wallet_ledgeraccount WHERE code = 'reward_liability'
            HAVING sum(balance) <> (SELECT coalesce(sum(amount), 0) FROM coupons_reward
                                    WHERE state IN ('HELD', 'PENDING'))""",
        nightly=True,
    ),
    Sentence(
        name="campaign_budget_is_of_rewards",
        says="what is taken of a campaign's budget is what it has promised and given",
        words="营销活动占用的预算等于其奖励之和",
        broken="""
            SELECT c.id FROM coupons_campaign AS c
            LEFT JOIN (SELECT campaign_id, sum(amount + owed) AS taken
                       FROM coupons_reward GROUP BY campaign_id) AS r ON r.campaign_id = c.id
            WHERE c.committed <> coalesce(r.taken, 0)""",
        nightly=True,
    ),
)

COUPONS = (
    Sentence(
        name="coupon_liability_is_of_coupons",
        says="what the ledger owes in coupons is the most that those can give which are held or reserved",
        words="优惠券负债等于可使用和使用中的优惠券最多可抵的金额之和",
        broken="""
            SELECT 'coupon_liability' FROM wallet_ledgeraccount WHERE code = 'coupon_liability'
            HAVING sum(balance) <> (SELECT coalesce(sum(face), 0) FROM coupons_coupon
                                    WHERE state IN ('HELD', 'RESERVED'))""",
        nightly=True,
    ),
    Sentence(
        name="coupon_stock_is_of_coupons",
        says="of a limited template as many are gone as were given",
        words="限量优惠券的已发放数量等于实际发放的张数",
        broken="""
            SELECT s.template_id FROM coupons_couponstock AS s
            WHERE s.issued <> (SELECT count(*) FROM coupons_coupon WHERE template_id = s.template_id)""",
        nightly=True,
    ),
)

PARTNERS = (
    Sentence(
        name="partner_receivable_is_of_shares",
        says="what the ledger says that partners owe us is their shares without what they have paid",
        words="应收合作方等于合作方分担的金额减去已付的金额",
        broken="""
            SELECT 'partner_receivable' FROM wallet_ledgeraccount WHERE code = 'partner_receivable'
            HAVING -sum(balance) <> (SELECT coalesce(sum(due), 0) FROM coupons_partnershare)
                                    - (SELECT coalesce(sum(amount), 0) FROM coupons_partnerpayment)""",
        nightly=True,
    ),
)
