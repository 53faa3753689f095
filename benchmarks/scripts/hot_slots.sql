-- Every customer pays the same merchant, whose sales have sixteen slots.
\set customer random(1, :customers)
\set slot random(0, 15)
SELECT * FROM ledger_post(1::smallint, 'bench:' || gen_random_uuid(), :hash, 'order_payment', '', '{}',
    ARRAY[:customer * 10 + 1, 9000000000000300 + :slot]::bigint[], '{-1, 1}', NULL, NULL, NULL, NULL);
