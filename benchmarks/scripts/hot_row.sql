-- The same without slots: what they are for.
\set first random(1000000000000000, 9000000000000000)
\set second random(1000000000000000, 9000000000000000)
\set customer random(1, :customers) * 10 + 1
SELECT * FROM ledger_post('1', 'bench-:first:second', :hash, 'order_payment', '', '{}',
    '{:customer, 9000000000000300}', '{-1, 1}', NULL, NULL, NULL, NULL, NULL);
