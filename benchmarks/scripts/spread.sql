-- Two legs between any two of :customers wallets.
\set low random(1, :customers - 1)
\set high random(:low + 1, :customers)
SELECT * FROM ledger_post(1::smallint, 'bench:' || gen_random_uuid(), :hash, 'transfer', '', '{}',
    ARRAY[:low * 10 + 1, :high * 10 + 1]::bigint[], '{-1, 1}', NULL, NULL, NULL, NULL);
