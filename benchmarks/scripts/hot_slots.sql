-- Every customer pays the same merchant, whose sales have sixteen slots.
\set first random(1000000000000000, 9000000000000000)
\set second random(1000000000000000, 9000000000000000)
\set customer random(1, :customers) * 10 + 1
\set sales 9000000000000300 + random(0, 15)
SELECT * FROM ledger_post('1', 'bench-:first:second', :hash, 'order_payment', '', '{}',
    '{:customer, :sales}', '{-1, 1}', NULL, NULL, NULL, NULL, NULL);
