"""What customers were told, and what has a number of its own, agrees with the entries."""

from wallet.services.sentences.base import Sentence

SENTENCES = (
    Sentence(
        name="record_is_of_entries",
        says="a customer's record agrees with the entries",
        words="顾客的账单记录与分录一致",
        broken="""
            SELECT r.id FROM record AS r
            LEFT JOIN moved ON moved.journal_id = r.journal_id AND moved.wallet_id = r.wallet_id
            WHERE CASE r.direction WHEN 'in' THEN r.balance_amount ELSE -r.balance_amount END
                  <> coalesce(moved.amount, 0)""",
    ),
    Sentence(
        name="discount_is_of_entries",
        says="what a record says that coupons and points paid, or have back, is what their accounts say",
        words="账单记录中的优惠抵扣与优惠券、积分、营销费用的分录一致",
        broken="""
            SELECT r.id FROM record AS r
            JOIN wallet_journal AS j ON j.id = r.journal_id AND j.kind IN ('order_payment', 'order_refund')
            LEFT JOIN LATERAL (
                SELECT sum(e.amount) AS amount FROM wallet_entry AS e
                JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
                    AND a.code IN ('coupon_liability', 'points_liability', 'promotion_cost')
                WHERE e.journal_id = j.id
            ) AS of_promises ON true
            WHERE CASE r.direction WHEN 'in' THEN r.discount_amount ELSE -r.discount_amount END
                  <> coalesce(of_promises.amount, 0)""",
    ),
    Sentence(
        name="top_up_is_of_entry",
        says="a credited top-up is in its wallet's principal",
        words="已到账的充值都记入了本金",
        broken="""
            SELECT t.number FROM top_up AS t
            LEFT JOIN wallet_ledgeraccount AS a ON a.wallet_id = t.wallet_id AND a.code = 'principal'
            LEFT JOIN wallet_entry AS e ON e.journal_id = t.journal_id AND e.account_id = a.id
            WHERE t.state = 'CREDITED' AND t.amount IS DISTINCT FROM e.amount""",
    ),
    Sentence(
        name="biller_clearing_is_of_bills",
        says="what waits for billers is of bills that were paid, and leaves whole when one comes back",
        words="缴费待结算只来自已缴的账单，退回的账单各退一次且全额",
        broken="""
            SELECT e.journal_id FROM entry AS e
            JOIN wallet_ledgeraccount AS a ON a.id = e.account_id AND a.code = 'biller_clearing'
            LEFT JOIN wallet_journal AS j ON j.id = e.journal_id
            LEFT JOIN wallet_journal AS p ON p.book_id = j.book_id AND p.key = 'bill:' || j.reference
            LEFT JOIN wallet_entry AS paid ON paid.journal_id = p.id AND paid.account_id = e.account_id
            WHERE (j.key = p.key AND j.kind = 'bill_payment' AND e.amount > 0
                OR j.key = 'bill_returned:' || j.reference AND j.kind = 'bill_returned'
                   AND e.amount = -paid.amount) IS NOT TRUE""",
    ),
    Sentence(
        name="refund_clearing_is_of_refunds",
        says="what waits to be refunded is of refunds that were decided, and leaves once and whole",
        words="退款待结算只来自已决定的订单退款，各结清一次且全额",
        broken="""
            SELECT e.journal_id FROM entry AS e
            JOIN wallet_ledgeraccount AS a ON a.id = e.account_id AND a.code = 'refund_clearing'
            LEFT JOIN wallet_journal AS j ON j.id = e.journal_id
            LEFT JOIN wallet_journal AS p ON p.book_id = j.book_id AND p.key = 'order_refund:' || j.reference
            LEFT JOIN wallet_entry AS owed ON owed.journal_id = p.id AND owed.account_id = e.account_id
            WHERE (j.key = p.key AND j.kind = 'order_refund' AND e.amount > 0
                OR j.key = 'refund_settled:' || j.reference AND e.amount = -owed.amount) IS NOT TRUE""",
    ),
    Sentence(
        name="transfer_is_of_entries",
        says="an accepted transfer left one wallet and reached the other",
        words="已收的转账都从付款人转出、到了收款人",
        broken="""
            SELECT t.number FROM transfer AS t
            LEFT JOIN wallet_wallet AS sender ON sender.user_id = t.sender_id
            LEFT JOIN wallet_wallet AS receiver ON receiver.user_id = t.receiver_id
            LEFT JOIN moved AS paid ON paid.journal_id = t.journal_id AND paid.wallet_id = sender.id
            LEFT JOIN moved AS got ON got.journal_id = t.journal_id AND got.wallet_id = receiver.id
            WHERE t.state = 'ACCEPTED'
              AND (t.journal_id IS NULL OR t.journal_id IN (SELECT journal_id FROM entry))
              AND (paid.amount, got.amount) IS DISTINCT FROM (-(t.amount + t.fee), t.amount)""",
    ),
    Sentence(
        name="transfer_is_of_hold",
        says="a waiting transfer is held whole, and nothing is held for one that has ended",
        words="待收的转账全额冻结，已结束的不再冻结",
        broken="""
            SELECT t.number FROM transfer AS t JOIN wallet_hold AS h ON h.id = t.hold_id
            WHERE h.amount - h.captured - h.released
                  <> CASE t.state WHEN 'WAITING' THEN t.amount + t.fee ELSE 0 END""",
    ),
    Sentence(
        name="withdrawal_is_of_hold",
        says="what has not left for a withdrawal is held, and of the fee we kept what the hold paid",
        words="提现尚未转出的都冻结着，收取的手续费与冻结的扣款一致",
        broken="""
            SELECT w.number FROM withdrawal AS w LEFT JOIN wallet_hold AS h ON h.id = w.hold_id
            WHERE coalesce(h.captured, 0) <> w.fee_paid
               OR coalesce(h.amount - h.captured - h.released, 0)
                  <> CASE WHEN w.state IN ('REVIEW', 'APPROVED') THEN w.amount + w.fee
                          WHEN w.state = 'SENDING' THEN w.fee ELSE 0 END""",
    ),
    Sentence(
        name="adjustment_is_of_entry",
        says="a posted adjustment is in the account that two people agreed on",
        words="已入账的调账与两人批准的科目和金额一致",
        broken="""
            SELECT j.number FROM adjustment AS j
            LEFT JOIN wallet_ledgeraccount AS a ON a.wallet_id = j.wallet_id AND a.code = j.colour
            LEFT JOIN wallet_entry AS e ON e.journal_id = j.journal_id AND e.account_id = a.id
            WHERE j.journal_id IS NOT NULL AND j.amount IS DISTINCT FROM e.amount""",
    ),
)
