-- One balanced journal = one call of ledger_post = one commit.
--   WL001  the key was used for something else       WL004  no such account in this book
--   WL002  the account is frozen                     WL005  not enough available, detail {needed, available}
--   WL003  malformed legs                            WL006  the hold has not that much left
--   WL012  the account receives nothing              WL011  a lot has not that much left (lot_moves.sql)

-- Raises what speaks against the legs that did not move; if nothing does any more, they may be tried again.
CREATE FUNCTION ledger_refuse(
    p_book smallint, p_accounts bigint[], p_amounts bigint[], p_net bigint[], p_owed boolean, p_moved bigint[]
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    account wallet_ledgeraccount;
BEGIN
    FOR leg IN 1 .. cardinality(p_accounts) LOOP
        IF (p_accounts[leg] > coalesce(p_accounts[leg - 1], 0)) IS NOT TRUE THEN
            RAISE EXCEPTION 'legs must ascend by account' USING ERRCODE = 'WL003';
        END IF;
        CONTINUE WHEN p_accounts[leg] = ANY (p_moved);
        SELECT * INTO account FROM wallet_ledgeraccount WHERE id = p_accounts[leg] AND book_id = p_book;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no account % in book %', p_accounts[leg], p_book USING ERRCODE = 'WL004';
        ELSIF p_amounts[leg] > 0 AND account.receives_nothing AND p_owed IS NOT TRUE THEN
            RAISE EXCEPTION 'account % receives nothing', account.id USING ERRCODE = 'WL012';
        ELSIF p_net[leg] < 0 AND account.frozen THEN
            RAISE EXCEPTION 'account % is frozen', account.id USING ERRCODE = 'WL002';
        ELSIF p_net[leg] < 0 AND NOT account.allow_negative AND account.balance - account.held + p_net[leg] < 0 THEN
            RAISE EXCEPTION 'account % has not enough available', account.id USING ERRCODE = 'WL005',
                DETAIL = json_build_object('needed', -p_amounts[leg], 'available', account.balance - account.held);
        END IF;
    END LOOP;
    RAISE EXCEPTION 'an account changed meanwhile' USING ERRCODE = 'serialization_failure';
END $$;

-- Legs come strictly ascending by account: one comparison gives the lock order and no account twice.
-- With p_hold the legs sum to p_captured and the hold pays that much, from its accounts in the order it was
-- placed; such money was promised before, so a freeze does not stop it.
-- p_lots is what the caller has to say about lots (lot_moves.sql), and:
--   owed        true: it is the owner's already (collected, returned), so an account that receives nothing takes it
-- A key seen before answers with the first journal.
CREATE FUNCTION ledger_post(
    p_book smallint, p_key text, p_request_hash bytea, p_kind text, p_reference text, p_facts jsonb,
    p_accounts bigint[], p_amounts bigint[],
    p_business_date date, p_reverses bigint, p_hold bigint, p_captured bigint, p_lots jsonb DEFAULT NULL,
    OUT journal bigint, OUT posted_at timestamptz, OUT replayed boolean, OUT accounts bigint[], OUT balances bigint[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- The plan of the one statement that moves money is made once, and is a walk along the primary key.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    platform constant bigint := 9000000000000000;  -- wallet.rules.chart: customers' accounts are below
    started constant timestamptz := clock_timestamp();
    owed boolean;
    names_lots boolean := false;
    first_hash bytea;
    left_in_hold bigint;
    net bigint[] := p_amounts;  -- what is available changes by this: the amount, and what the hold frees for it
    moved bigint[];
    versions bigint[];
    sourced_before bigint[];
    gives_sourced boolean;
    lot bigint[];
    lots text[];
BEGIN
    INSERT INTO wallet_journal
        (book_id, key, request_hash, kind, reference, facts, at, business_date, reverses_id, restores_id, xid)
    VALUES (p_book, p_key, p_request_hash, p_kind, p_reference, p_facts, started,
            coalesce(p_business_date, (started AT TIME ZONE 'Asia/Shanghai')::date),
            p_reverses, (p_lots ->> 'restores')::bigint, pg_current_xact_id()::text::bigint)
    ON CONFLICT (book_id, key) DO NOTHING
    RETURNING id INTO journal;

    replayed := journal IS NULL;
    IF replayed THEN
        SELECT j.id, j.request_hash INTO journal, first_hash FROM wallet_journal AS j
        WHERE j.book_id = p_book AND j.key = p_key;
        IF first_hash <> p_request_hash THEN
            RAISE EXCEPTION 'key % was used for another journal', p_key USING ERRCODE = 'WL001';
        END IF;
        SELECT max(e.at), array_agg(e.account_id ORDER BY e.account_id), array_agg(e.balance_after ORDER BY e.account_id)
        INTO posted_at, accounts, balances FROM wallet_entry AS e WHERE e.journal_id = journal;
        RETURN;
    END IF;

    IF p_reverses IS NOT NULL OR p_lots IS NOT NULL THEN
        owed := p_lots ->> 'owed' = 'true';
        names_lots := p_reverses IS NOT NULL OR p_lots ?| '{source,take,restores}';
    END IF;
    accounts := p_accounts;
    IF p_hold IS NOT NULL THEN
        SELECT h.amount - h.captured - h.released INTO left_in_hold
        FROM wallet_hold AS h WHERE h.id = p_hold FOR NO KEY UPDATE;
        IF (p_captured BETWEEN 1 AND left_in_hold) IS NOT TRUE THEN
            RAISE EXCEPTION 'hold % has not that much left', p_hold USING ERRCODE = 'WL006';
        END IF;
        WITH part AS (
            SELECT e.account_id, sum(e.amount) AS open,
                   coalesce(sum(sum(e.amount)) OVER (ORDER BY min(e.id) ROWS BETWEEN UNBOUNDED PRECEDING
                                                     AND 1 PRECEDING), 0) AS before
            FROM wallet_holdevent AS e WHERE e.hold_id = p_hold GROUP BY e.account_id
        ), leg AS (
            SELECT account_id, given.moved, 0 AS taken FROM unnest(p_accounts, p_amounts) AS given (account_id, moved)
            UNION ALL
            SELECT account_id, -least(open, p_captured - before), least(open, p_captured - before)
            FROM part WHERE open > 0 AND before < p_captured
        ), total AS (
            SELECT account_id, sum(leg.moved)::bigint AS moved, sum(taken)::bigint AS taken FROM leg GROUP BY account_id
        )
        SELECT array_agg(account_id ORDER BY account_id), array_agg(total.moved ORDER BY account_id),
               array_agg(total.moved + taken ORDER BY account_id)
        INTO accounts, p_amounts, net FROM total;
    END IF;

    IF (cardinality(accounts) >= 2 AND cardinality(accounts) = cardinality(p_amounts) AND 0 <> ALL (p_amounts))
       IS NOT TRUE THEN
        RAISE EXCEPTION 'a journal needs two legs or more, and each must move something' USING ERRCODE = 'WL003';
    END IF;
    -- The primary key hands the accounts out ascending: that is the order of the locks, and what comes back is
    -- `accounts` itself, or something speaks against a leg. Time never runs backwards on an account, whatever the
    -- clock does. Money with a source goes last, until its lots have been asked.
    WITH changed AS (
        UPDATE wallet_ledgeraccount AS a
        SET balance = a.balance + p_amounts[array_position(accounts, a.id)],
            held = a.held + p_amounts[array_position(accounts, a.id)] - net[array_position(accounts, a.id)],
            sourced = least(a.sourced, greatest(a.balance + p_amounts[array_position(accounts, a.id)], 0)),
            version = a.version + 1, last_at = greatest(a.last_at, started)
        WHERE a.id = ANY (accounts) AND a.book_id = p_book
          AND CASE WHEN net[array_position(accounts, a.id)] < 0
              THEN NOT a.frozen
                   AND (a.allow_negative OR a.balance - a.held + net[array_position(accounts, a.id)] >= 0)
              ELSE NOT a.receives_nothing OR owed OR p_amounts[array_position(accounts, a.id)] < 0 END
        RETURNING a.id, a.balance, a.version, a.last_at, old.sourced, old.sourced > 0 AND old.balance > a.balance AS gives
    )
    SELECT array_agg(c.id), array_agg(c.balance), array_agg(c.version), max(c.last_at), array_agg(c.sourced), bool_or(c.gives)
    INTO moved, balances, versions, posted_at, sourced_before, gives_sourced FROM changed AS c;
    IF moved IS DISTINCT FROM accounts THEN
        PERFORM ledger_refuse(p_book, accounts, p_amounts, net, owed, moved);
    END IF;

    IF names_lots OR gives_sourced THEN  -- money without a source needs no look at lots
        FOR leg IN 1 .. cardinality(accounts) LOOP
            CONTINUE WHEN accounts[leg] > platform
                OR NOT names_lots AND (p_amounts[leg] > 0 OR sourced_before[leg] = 0);
            lot := ledger_move_lots(accounts[leg], p_amounts[leg], balances[leg] - p_amounts[leg] - sourced_before[leg],
                                    journal, p_reverses, posted_at, p_lots);
            UPDATE wallet_ledgeraccount AS a SET sourced = sourced_before[leg] + lot[1]
            WHERE a.id = accounts[leg] AND a.sourced <> sourced_before[leg] + lot[1];
            lots[leg] := nullif(lot[2:], '{}')::text;
        END LOOP;
    END IF;

    IF posted_at > started THEN  -- one of the accounts was ahead of the clock; a journal is one moment
        UPDATE wallet_ledgeraccount AS a SET last_at = posted_at
        WHERE a.id = ANY (accounts) AND a.last_at < posted_at;
    END IF;

    INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at, lots)
    SELECT e.account, e.version, journal, e.amount, e.balance, posted_at, lots[e.leg]::bigint[]
    FROM unnest(accounts, versions, p_amounts, balances)
         WITH ORDINALITY AS e (account, version, amount, balance, leg);

    IF p_hold IS NOT NULL THEN
        INSERT INTO wallet_holdevent (hold_id, account_id, kind, amount, journal_id, at)
        SELECT p_hold, part.account_id, 'captured', amount - part.net, journal, posted_at
        FROM unnest(accounts, p_amounts, net) AS part (account_id, amount, net) WHERE part.net > amount;
        UPDATE wallet_hold AS h SET captured = h.captured + p_captured WHERE h.id = p_hold;
    END IF;
END $$;

-- reverse
DROP FUNCTION ledger_post(smallint, text, bytea, text, text, jsonb, bigint[], bigint[], date, bigint, bigint, bigint, jsonb);
DROP FUNCTION ledger_refuse(smallint, bigint[], bigint[], bigint[], boolean, bigint[]);
