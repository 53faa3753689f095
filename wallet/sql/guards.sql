-- What no writer may do, the owner included.
--   WL007  something that was written once is changed or deleted
--   WL008  the entries of a journal do not sum to zero

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'WL007';
END $$;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER hold_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_holdevent
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER record_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_record
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- An entry is only written together with its account's row (posting.sql), so this is all its foreign key needs.
CREATE TRIGGER account_is_never_deleted BEFORE DELETE OR TRUNCATE ON wallet_ledgeraccount
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER lot_is_never_deleted BEFORE DELETE OR TRUNCATE ON wallet_lot
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- A statement-level trigger over the new rows: one look per journal, not one per row and again at commit.
-- Two rows or more follow from amounts that are not zero and sum to zero.
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sound boolean;
BEGIN
    SELECT sum(amount) = 0 AND bool_and(amount <> 0) AND min(journal_id) = max(journal_id) INTO sound FROM fresh;
    IF sound IS NOT TRUE THEN
        RAISE EXCEPTION 'a statement writes the entries of one journal: two or more, none zero, their sum zero'
            USING ERRCODE = 'WL008';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entries_balance AFTER INSERT ON wallet_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();

-- Balances and lots change in place and stay on their page: room for the next version keeps the indexes untouched.
ALTER TABLE wallet_ledgeraccount SET (fillfactor = 60);
ALTER TABLE wallet_lot SET (fillfactor = 70);

-- reverse
DROP TRIGGER journal_is_append_only ON wallet_journal;
DROP TRIGGER entry_is_append_only ON wallet_entry;
DROP TRIGGER hold_event_is_append_only ON wallet_holdevent;
DROP TRIGGER seal_is_append_only ON wallet_seal;
DROP TRIGGER record_is_append_only ON wallet_record;
DROP TRIGGER account_is_never_deleted ON wallet_ledgeraccount;
DROP TRIGGER lot_is_never_deleted ON wallet_lot;
DROP TRIGGER entries_balance ON wallet_entry;
DROP FUNCTION ledger_is_append_only();
DROP FUNCTION ledger_entries_balance();
ALTER TABLE wallet_ledgeraccount RESET (fillfactor);
ALTER TABLE wallet_lot RESET (fillfactor);
