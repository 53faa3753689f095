"""Where the money in a customer's account came from."""

from wallet.services.sentences.base import Sentence

SENTENCES = (
    Sentence(
        name="lots_are_the_balance",
        says="what is left of an account's lots is its balance",
        words="资金批次的剩余之和等于账户余额",
        broken="""
            SELECT a.id FROM account AS a
            LEFT JOIN LATERAL (SELECT sum(remaining) AS remaining FROM wallet_lot
                               WHERE account_id = a.id AND NOT is_used_up) AS l ON true
            WHERE coalesce(l.remaining, 0) <> CASE WHEN a.wallet_id IS NULL THEN 0 ELSE a.balance END""",
    ),
    Sentence(
        name="lot_is_of_its_moves",
        says="a lot has left what it got, less what entries took from it",
        words="批次的剩余等于入账减去分录所取",
        broken="""
            SELECT l.id FROM wallet_lot AS l
            LEFT JOIN (SELECT e.account_id, e.lots[n] AS lot_id, sum(e.lots[n + 1]) AS moved
                       FROM wallet_entry AS e, generate_series(1, cardinality(e.lots), 2) AS n
                       WHERE e.lots IS NOT NULL GROUP BY e.account_id, e.lots[n]) AS m
                   ON m.lot_id = l.id AND m.account_id = l.account_id
            WHERE l.remaining <> l.amount + coalesce(m.moved, 0)""",
        nightly=True,
    ),
    Sentence(
        name="entry_names_its_lots",
        says="what an entry took from lots, or gave back to them, is its amount",
        words="分录记下的批次变动之和等于分录金额",
        broken="""
            SELECT e.journal_id FROM entry AS e
            WHERE e.lots IS NOT NULL
              AND e.amount IS DISTINCT FROM (SELECT sum(e.lots[n + 1])
                                             FROM generate_series(1, cardinality(e.lots), 2) AS n)""",
    ),
    Sentence(
        name="lot_is_of_its_journal",
        says="a lot never got more than its journal brought, nor gave more than it got",
        words="批次不多于其凭证的入账，剩余不多于批次",
        broken="""
            SELECT l.id FROM lot AS l
            LEFT JOIN wallet_entry AS e ON e.journal_id = l.journal_id AND e.account_id = l.account_id
            WHERE l.journal_id IS NOT NULL AND (l.amount <= e.amount) IS NOT TRUE
               OR l.remaining NOT BETWEEN 0 AND l.amount""",
    ),
)
