-- The same without slots: what they are for.
\set customer random(1, :customers)
SELECT * FROM ledger_post(1::smallint, 'bench:' || gen_random_uuid(), :hash, 'order_payment', '', '{}',
    ARRAY[300, 1000000 + :customer * 10 + 1]::bigint[], '{1, -1}', NULL, NULL, NULL, NULL);
