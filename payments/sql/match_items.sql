-- Every payment, refund and transfer of a day, as trade bill, fund-flow bills and ledger say it, and what that means.
INSERT INTO payments_closeitem
    (close_id, kind, external_id, number, at, trade_amount, fund_amount, ledger_amount, fee, state, journal_id,
     booked_at, outcome, other_day)
WITH prefix (prefix, kind) AS (SELECT * FROM unnest(%(prefixes)s::text[], %(kinds)s::text[])),
-- the trade bill, each thing once
t AS MATERIALIZED (
    SELECT DISTINCT ON (kind, external_id) kind, external_id, number, at, appid, mchid, state, amount, fee
    FROM payments_tradeline WHERE file_id = %(trade)s AND problem = '' ORDER BY kind, external_id, position
),
-- the fund-flow bills, each flow of an account once, summed over what it is about, whichever account it was
flow AS MATERIALIZED (
    SELECT DISTINCT ON (file_id, flow_no) kind, external_id, number, at, change
    FROM payments_fundline WHERE file_id = ANY(%(funds)s) AND problem = '' ORDER BY file_id, flow_no, position
),
f AS (
    SELECT kind, external_id, max(number) AS number, min(at) AS at,
           sum(CASE kind WHEN 'payment' THEN change ELSE -change END)::bigint AS amount
    FROM flow WHERE kind IN ('payment', 'refund', 'transfer') GROUP BY kind, external_id
),
taken AS (
    SELECT external_id, -sum(change)::bigint AS fee FROM flow WHERE kind = 'fee' GROUP BY external_id
),
-- the ledger: what it booked on this day, and whatever it booked, ever, of what the bills name
named AS (SELECT kind, external_id FROM t UNION SELECT kind, external_id FROM f),
moves AS (
    -- what WeChat took and sent to the bank is booked by the sums that two people have signed
    SELECT * FROM wallet_clearing_move WHERE at >= %(begins)s AND at < %(ends)s AND kind <> 'settlement'
    UNION
    SELECT m.* FROM named JOIN prefix USING (kind)
    JOIN wallet_clearing_move AS m ON m.told = prefix.prefix || named.external_id
),
l AS (
    SELECT coalesce(prefix.kind, 'other') AS kind,
           coalesce(substr(m.told, length(prefix.prefix) + 1), m.told) AS external_id,
           m.reference, m.at, m.journal_id,
           CASE WHEN prefix.kind IN ('refund', 'transfer') THEN -m.amount ELSE m.amount END AS amount
    FROM moves AS m LEFT JOIN prefix ON starts_with(m.told, prefix.prefix)
),
-- all of them side by side
item AS (
    SELECT kind, external_id, coalesce(t.number, f.number, l.reference, '') AS number, coalesce(t.at, f.at) AS at,
           t.amount AS trade, f.amount AS fund, l.amount AS ledger, coalesce(t.fee, 0) AS fee, t.appid, t.mchid,
           coalesce(t.state, '') AS state, l.journal_id, l.at AS booked_at,
           l.at >= %(begins)s AND l.at < %(ends)s AS booked_today,
           coalesce(t.at, f.at, l.at) >= %(ends)s - %(cut_off)s::interval AS at_the_end
    FROM t FULL JOIN f USING (kind, external_id) FULL JOIN l USING (kind, external_id)
),
seen AS (
    SELECT item.*, coalesce(p.number, item.number) AS our_number, coalesce(taken.fee, 0) AS fee_taken,
           r.state AS our_state, r.amount AS our_amount,
           -- the same thing in a bill of another day, where it is missing in this one's
           CASE WHEN item.trade IS NULL THEN (
               SELECT min(o.at) FROM payments_tradeline AS o
               WHERE o.external_id = item.external_id AND o.kind = item.kind AND o.file_id <> %(trade)s
                 AND o.problem = '') END AS trade_at,
           CASE WHEN item.fund IS NULL THEN (
               SELECT min(o.at) FROM payments_fundline AS o
               WHERE o.external_id = item.external_id AND o.kind = item.kind AND o.file_id <> ALL(%(funds)s)
                 AND o.problem = '') END AS fund_at
    FROM item
    LEFT JOIN taken USING (external_id)
    LEFT JOIN payments_refund AS r ON item.kind = 'refund' AND r.number = item.number
    LEFT JOIN payments_payment AS p
        ON item.kind = 'payment' AND item.trade IS NULL AND item.fund IS NULL AND p.transaction_id = item.external_id
)
SELECT %(close)s, kind, external_id, our_number, at, trade, fund, ledger, fee, state, journal_id, booked_at,
CASE
    WHEN kind = 'other' THEN 'PAID_WECHAT_MISSING'
    WHEN trade IS NOT NULL AND (appid <> %(appid)s OR mchid <> %(mchid)s) THEN 'OTHER_MERCHANT'
    WHEN trade IS NULL AND fund IS NULL THEN CASE
        WHEN trade_at IS NOT NULL OR fund_at IS NOT NULL OR at_the_end AND NOT %(next_is_here)s THEN 'CROSS_DAY'
        WHEN kind = 'payment' THEN 'PAID_WECHAT_MISSING'
        WHEN kind = 'refund' THEN 'REFUND_OURS_ONLY'
        ELSE 'TRANSFER_OURS_ONLY' END
    WHEN kind = 'payment' THEN CASE
        WHEN state = 'REVOKED' THEN CASE WHEN ledger IS NULL THEN '' ELSE 'PAID_WECHAT_MISSING' END
        WHEN ledger IS NULL THEN 'PAID_OURS_MISSING'
        WHEN trade IS NULL THEN CASE WHEN trade_at IS NULL THEN 'PAID_WECHAT_MISSING' ELSE 'CROSS_DAY' END
        WHEN trade <> ledger THEN 'AMOUNT_DIFFERS'
        WHEN fund IS NULL AND (fund_at IS NOT NULL OR at_the_end AND NOT %(next_is_here)s) THEN 'CROSS_DAY'
        WHEN trade IS DISTINCT FROM fund THEN 'AMOUNT_DIFFERS'
        WHEN fee <> fee_taken OR fee <> (trade * %(fee_rate)s + 5000) / 10000 THEN 'FEE_DIFFERS'
        WHEN NOT booked_today THEN 'CROSS_DAY'
        ELSE '' END
    WHEN kind = 'refund' THEN CASE
        WHEN our_state IS NULL AND ledger IS NULL THEN 'REFUND_WECHAT_ONLY'
        WHEN trade IS NULL THEN CASE WHEN trade_at IS NULL THEN 'REFUND_OURS_ONLY' ELSE 'CROSS_DAY' END
        WHEN trade <> coalesce(ledger, our_amount) THEN 'REFUND_AMOUNT'
        WHEN state = 'FAIL' AND (ledger IS NOT NULL OR our_state <> 'CLOSED') THEN 'REFUND_STATE'
        WHEN state = 'FAIL' THEN CASE WHEN coalesce(fund, 0) = 0 THEN '' ELSE 'REFUND_AMOUNT' END
        WHEN fund IS NULL AND (fund_at IS NOT NULL OR at_the_end AND NOT %(next_is_here)s) THEN 'CROSS_DAY'
        WHEN trade IS DISTINCT FROM fund THEN 'REFUND_AMOUNT'
        WHEN ledger IS NULL THEN 'REFUND_STATE'
        WHEN fee <> fee_taken THEN 'FEE_DIFFERS'
        WHEN NOT booked_today THEN 'CROSS_DAY'
        ELSE '' END
    ELSE CASE
        WHEN ledger IS NULL THEN 'TRANSFER_WECHAT_ONLY'
        WHEN fund <> ledger THEN 'AMOUNT_DIFFERS'
        WHEN NOT booked_today THEN 'CROSS_DAY'
        ELSE '' END
END,
CASE
    WHEN ledger IS NOT NULL AND NOT booked_today THEN (booked_at AT TIME ZONE 'Asia/Shanghai')::date
    ELSE (coalesce(trade_at, fund_at) AT TIME ZONE 'Asia/Shanghai')::date
END
FROM seen
