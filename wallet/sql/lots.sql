-- Money with a colour and a source: ledger_post keeps the lots of a customer's account in step with its balance.
--   WL011  a lot, or what a journal took, has not that much left       WL012  the account receives nothing
--
-- p_lots, where the caller has something to say about lots:
--   source      what is credited is a lot of its own under this name, ending at expires_at (or never)
--   take        [[lot, amount], …]: what is debited comes from exactly these
--   restores    a journal: what is credited goes back to the lots it took from, the last one first
--   owed        true: it is the owner's already (collected, returned), so an account that receives nothing takes it

GRANT SELECT, INSERT, UPDATE ON wallet_lot TO wallet_ledger;
GRANT USAGE ON SEQUENCE wallet_lot_id_seq TO wallet_ledger;
ALTER TABLE wallet_lot SET (fillfactor = 70);

CREATE TRIGGER lot_is_never_deleted BEFORE DELETE OR TRUNCATE ON wallet_lot
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- What is in the accounts on the day lots begin: the newest top-ups are what is left of them, the rest has no source.
INSERT INTO wallet_lot (account_id, journal_id, source, amount, remaining, at)
SELECT account, journal, number, least(amount, balance - newer), least(amount, balance - newer), at
FROM (
    SELECT a.id AS account, a.balance, e.journal_id AS journal, t.number, t.amount, e.at,
           coalesce(sum(t.amount) OVER (PARTITION BY a.id ORDER BY e.version DESC
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer
    FROM wallet_topup AS t
    JOIN wallet_ledgeraccount AS a ON a.wallet_id = t.wallet_id AND a.code = 'principal'
    JOIN wallet_entry AS e ON e.journal_id = t.journal_id AND e.account_id = a.id
) AS top_up WHERE newer < balance ORDER BY at;
INSERT INTO wallet_lot (account_id, source, amount, remaining, at)
SELECT a.id, '', a.balance - coalesce(known, 0), a.balance - coalesce(known, 0), a.last_at
FROM wallet_ledgeraccount AS a
LEFT JOIN (SELECT account_id, sum(remaining) AS known FROM wallet_lot GROUP BY account_id) AS l ON l.account_id = a.id
WHERE a.wallet_id IS NOT NULL AND a.balance > coalesce(known, 0);

-- Take an amount out of an account's lots: from p_first as far as it goes, then by the common order.
-- Returns lot, -amount, lot, -amount, … The account is locked.
CREATE FUNCTION ledger_take_from_lots(p_account bigint, p_amount bigint, p_first bigint) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lot record;
    part bigint;
    rest bigint := p_amount;
    taken bigint[] := '{}';
BEGIN
    FOR lot IN
        SELECT id, remaining FROM wallet_lot WHERE account_id = p_account AND NOT is_used_up
        ORDER BY (id = p_first) IS TRUE DESC, expires_at, id
    LOOP
        part := least(lot.remaining, rest);
        UPDATE wallet_lot SET remaining = remaining - part WHERE id = lot.id;
        taken := taken || lot.id || -part;
        rest := rest - part;
        EXIT WHEN rest = 0;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'the lots of account % are not its balance', p_account USING ERRCODE = 'WL003';
    END IF;
    RETURN taken;
END $$;

-- Take exactly these amounts out of exactly these lots.
CREATE FUNCTION ledger_take_these_lots(p_account bigint, p_amount bigint, p_take jsonb) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wanted record;
    rest bigint := p_amount;
    taken bigint[] := '{}';
BEGIN
    FOR wanted IN
        SELECT l.id, l.remaining, (pair ->> 1)::bigint AS amount
        FROM jsonb_array_elements(p_take) AS pair
        JOIN wallet_lot AS l ON l.id = (pair ->> 0)::bigint AND l.account_id = p_account
        ORDER BY l.id
    LOOP
        IF (wanted.amount BETWEEN 1 AND wanted.remaining) IS NOT TRUE THEN
            RAISE EXCEPTION 'lot % has not that much left', wanted.id USING ERRCODE = 'WL011';
        END IF;
        UPDATE wallet_lot SET remaining = remaining - wanted.amount WHERE id = wanted.id;
        taken := taken || wanted.id || -wanted.amount;
        rest := rest - wanted.amount;
    END LOOP;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'the lots to take are not the amount of account %', p_account USING ERRCODE = 'WL003';
    END IF;
    RETURN taken;
END $$;

-- Give an amount back to the lots that p_journal took it from, never more than it took. Returns lot, amount, …
CREATE FUNCTION ledger_restore_lots(p_account bigint, p_amount bigint, p_journal bigint) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lot record;
    part bigint;
    rest bigint := p_amount;
    given bigint[] := '{}';
BEGIN
    FOR lot IN
        SELECT lots[n] AS id, -sum(lots[n + 1]) AS owed FROM (
            SELECT e.lots FROM wallet_entry AS e WHERE e.journal_id = p_journal AND e.account_id = p_account
            UNION ALL
            SELECT e.lots FROM wallet_journal AS j JOIN wallet_entry AS e ON e.journal_id = j.id
            WHERE j.restores_id = p_journal AND e.account_id = p_account
        ) AS change, generate_series(1, cardinality(lots), 2) AS n
        GROUP BY lots[n] HAVING sum(lots[n + 1]) < 0 ORDER BY lots[n] DESC
    LOOP
        part := least(lot.owed, rest);
        UPDATE wallet_lot SET remaining = remaining + part WHERE id = lot.id;
        given := given || lot.id || part;
        rest := rest - part;
        EXIT WHEN rest = 0;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'journal % took less from account %', p_journal, p_account USING ERRCODE = 'WL011';
    END IF;
    RETURN given;
END $$;

-- Keep the lots of one customer's account in step with one leg. Returns what the entry notes of it.
CREATE FUNCTION ledger_move_lots(
    p_account bigint, p_amount bigint, p_journal bigint, p_reverses bigint, p_at timestamptz, p_lots jsonb
) RETURNS bigint[] LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lot bigint;
BEGIN
    IF p_amount < 0 THEN
        IF p_lots -> 'take' IS NOT NULL THEN
            RETURN ledger_take_these_lots(p_account, -p_amount, p_lots -> 'take');
        ELSIF p_reverses IS NOT NULL THEN
            SELECT l.id INTO lot FROM wallet_lot AS l WHERE l.account_id = p_account
            AND (l.journal_id = p_reverses OR l.source = '') ORDER BY l.journal_id NULLS LAST LIMIT 1;
        END IF;
        RETURN ledger_take_from_lots(p_account, -p_amount, lot);
    END IF;
    IF p_lots ->> 'restores' IS NOT NULL OR p_reverses IS NOT NULL THEN
        RETURN ledger_restore_lots(p_account, p_amount, coalesce((p_lots ->> 'restores')::bigint, p_reverses));
    ELSIF p_lots ->> 'source' IS NOT NULL THEN
        INSERT INTO wallet_lot (account_id, journal_id, source, amount, remaining, expires_at, at)
        VALUES (p_account, p_journal, p_lots ->> 'source', p_amount, p_amount,
                (p_lots ->> 'expires_at')::timestamptz, p_at);
        RETURN NULL;
    END IF;
    INSERT INTO wallet_lot AS l (account_id, source, amount, remaining, at)
    VALUES (p_account, '', p_amount, p_amount, p_at)
    ON CONFLICT (account_id) WHERE source = ''
    DO UPDATE SET amount = l.amount + excluded.amount, remaining = l.remaining + excluded.remaining;
    RETURN NULL;
END $$;

-- As in posting.sql, and the lots beside it.
DROP FUNCTION ledger_post(smallint, text, bytea, text, text, jsonb, bigint[], bigint[], date, bigint, bigint, bigint);
CREATE FUNCTION ledger_post(
    p_book smallint, p_key text, p_request_hash bytea, p_kind text, p_reference text, p_facts jsonb,
    p_accounts bigint[], p_amounts bigint[],
    p_business_date date, p_reverses bigint, p_hold bigint, p_captured bigint, p_lots jsonb DEFAULT NULL,
    OUT journal bigint, OUT posted_at timestamptz, OUT replayed boolean, OUT accounts bigint[], OUT balances bigint[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    platform constant bigint := 9000000000000000;  -- wallet.rules.chart: customers' accounts are below
    started constant timestamptz := clock_timestamp();
    owed constant boolean := coalesce(p_lots ->> 'owed' = 'true', false);
    first_hash bytea;
    amounts bigint[] := p_amounts;
    from_hold bigint[];
    left_in_hold bigint;
    last_account bigint := 0;
    amount bigint;
    freed bigint;
    new_balance bigint;
    new_version bigint;
    versions bigint[] := '{}';
    lot text;
    lots text[] := '{}';
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
        IF (accounts[leg] > last_account AND amounts[leg] <> 0) IS NOT TRUE THEN
            RAISE EXCEPTION 'legs must ascend by account and move something' USING ERRCODE = 'WL003';
        END IF;
        last_account := accounts[leg];
        amount := amounts[leg];
        freed := coalesce(from_hold[leg], 0);
        -- What is available changes by the amount and what the hold frees for it. Time never runs backwards on
        -- an account, whatever the clock does.
        UPDATE wallet_ledgeraccount AS a
        SET balance = a.balance + amount, held = a.held - freed, version = a.version + 1,
            last_at = greatest(a.last_at, posted_at)
        WHERE a.id = last_account AND a.book_id = p_book
          AND (amount + freed >= 0
               OR NOT a.frozen AND (a.allow_negative OR a.balance - a.held + amount + freed >= 0))
          AND (amount < 0 OR owed OR NOT a.receives_nothing)
        RETURNING a.balance, a.version, a.last_at INTO new_balance, new_version, posted_at;
        IF NOT FOUND THEN
            PERFORM ledger_refuse(p_book, last_account, -amount);
        END IF;
        balances := balances || new_balance;
        versions := versions || new_version;
        -- Nearly always nobody says anything about lots and one lot is enough: both of them are here, and not in
        -- ledger_move_lots, because a call for every leg costs as much as the rest of the leg.
        lot := NULL;
        IF last_account < platform THEN
            IF p_lots IS NULL AND p_reverses IS NULL AND amount < 0 THEN
                UPDATE wallet_lot AS l SET remaining = l.remaining + amounts[leg]
                WHERE l.id = (SELECT first.id FROM wallet_lot AS first
                              WHERE first.account_id = last_account AND NOT first.is_used_up
                              ORDER BY first.expires_at, first.id LIMIT 1) AND l.remaining >= -amounts[leg]
                RETURNING '{' || l.id || ',' || amounts[leg] || '}' INTO lot;
            ELSIF p_lots IS NULL AND p_reverses IS NULL THEN
                UPDATE wallet_lot AS l SET amount = l.amount + amounts[leg], remaining = l.remaining + amounts[leg]
                WHERE l.account_id = last_account AND l.source = '';
            END IF;
            IF p_lots IS NOT NULL OR p_reverses IS NOT NULL OR NOT FOUND THEN
                lot := ledger_move_lots(last_account, amount, journal, p_reverses, posted_at, p_lots);
            END IF;
        END IF;
        lots := lots || lot;
    END LOOP;

    IF posted_at > started THEN  -- one of the accounts was ahead of the clock; a journal is one moment
        UPDATE wallet_ledgeraccount AS a SET last_at = posted_at
        WHERE a.id = ANY (accounts) AND a.last_at < posted_at;
    END IF;

    INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at, lots)
    SELECT accounts[leg], versions[leg], journal, amounts[leg], balances[leg], posted_at, lots[leg]::bigint[]
    FROM generate_series(1, cardinality(accounts)) AS leg;

    IF p_hold IS NOT NULL THEN
        INSERT INTO wallet_holdevent (hold_id, account_id, kind, amount, journal_id, at)
        SELECT p_hold, part.account_id, 'captured', -part.taken, journal, posted_at
        FROM unnest(accounts, from_hold) AS part (account_id, taken) WHERE part.taken > 0;
        UPDATE wallet_hold AS h SET captured = h.captured + p_captured WHERE h.id = p_hold;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_refuse(p_book smallint, p_account bigint, p_needed bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    account wallet_ledgeraccount;
BEGIN
    SELECT * INTO account FROM wallet_ledgeraccount WHERE id = p_account AND book_id = p_book;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no account % in book %', p_account, p_book USING ERRCODE = 'WL004';
    ELSIF p_needed < 0 THEN
        RAISE EXCEPTION 'account % receives nothing', p_account USING ERRCODE = 'WL012';
    ELSIF account.frozen THEN
        RAISE EXCEPTION 'account % is frozen', p_account USING ERRCODE = 'WL002';
    END IF;
    RAISE EXCEPTION 'account % has not enough available', p_account USING ERRCODE = 'WL005',
        DETAIL = json_build_object('needed', p_needed, 'available', account.balance - account.held);
END $$;

-- The digest covers what lots say, too; where they say nothing it is what it was before there were any.
CREATE OR REPLACE FUNCTION ledger_journal_digest(j wallet_journal) RETURNS bytea
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(convert_to(concat_ws(E'\x1f',
        j.id, j.book_id, j.key, encode(j.request_hash, 'hex'), j.kind, j.reference, j.facts,
        extract(epoch FROM j.at), j.business_date - DATE '2000-01-01', coalesce(j.reverses_id, 0), j.xid,
        (SELECT string_agg(concat_ws(E'\x1f', e.account_id, e.version, e.amount, e.balance_after,
                                     extract(epoch FROM e.at), e.lots), E'\x1e' ORDER BY e.account_id)
         FROM wallet_entry AS e WHERE e.journal_id = j.id),
        j.restores_id
    ), 'UTF8'))
$$;

-- Only accounts named in p_spend_order pay: in that order, or each its share of what is available.
DROP FUNCTION ledger_place_hold(bigint, bigint, text, text, timestamptz, text[]);
CREATE FUNCTION ledger_place_hold(
    p_wallet bigint, p_amount bigint, p_key text, p_reference text, p_expires_at timestamptz, p_spend_order text[],
    p_share_alike boolean DEFAULT false
) RETURNS wallet_hold LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hold wallet_hold;
    part record;
    rest bigint := p_amount;
    total numeric;
    stopped boolean;
BEGIN
    IF (p_amount > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'a hold is of something' USING ERRCODE = 'WL003';
    END IF;
    INSERT INTO wallet_hold (wallet_id, key, reference, amount, captured, released, expires_at, placed_at)
    VALUES (p_wallet, p_key, p_reference, p_amount, 0, 0, p_expires_at, clock_timestamp())
    ON CONFLICT (key) DO NOTHING RETURNING * INTO hold;
    IF NOT FOUND THEN
        SELECT * INTO hold FROM wallet_hold WHERE key = p_key;
        IF (hold.wallet_id, hold.amount, hold.reference) IS DISTINCT FROM (p_wallet, p_amount, p_reference) THEN
            RAISE EXCEPTION 'key % was used for another hold', p_key USING ERRCODE = 'WL001';
        END IF;
        RETURN hold;
    END IF;

    PERFORM FROM wallet_ledgeraccount WHERE wallet_id = p_wallet ORDER BY id FOR NO KEY UPDATE;
    SELECT bool_or(frozen), sum(balance - held) FILTER (WHERE code = ANY (p_spend_order)) INTO stopped, total
    FROM wallet_ledgeraccount WHERE wallet_id = p_wallet;
    IF total IS NULL THEN
        RAISE EXCEPTION 'no wallet %', p_wallet USING ERRCODE = 'WL004';
    ELSIF stopped THEN
        RAISE EXCEPTION 'wallet % is frozen', p_wallet USING ERRCODE = 'WL002';
    ELSIF total < p_amount THEN
        RAISE EXCEPTION 'wallet % has not enough available', p_wallet USING ERRCODE = 'WL005',
            DETAIL = json_build_object('needed', p_amount, 'available', total);
    END IF;

    FOR part IN
        SELECT id, balance - held AS available,
               -- of the running sums, rounded down, so that the shares add up to the fen
               (div(p_amount * sum(balance - held) OVER place, total)
                - div(p_amount * (sum(balance - held) OVER place - (balance - held)), total))::bigint AS share
        FROM wallet_ledgeraccount
        WHERE wallet_id = p_wallet AND balance > held AND code = ANY (p_spend_order)
        WINDOW place AS (ORDER BY array_position(p_spend_order, code::text))
        ORDER BY array_position(p_spend_order, code::text)
    LOOP
        part.available := least(CASE WHEN p_share_alike THEN part.share ELSE part.available END, rest);
        CONTINUE WHEN part.available = 0;
        UPDATE wallet_ledgeraccount SET held = held + part.available WHERE id = part.id;
        INSERT INTO wallet_holdevent (hold_id, account_id, kind, amount, at)
        VALUES (hold.id, part.id, 'placed', part.available, hold.placed_at);
        rest := rest - part.available;
        EXIT WHEN rest = 0;
    END LOOP;
    RETURN hold;
END $$;

-- FROZEN gives nothing and promises nothing, but keeps what it promised before. CREDIT_FROZEN takes in only what is
-- its owner's already. ALL_FROZEN is both.
DROP FUNCTION ledger_set_wallet_status(bigint, text, text);
CREATE FUNCTION ledger_set_wallet_status(
    p_wallet bigint, p_status text, p_reason text, p_until timestamptz
) RETURNS wallet_wallet LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wallet wallet_wallet;
BEGIN
    PERFORM FROM wallet_ledgeraccount WHERE wallet_id = p_wallet ORDER BY id FOR NO KEY UPDATE;
    UPDATE wallet_ledgeraccount SET frozen = p_status IN ('FROZEN', 'ALL_FROZEN'),
        receives_nothing = p_status IN ('CREDIT_FROZEN', 'ALL_FROZEN') WHERE wallet_id = p_wallet;
    UPDATE wallet_wallet SET status = p_status, status_reason = p_reason, frozen_until = p_until
    WHERE id = p_wallet RETURNING * INTO wallet;
    IF NOT FOUND OR p_status NOT IN ('OPEN', 'FROZEN', 'CREDIT_FROZEN', 'ALL_FROZEN') THEN
        RAISE EXCEPTION 'no wallet % or no status %', p_wallet, p_status USING ERRCODE = 'WL004';
    END IF;
    RETURN wallet;
END $$;

DO $$
DECLARE
    callable text;
BEGIN
    EXECUTE 'GRANT CREATE ON SCHEMA public TO wallet_ledger';  -- an owner needs it at the moment of taking over
    FOREACH callable IN ARRAY ARRAY[
        'ledger_post(smallint, text, bytea, text, text, jsonb, bigint[], bigint[], date, bigint, bigint, bigint, jsonb)',
        'ledger_place_hold(bigint, bigint, text, text, timestamptz, text[], boolean)',
        'ledger_set_wallet_status(bigint, text, text, timestamptz)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', callable);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO wallet_app', callable);
        EXECUTE format('ALTER FUNCTION %s OWNER TO wallet_ledger', callable);
    END LOOP;
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM wallet_ledger';
END $$;

-- reverse
-- What was replaced here is made again by the operations before this one (sql_again).
DROP FUNCTION ledger_post(smallint, text, bytea, text, text, jsonb, bigint[], bigint[], date, bigint, bigint, bigint, jsonb);
DROP FUNCTION ledger_refuse(smallint, bigint, bigint);
DROP FUNCTION ledger_move_lots(bigint, bigint, bigint, bigint, timestamptz, jsonb);
DROP FUNCTION ledger_restore_lots(bigint, bigint, bigint);
DROP FUNCTION ledger_take_these_lots(bigint, bigint, jsonb);
DROP FUNCTION ledger_take_from_lots(bigint, bigint, bigint);
DROP FUNCTION ledger_place_hold(bigint, bigint, text, text, timestamptz, text[], boolean);
DROP FUNCTION ledger_release_hold(bigint, text);
DROP FUNCTION ledger_set_wallet_status(bigint, text, text, timestamptz);
DROP FUNCTION ledger_open_wallet(bigint);
DROP FUNCTION ledger_seal(integer);
DROP FUNCTION ledger_block(bytea, bigint, bigint);
DROP FUNCTION ledger_journal_digest(wallet_journal);
DROP TRIGGER lot_is_never_deleted ON wallet_lot;
REVOKE ALL ON wallet_lot FROM wallet_ledger;
REVOKE ALL ON SEQUENCE wallet_lot_id_seq FROM wallet_ledger;
