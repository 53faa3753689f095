"""What red packets hold is in the pool, and what was opened of them is with whoever opened it."""

from wallet.services.sentences.base import Sentence

SENTENCES = (
    Sentence(
        name="red_packet_is_of_shares",
        says="a red packet is what its shares say",
        words="红包与其各份额一致",
        broken="""
            SELECT p.number FROM red_packet AS p
            LEFT JOIN (SELECT packet_id, count(*) AS count, sum(amount) AS amount,
                              count(taken_by_id) AS opened_count,
                              coalesce(sum(amount) FILTER (WHERE taken_by_id IS NOT NULL), 0) AS opened_amount
                       FROM wallet_redpacketshare
                       WHERE packet_id IN (SELECT id FROM red_packet) GROUP BY packet_id
            ) AS s ON s.packet_id = p.id
            WHERE (p.count, p.amount, p.opened_count, p.opened_amount)
                  IS DISTINCT FROM (s.count, s.amount, s.opened_count, s.opened_amount)""",
    ),
    Sentence(
        name="red_packet_pool_is_of_open_shares",
        says="each slot of the red packet pool holds what nobody has taken of open packets",
        words="红包池各分槽的余额等于未领取的份额之和",
        broken="""
            SELECT a.id FROM account AS a
            LEFT JOIN (SELECT e.account_id, sum(s.amount) AS untaken FROM wallet_redpacket AS p
                       JOIN wallet_entry AS e ON e.journal_id = p.journal_id AND e.amount > 0
                       JOIN wallet_redpacketshare AS s ON s.packet_id = p.id AND s.taken_by_id IS NULL
                       WHERE p.state = 'OPEN' GROUP BY e.account_id) AS p ON p.account_id = a.id
            WHERE a.code = 'red_packet_pool' AND a.balance <> coalesce(p.untaken, 0)""",
    ),
)
