-- wallet_ledger owns the ledger's functions and alone may write its tables; nobody logs in as it.
-- wallet_app is what the application connects as: it may look, and call the functions.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['wallet_ledger', 'wallet_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- roles belong to the server: another database's migration was faster
            END;
        END IF;
    END LOOP;
    -- Giving a function away needs membership; since PostgreSQL 16 creating a role does not bring it along.
    IF NOT pg_has_role(current_user, 'wallet_ledger', 'USAGE') THEN
        GRANT wallet_ledger TO CURRENT_USER;
    END IF;
END $$;

GRANT USAGE ON SCHEMA public TO wallet_ledger;
GRANT SELECT, INSERT, UPDATE ON wallet_wallet, wallet_ledgeraccount, wallet_hold, wallet_lot TO wallet_ledger;
GRANT USAGE ON SEQUENCE wallet_lot_id_seq TO wallet_ledger;
GRANT SELECT, INSERT ON wallet_journal, wallet_entry, wallet_holdevent, wallet_seal TO wallet_ledger;

-- reverse
REVOKE ALL ON wallet_wallet, wallet_ledgeraccount, wallet_hold, wallet_lot FROM wallet_ledger;
REVOKE ALL ON SEQUENCE wallet_lot_id_seq FROM wallet_ledger;
REVOKE ALL ON wallet_journal, wallet_entry, wallet_holdevent, wallet_seal FROM wallet_ledger;
REVOKE ALL ON SCHEMA public FROM wallet_ledger;
