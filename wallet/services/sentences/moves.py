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
)
