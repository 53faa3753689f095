-- One balanced journal = one call of ledger_post = one commit.
--   WL001  the key was used for something else       WL004  no such account in this book
--   WL002  the account is frozen                     WL005  not enough available, detail {needed, available}
--   WL003  malformed legs                            WL006  the hold has not that much left
--   WL012  the account receives nothing              WL011  a lot has not that much left (lot_moves.sql)

-- Locks an account and raises what speaks against this leg, if anything does.
CREATE OR REPLACE FUNCTION ledger_refuse(
    p_book smallint, p_account bigint, p_amount bigint, p_freed bigint, p_owed boolean
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    account wallet_ledgeraccount;
BEGIN
    SELECT * INTO account FROM wallet_ledgeraccount WHERE id = p_account AND book_id = p_book FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no account % in book %', p_account, p_book USING ERRCODE = 'WL004';
    ELSIF p_amount > 0 AND account.receives_nothing AND NOT p_owed THEN
        RAISE EXCEPTION 'account % receives nothing', p_account USING ERRCODE = 'WL012';
    ELSIF p_amount + p_freed < 0 AND account.frozen THEN
        RAISE EXCEPTION 'account % is frozen', p_account USING ERRCODE = 'WL002';
    ELSIF p_amount + p_freed < 0 AND NOT account.allow_negative
          AND account.balance - account.held + p_amount + p_freed < 0 THEN
        RAISE EXCEPTION 'account % has not enough available', p_account USING ERRCODE = 'WL005',
            DETAIL = json_build_object('needed', -p_amount, 'available', account.balance - account.held);
    END IF;
END $$;

-- Legs come strictly ascending by account: one comparison gives the lock order and no account twice.
-- With p_hold the legs sum to p_captured and the hold pays that much, from its accounts in the order it was
-- placed; such money was promised before, so a freeze does not stop it.
-- p_lots is what the caller has to say about lots (lot_moves.sql), and:
--   owed        true: it is the owner's already (collected, returned), so an account that receives nothing takes it
-- A key seen before answers with the first journal.
CREATE OR REPLACE FUNCTION ledger_post(
    p_book smallint, p_key text, p_request_hash bytea, p_kind text, p_reference text, p_facts jsonb,
    p_accounts bigint[], p_amounts bigint[],
    p_business_date date, p_reverses bigint, p_hold bigint, p_captured bigint, p_lots jsonb DEFAULT NULL,
    OUT journal bigint, OUT posted_at timestamptz, OUT replayed boolean, OUT accounts bigint[], OUT balances bigint[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    platform constant bigint := 9000000000000000;  -- wallet.rules.chart: customers' accounts are below
    started constant timestamptz := clock_timestamp();
    owed constant boolean := p_lots IS NOT NULL AND coalesce(p_lots ->> 'owed' = 'true', false);
    names_lots constant boolean := p_reverses IS NOT NULL
                                   OR p_lots IS NOT NULL AND p_lots ?| '{source,take,restores}';
    first_hash bytea;
    amounts bigint[] := p_amounts;
    from_hold bigint[];
    left_in_hold bigint;
    account bigint;
    last_account bigint := 0;
    amount bigint;
    freed bigint := 0;
    lot bigint[];
    new_balance bigint;
    new_version bigint;
    moved_at timestamptz;
    versions bigint[] := '{}';
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
            SELECT account_id, moved, 0 AS taken FROM unnest(p_accounts, p_amounts) AS given (account_id, moved)
            UNION ALL
            SELECT account_id, -least(open, p_captured - before), least(open, p_captured - before)
            FROM part WHERE open > 0 AND before < p_captured
        ), total AS (
            SELECT account_id, sum(moved)::bigint AS moved, sum(taken)::bigint AS taken FROM leg GROUP BY account_id
        )
        SELECT array_agg(account_id ORDER BY account_id), array_agg(moved ORDER BY account_id),
               array_agg(taken ORDER BY account_id)
        INTO accounts, amounts, from_hold FROM total;
    END IF;

    IF (cardinality(accounts) >= 2 AND cardinality(accounts) = cardinality(amounts)) IS NOT TRUE THEN
        RAISE EXCEPTION 'a journal needs two legs or more' USING ERRCODE = 'WL003';
    END IF;
    posted_at := started;
    balances := '{}';
    FOR leg IN 1 .. cardinality(accounts) LOOP
        account := accounts[leg];
        amount := amounts[leg];
        IF (account > last_account AND amount <> 0) IS NOT TRUE THEN
            RAISE EXCEPTION 'legs must ascend by account and move something' USING ERRCODE = 'WL003';
        END IF;
        last_account := account;
        IF p_hold IS NOT NULL THEN
            freed := from_hold[leg];
        END IF;
        -- What is available changes by the amount and what the hold frees for it. Time never runs backwards on
        -- an account, whatever the clock does. Money without a source needs no look at lots.
        UPDATE wallet_ledgeraccount AS a
        SET balance = a.balance + amount, held = a.held - freed, version = a.version + 1,
            last_at = greatest(a.last_at, posted_at)
        WHERE a.id = account AND a.book_id = p_book
          AND CASE WHEN amount + freed < 0
              THEN NOT a.frozen AND (a.allow_negative OR a.balance - a.held + amount + freed >= 0)
              ELSE amount < 0 OR owed OR NOT a.receives_nothing END
          AND CASE WHEN names_lots THEN account > platform ELSE amount > 0 OR a.sourced = 0 END
        RETURNING a.balance, a.version, a.last_at INTO new_balance, new_version, moved_at;
        IF NOT FOUND THEN
            PERFORM ledger_refuse(p_book, account, amount, freed, owed);
            lot := ledger_move_lots(account, amount, journal, p_reverses, posted_at, p_lots);
            UPDATE wallet_ledgeraccount AS a
            SET balance = a.balance + amount, held = a.held - freed, version = a.version + 1,
                last_at = greatest(a.last_at, posted_at), sourced = a.sourced + lot[1]
            WHERE a.id = account
            RETURNING a.balance, a.version, a.last_at INTO new_balance, new_version, moved_at;
            lots[leg] := nullif(lot[2:], '{}')::text;
        END IF;
        balances := balances || new_balance;
        versions := versions || new_version;
        posted_at := moved_at;
    END LOOP;

    IF posted_at > started THEN  -- one of the accounts was ahead of the clock; a journal is one moment
        UPDATE wallet_ledgeraccount AS a SET last_at = posted_at
        WHERE a.id = ANY (accounts) AND a.last_at < posted_at;
    END IF;

    INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at, lots)
    SELECT e.account, e.version, journal, e.amount, e.balance, posted_at, lots[e.leg]::bigint[]
    FROM unnest(accounts, versions, amounts, balances)
         WITH ORDINALITY AS e (account, version, amount, balance, leg);

    IF p_hold IS NOT NULL THEN
        INSERT INTO wallet_holdevent (hold_id, account_id, kind, amount, journal_id, at)
        SELECT p_hold, part.account_id, 'captured', -part.taken, journal, posted_at
        FROM unnest(accounts, from_hold) AS part (account_id, taken) WHERE part.taken > 0;
        UPDATE wallet_hold AS h SET captured = h.captured + p_captured WHERE h.id = p_hold;
    END IF;
END $$;

-- reverse
DROP FUNCTION ledger_post(smallint, text, bytea, text, text, jsonb, bigint[], bigint[], date, bigint, bigint, bigint, jsonb);
DROP FUNCTION ledger_refuse(smallint, bigint, bigint, bigint, boolean);
