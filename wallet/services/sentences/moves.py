"""What customers were told, and what has a number of its own, agrees with the entries."""

from wallet.services.sentences.base import Sentence

SENTENCES = (
    Sentence(
        name="record_is_of_entries",
        says="a customer's record agrees with the entries",
        words="顾客的账单记录与分录一致",
        broken="""
            SELECT r.id FROM record AS r
            LEFT JOIN (SELECT e.journal_id, a.wallet_id, sum(e.amount) AS moved
                       FROM entry AS e JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
                       WHERE a.wallet_id IS NOT NULL GROUP BY e.journal_id, a.wallet_id) AS e
                   ON e.journal_id = r.journal_id AND e.wallet_id = r.wallet_id
            WHERE CASE r.direction WHEN 'in' THEN r.balance_amount ELSE -r.balance_amount END
                  <> coalesce(e.moved, 0)""",
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
)
