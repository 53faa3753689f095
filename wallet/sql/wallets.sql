-- A wallet and its three accounts; the ids are the chart's (wallet/rules/chart.py).
CREATE FUNCTION ledger_open_wallet(p_user bigint) RETURNS wallet_wallet
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wallet wallet_wallet;
BEGIN
    INSERT INTO wallet_wallet (user_id, status, status_reason, opened_at)
    VALUES (p_user, 'OPEN', '', clock_timestamp())
    ON CONFLICT (user_id) DO NOTHING RETURNING * INTO wallet;
    IF NOT FOUND THEN
        SELECT * INTO wallet FROM wallet_wallet WHERE user_id = p_user;
        RETURN wallet;
    END IF;
    INSERT INTO wallet_ledgeraccount
        (id, book_id, code, slot, wallet_id, balance, held, version, allow_negative, frozen, last_at)
    SELECT wallet.id * 10 + number, 1, code, 0, wallet.id, 0, 0, 0, false, false, wallet.opened_at
    FROM (VALUES (1, 'principal'), (2, 'bonus'), (3, 'cashback')) AS chart (number, code);
    RETURN wallet;
END $$;

-- FROZEN gives nothing and promises nothing, but keeps what it promised before. CREDIT_FROZEN takes in only what is
-- its owner's already. ALL_FROZEN is both.
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

-- A wallet frozen anew has the same status as before, often for the same cause: only the moment tells them apart.
CREATE FUNCTION ledger_date_wallet_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.status_since := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER a_status_has_its_date BEFORE UPDATE OF status ON wallet_wallet
    FOR EACH ROW EXECUTE FUNCTION ledger_date_wallet_status();

-- reverse
DROP FUNCTION ledger_open_wallet(bigint);
DROP FUNCTION ledger_set_wallet_status(bigint, text, text, timestamptz);
DROP TRIGGER a_status_has_its_date ON wallet_wallet;
DROP FUNCTION ledger_date_wallet_status();
