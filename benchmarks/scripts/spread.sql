-- Two legs between any two of :customers wallets.
\set first random(1000000000000000, 9000000000000000)
\set second random(1000000000000000, 9000000000000000)
\set low random(1, :customers - 1)
\set high random(:low + 1, :customers) * 10 + 1
\set low :low * 10 + 1
SELECT * FROM ledger_post('1', 'bench-:first:second', :hash, 'transfer', '', '{}',
    '{:low, :high}', '{-1, 1}', NULL, NULL, NULL, NULL, NULL);
