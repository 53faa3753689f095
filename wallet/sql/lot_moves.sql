-- Money with a colour and a source: ledger_post keeps the lots of a customer's account in step with its balance.
-- `sourced` of an account is what is left of its lots; what it has beyond that has no source.
--   WL011  a lot, or what a journal took, has not that much left
--
-- p_lots, where the caller has something to say about lots:
--   source      what is credited is a lot of its own under this name, ending at expires_at (or never)
--   take        [[lot, amount], …]: what is debited comes from exactly these, leg by leg; lot 0 has no source
--   restores    a journal: what is credited goes back to the lots it took from, the last one first
--
-- Each function returns what `sourced` changes by, and then what the entry notes: lot, change, lot, change, …
-- The account is locked; money without a source goes by as a lot 0, of which there was p_unsourced.

-- Take an amount, from p_first as far as it goes, then by the common order: what ends soonest, what has no source,
-- the oldest. So what can go back to where it came from stays longest.
CREATE FUNCTION ledger_take_from_lots(
    p_account bigint, p_amount bigint, p_unsourced bigint, p_first bigint
) RETURNS bigint[] LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lot record;
    part bigint;
    rest bigint := p_amount;
    taken bigint[] := '{0}';
BEGIN
    FOR lot IN
        SELECT id, remaining FROM (
            SELECT l.id, l.remaining, l.expires_at FROM wallet_lot AS l
            WHERE l.account_id = p_account AND NOT l.is_used_up
            UNION ALL
            SELECT 0, p_unsourced, NULL
        ) AS open ORDER BY (id = p_first) IS TRUE DESC, expires_at, id
    LOOP
        part := least(lot.remaining, rest);
        IF lot.id > 0 THEN
            UPDATE wallet_lot SET remaining = remaining - part WHERE id = lot.id;
            taken := taken || lot.id || -part;
            taken[1] := taken[1] - part;
        END IF;
        rest := rest - part;
        EXIT WHEN rest = 0;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'the lots of account % are not its balance', p_account USING ERRCODE = 'WL003';
    END IF;
    RETURN taken;
END $$;

-- Take exactly these amounts out of exactly these lots.
CREATE FUNCTION ledger_take_these_lots(
    p_account bigint, p_amount bigint, p_unsourced bigint, p_take jsonb
) RETURNS bigint[] LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wanted record;
    rest bigint := p_amount;
    taken bigint[] := '{0}';
BEGIN
    FOR wanted IN
        SELECT named.id, named.amount, CASE WHEN named.id > 0 THEN l.remaining ELSE p_unsourced END AS remaining
        FROM (SELECT (pair ->> 0)::bigint AS id, (pair ->> 1)::bigint AS amount
              FROM jsonb_array_elements(p_take) AS pair) AS named
        LEFT JOIN wallet_lot AS l ON l.id = named.id AND l.account_id = p_account
        WHERE named.id = 0 OR l.id IS NOT NULL  -- the others are of other legs
        ORDER BY named.id
    LOOP
        IF (wanted.amount BETWEEN 1 AND wanted.remaining) IS NOT TRUE THEN
            RAISE EXCEPTION 'lot % has not that much left', wanted.id USING ERRCODE = 'WL011';
        END IF;
        IF wanted.id > 0 THEN
            UPDATE wallet_lot SET remaining = remaining - wanted.amount WHERE id = wanted.id;
            taken := taken || wanted.id || -wanted.amount;
            taken[1] := taken[1] - wanted.amount;
        END IF;
        rest := rest - wanted.amount;
    END LOOP;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'the lots to take are not the amount of account %', p_account USING ERRCODE = 'WL003';
    END IF;
    RETURN taken;
END $$;

-- Give an amount back to the lots that p_journal took it from, never more than it took.
CREATE FUNCTION ledger_restore_lots(p_account bigint, p_amount bigint, p_journal bigint) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lot record;
    part bigint;
    rest bigint := p_amount;
    given bigint[] := '{0}';
BEGIN
    FOR lot IN
        WITH entry AS (
            SELECT e.amount, e.lots FROM wallet_entry AS e
            WHERE e.journal_id = p_journal AND e.account_id = p_account
            UNION ALL
            SELECT e.amount, e.lots FROM wallet_journal AS j JOIN wallet_entry AS e ON e.journal_id = j.id
            WHERE j.restores_id = p_journal AND e.account_id = p_account
        ), part AS (
            SELECT l.id, lots[n + 1] AS change
            FROM entry CROSS JOIN generate_series(1, cardinality(lots), 2) AS n JOIN wallet_lot AS l ON l.id = lots[n]
        )
        SELECT id, -sum(change) AS owed FROM (
            SELECT id, change FROM part UNION ALL SELECT 0, -change FROM part UNION ALL SELECT 0, amount FROM entry
        ) AS moved GROUP BY id HAVING sum(change) < 0 ORDER BY id DESC
    LOOP
        part := least(lot.owed, rest);
        IF lot.id > 0 THEN
            UPDATE wallet_lot SET remaining = remaining + part WHERE id = lot.id;
            given := given || lot.id || part;
            given[1] := given[1] + part;
        END IF;
        rest := rest - part;
        EXIT WHEN rest = 0;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'journal % took less from account %', p_journal, p_account USING ERRCODE = 'WL011';
    END IF;
    RETURN given;
END $$;

-- Keep the lots of one customer's account in step with one leg. A reversed credit takes its own lot back first.
CREATE FUNCTION ledger_move_lots(
    p_account bigint, p_amount bigint, p_unsourced bigint, p_journal bigint, p_reverses bigint, p_at timestamptz,
    p_lots jsonb
) RETURNS bigint[] LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lot bigint;
BEGIN
    IF p_amount < 0 THEN
        IF p_lots -> 'take' IS NOT NULL THEN
            RETURN ledger_take_these_lots(p_account, -p_amount, p_unsourced, p_lots -> 'take');
        ELSIF p_reverses IS NOT NULL THEN
            SELECT coalesce(max(l.id), 0) INTO lot FROM wallet_lot AS l
            WHERE l.account_id = p_account AND l.journal_id = p_reverses;
        END IF;
        RETURN ledger_take_from_lots(p_account, -p_amount, p_unsourced, lot);
    ELSIF p_lots -> 'restores' IS NOT NULL OR p_reverses IS NOT NULL THEN
        RETURN ledger_restore_lots(p_account, p_amount, coalesce((p_lots ->> 'restores')::bigint, p_reverses));
    ELSIF p_lots -> 'source' IS NOT NULL THEN
        INSERT INTO wallet_lot (account_id, journal_id, source, amount, remaining, expires_at, at)
        VALUES (p_account, p_journal, p_lots ->> 'source', p_amount, p_amount,
                (p_lots ->> 'expires_at')::timestamptz, p_at);
        RETURN ARRAY[p_amount];
    END IF;
    RETURN '{0}';
END $$;

-- reverse
DROP FUNCTION ledger_move_lots(bigint, bigint, bigint, bigint, bigint, timestamptz, jsonb);
DROP FUNCTION ledger_restore_lots(bigint, bigint, bigint);
DROP FUNCTION ledger_take_these_lots(bigint, bigint, bigint, jsonb);
DROP FUNCTION ledger_take_from_lots(bigint, bigint, bigint, bigint);
