-- The table of lots, what was there on the day they began, and what else changed with them.

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
