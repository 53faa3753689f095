-- The same without slots: what they are for.
\set customer random(1, :customers) * 10 + 1
SELECT * FROM ledger_post('1', 'bench:' || gen_random_uuid(), :hash, 'order_payment', '', '{}',
    '{:customer, 9000000000000300}', '{-1, 1}', NULL, NULL, NULL, NULL, NULL);
