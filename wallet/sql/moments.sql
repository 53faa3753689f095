-- The number of an account's last entry at a moment or before it; 0: there was none yet.
-- Entries are numbered without a gap and never go back in time (posting.sql), so a moment is found by halving:
-- twenty looks along the primary key among a million entries, and no index of moments to write with every posting.
CREATE FUNCTION ledger_entry_at(p_account bigint, p_moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    low bigint := 0;
    high bigint := (SELECT version FROM wallet_ledgeraccount WHERE id = p_account);
    middle bigint;
BEGIN
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        IF (SELECT at FROM wallet_entry WHERE account_id = p_account AND version = middle) <= p_moment THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN low;
END $$;

-- reverse
DROP FUNCTION ledger_entry_at(bigint, timestamptz);
