-- Four legs: a customer pays 40 from balance and 60 through WeChat, the merchant earns 99, the platform 1.
\set customer random(1, :customers)
\set slot random(0, 15)
SELECT * FROM ledger_post(1::smallint, 'bench:' || gen_random_uuid(), :hash, 'order_payment', '', '{}',
    ARRAY[:customer * 10 + 1, 9000000000000100 + :slot, 9000000000000300 + :slot, 9000000000000400 + :slot]::bigint[],
    '{-40, -60, 99, 1}', NULL, NULL, NULL, NULL);
