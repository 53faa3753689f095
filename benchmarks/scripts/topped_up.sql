-- The same out of money with a source, so that its lot moves, too.
\set first random(1000000000000000, 9000000000000000)
\set second random(1000000000000000, 9000000000000000)
\set customer random(1, :customers) * 10 + 2
\set sales 9000000000000300 + random(0, 15)
SELECT * FROM ledger_post('1', 'bench-:first:second', :hash, 'order_payment', '', '{}',
    '{:customer, :sales}', '{-1, 1}', NULL, NULL, NULL, NULL, NULL);
