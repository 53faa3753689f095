-- Promise an amount out of a wallet. Only accounts named in p_spend_order pay: in that order, or each its share of
-- what is available. A key seen before answers with the first hold; SQLSTATEs as in posting.sql.
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

-- Let go of whatever is still open; a second call finds nothing and does nothing. Returns the fen let go.
CREATE FUNCTION ledger_release_hold(p_hold bigint, p_kind text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part record;
    total bigint := 0;
BEGIN
    PERFORM FROM wallet_hold WHERE id = p_hold FOR NO KEY UPDATE;
    IF NOT FOUND OR p_kind NOT IN ('voided', 'expired') THEN
        RAISE EXCEPTION 'no hold % or no release %', p_hold, p_kind USING ERRCODE = 'WL004';
    END IF;
    FOR part IN
        SELECT account_id, sum(amount) AS open FROM wallet_holdevent WHERE hold_id = p_hold
        GROUP BY account_id HAVING sum(amount) > 0 ORDER BY account_id
    LOOP
        UPDATE wallet_ledgeraccount SET held = held - part.open WHERE id = part.account_id;
        INSERT INTO wallet_holdevent (hold_id, account_id, kind, amount, at)
        VALUES (p_hold, part.account_id, p_kind, -part.open, clock_timestamp());
        total := total + part.open;
    END LOOP;
    UPDATE wallet_hold SET released = released + total WHERE id = p_hold AND total > 0;
    RETURN total;
END $$;

-- reverse
DROP FUNCTION ledger_place_hold(bigint, bigint, text, text, timestamptz, text[], boolean);
DROP FUNCTION ledger_release_hold(bigint, text);
