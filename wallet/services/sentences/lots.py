"""Where the money in a customer's account came from."""

from wallet.services.sentences.base import Sentence

SENTENCES = (
    Sentence(
        name="lots_are_what_is_sourced",
        says="what is left of an account's lots is what it says has a source, and is not beyond its balance",
        words="资金批次的剩余之和等于账户中有来源的金额，且不超过余额",
        broken="""
            SELECT a.id FROM account AS a
            LEFT JOIN LATERAL (SELECT sum(remaining) AS remaining FROM wallet_lot
                               WHERE account_id = a.id AND NOT is_used_up) AS l ON true
            WHERE coalesce(l.remaining, 0) <> a.sourced
               OR a.sourced <> 0 AND (a.wallet_id IS NULL OR a.sourced NOT BETWEEN 1 AND a.balance)""",
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
        says="what an entry took from lots, or gave back to them, is within its amount",
        words="分录记下的批次变动不超过分录金额",
        broken="""
            SELECT e.journal_id FROM entry AS e
            WHERE e.lots IS NOT NULL
              AND (SELECT bool_and(sign(e.lots[n + 1]) = sign(e.amount))
                          AND abs(sum(e.lots[n + 1])) <= abs(e.amount)
                   FROM generate_series(1, cardinality(e.lots), 2) AS n) IS NOT TRUE""",
    ),
    Sentence(
        name="lot_is_of_its_journal",
        says="a lot never got more than its journal brought, nor gave more than it got",
        words="批次不多于其凭证的入账，剩余不多于批次",
        broken="""
            SELECT l.id FROM lot AS l
            LEFT JOIN wallet_entry AS e ON e.journal_id = l.journal_id AND e.account_id = l.account_id
            WHERE (l.amount <= e.amount) IS NOT TRUE OR l.remaining NOT BETWEEN 0 AND l.amount""",
    ),
)
