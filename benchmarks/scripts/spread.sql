-- Two legs between any two of :customers wallets.
\set low random(1, :customers - 1)
\set high random(:low + 1, :customers) * 10 + 1
\set low :low * 10 + 1
SELECT * FROM ledger_post('1', 'bench:' || gen_random_uuid(), :hash, 'transfer', '', '{}',
    '{:low, :high}', '{-1, 1}', NULL, NULL, NULL, NULL, NULL);
