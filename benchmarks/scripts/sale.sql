-- Four legs: a customer pays 40 from balance and 60 through WeChat, the merchant earns 99, the platform 1.
\set customer random(1, :customers)
\set slot random(0, 15)
SELECT * FROM ledger_post(1::smallint, 'bench:' || gen_random_uuid(), :hash, 'order_payment', '', '{}',
    ARRAY[100 + :slot, 300 + :slot, 400 + :slot, 1000000 + :customer * 10 + 1]::bigint[], '{-60, 99, 1, -40}',
    NULL, NULL, NULL, NULL);
