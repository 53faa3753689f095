-- The same without slots: what they are for.
\set customer random(1, :customers)
SELECT * FROM ledger_post(1::smallint, 'bench:' || gen_random_uuid(), :hash, 'order_payment', '', '{}',
    ARRAY[:customer * 10 + 1, 9000000000000300]::bigint[], '{-1, 1}', NULL, NULL, NULL, NULL);
