-- What does not agree. `amount`: what the bill says of this day, less what the ledger booked on it; for money that
-- goes out, the other way round.
INSERT INTO payments_difference
    (close_id, subject, bucket, number, amount, evidence, due_at, repairs, ended, ended_at, resolution, created_at,
     updated_at)
WITH hours (bucket, hours) AS (SELECT * FROM unnest(%(buckets)s::text[], %(hours)s::int[])),
item AS (
    SELECT kind || ':' || external_id AS subject, outcome AS bucket, number,
           CASE WHEN kind IN ('refund', 'transfer') THEN -1 ELSE 1 END * CASE outcome
               WHEN 'FEE_DIFFERS' THEN -fee
               WHEN 'CROSS_DAY' THEN CASE
                   WHEN trade_amount IS NULL AND fund_amount IS NULL THEN -ledger_amount
                   ELSE coalesce(trade_amount, fund_amount) END
               WHEN 'REFUND_STATE' THEN CASE state WHEN 'FAIL' THEN 0 ELSE trade_amount END - coalesce(ledger_amount, 0)
               ELSE coalesce(nullif(coalesce(trade_amount, fund_amount, 0) - coalesce(ledger_amount, 0), 0),
                             fund_amount - ledger_amount, 0)
           END AS amount,
           jsonb_build_object('trade', trade_amount, 'fund', fund_amount, 'ledger', ledger_amount, 'fee', fee,
                              'state', state, 'journal', journal_id) AS evidence,
           -- Both sides say the same, only not on the same day, or not in the end yet: nothing is to be found out.
           CASE
               WHEN outcome = 'CROSS_DAY' THEN '双方记在相邻两日，另一方在 ' || other_day
               WHEN outcome <> 'REFUND_STATE' THEN NULL
               WHEN (state, our_state) = ('PROCESSING', 'PROCESSING') THEN '双方均在退款处理中，到账之日入账'
               WHEN (state, our_state) = ('CHANGE', 'ABNORMAL') THEN '双方均为退款异常，见支付异常'
           END AS explanation
    FROM payments_closeitem
    LEFT JOIN (SELECT number AS refund_number, state AS our_state FROM payments_refund) AS ours
        ON kind = 'refund' AND refund_number = number
    WHERE close_id = %(close)s AND outcome <> ''
),
line AS (
    SELECT 'TRADE' AS bill, position, external_id, number, amount, problem, raw,
           row_number() OVER (PARTITION BY kind, external_id, problem <> '' ORDER BY position) > 1 AS again
    FROM payments_tradeline WHERE file_id = %(trade)s
    UNION ALL
    SELECT f.kind, position, external_id, number, change, l.problem, raw,
           row_number() OVER (PARTITION BY file_id, flow_no, l.problem <> '' ORDER BY position) > 1
    FROM payments_fundline AS l JOIN payments_billfile AS f ON f.id = l.file_id WHERE file_id = ANY(%(funds)s)
),
bad AS (
    SELECT *, CASE problem WHEN '' THEN 'DUPLICATE_ROWS' ELSE 'INVALID_BILL' END AS bucket,
           count(*) OVER (PARTITION BY bill, problem = '') AS alike
    FROM line WHERE again AND problem = '' OR problem <> ''
),
found AS (
    SELECT * FROM item
    UNION ALL
    SELECT 'row:' || bill || ':' || position, bucket, number, amount,
           jsonb_build_object('external_id', external_id, 'problem', problem, 'raw', raw), NULL
    FROM bad WHERE alike <= %(most)s
    UNION ALL
    SELECT 'rows:' || bill || ':' || bucket, bucket, '', sum(amount)::bigint,
           jsonb_build_object('rows', count(*), 'first', min(position)), NULL
    FROM bad WHERE alike > %(most)s GROUP BY bill, bucket
    UNION ALL
    SELECT 'file:' || kind, 'INVALID_BILL', '', 0, jsonb_build_object('problem', problem), NULL
    FROM payments_billfile WHERE close_id = %(close)s AND state IN ('STAGED', 'INVALID') AND problem <> ''
)
SELECT %(close)s, subject, bucket, number, amount, evidence, %(now)s + hours * interval '1 hour', 0,
       CASE WHEN explanation IS NULL THEN '' ELSE 'BY_ITSELF' END, CASE WHEN explanation IS NULL THEN NULL ELSE %(now)s END,
       coalesce(explanation, ''), %(now)s, %(now)s
FROM found JOIN hours USING (bucket)
ON CONFLICT (close_id, subject) DO UPDATE SET
    bucket = excluded.bucket, number = excluded.number, amount = excluded.amount, evidence = excluded.evidence,
    ended = excluded.ended, ended_at = excluded.ended_at, resolution = excluded.resolution, ended_by = NULL,
    due_at = CASE WHEN payments_difference.ended = '' AND payments_difference.bucket = excluded.bucket
                  THEN payments_difference.due_at ELSE excluded.due_at END,
    updated_at = excluded.updated_at
-- What somebody has settled stays so while it is the same; what was put right is found on another day from now on.
WHERE NOT (payments_difference.ended = 'RESOLVED'
           AND (payments_difference.bucket, payments_difference.amount) = (excluded.bucket, excluded.amount))
  AND NOT (payments_difference.ended <> '' AND excluded.ended <> '')
