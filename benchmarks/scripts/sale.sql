-- Four legs: a customer pays 40 from balance and 60 through WeChat, the merchant earns 99, the platform 1.
\set first random(1000000000000000, 9000000000000000)
\set second random(1000000000000000, 9000000000000000)
\set customer random(1, :customers) * 10 + 1
\set clearing 9000000000000100 + random(0, 15)
\set sales :clearing + 200
\set fees :clearing + 300
SELECT * FROM ledger_post('1', 'bench-:first:second', :hash, 'order_payment', '', '{}',
    '{:customer, :clearing, :sales, :fees}', '{-40, -60, 99, 1}', NULL, NULL, NULL, NULL, NULL);
