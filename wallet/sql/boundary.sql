-- The boundary: the functions run as wallet_ledger, and only the application's role may call them.
DO $$
DECLARE
    callable text;
BEGIN
    EXECUTE 'GRANT CREATE ON SCHEMA public TO wallet_ledger';  -- an owner needs it at the moment of taking over
    FOREACH callable IN ARRAY ARRAY[
        'ledger_post(smallint, text, bytea, text, text, jsonb, bigint[], bigint[], date, bigint, bigint, bigint, jsonb)',
        'ledger_open_wallet(bigint)',
        'ledger_set_wallet_status(bigint, text, text, timestamptz)',
        'ledger_close_wallet(bigint)',
        'ledger_place_hold(bigint, bigint, text, text, timestamptz, text[], boolean)',
        'ledger_release_hold(bigint, text)',
        'ledger_seal(integer)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', callable);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO wallet_app', callable);
        EXECUTE format('ALTER FUNCTION %s OWNER TO wallet_ledger', callable);
    END LOOP;
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM wallet_ledger';
END $$;

-- reverse
SELECT 1;
