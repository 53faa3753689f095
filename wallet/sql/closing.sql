-- A wallet closes for good, and only when it is empty: after that the constraint a_closed_account_stays_empty
-- refuses whatever would come in.
--   WL009  there is still money, detail {amount}     WL010  closed before
CREATE FUNCTION ledger_close_wallet(p_wallet bigint) RETURNS wallet_wallet
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wallet wallet_wallet;
    rest bigint;
BEGIN
    PERFORM FROM wallet_ledgeraccount WHERE wallet_id = p_wallet ORDER BY id FOR NO KEY UPDATE;
    SELECT sum(balance) INTO rest FROM wallet_ledgeraccount WHERE wallet_id = p_wallet;
    IF rest IS NULL THEN
        RAISE EXCEPTION 'no wallet %', p_wallet USING ERRCODE = 'WL004';
    ELSIF rest <> 0 THEN
        RAISE EXCEPTION 'wallet % is not empty', p_wallet USING ERRCODE = 'WL009',
            DETAIL = json_build_object('amount', rest);
    END IF;
    UPDATE wallet_ledgeraccount SET closed = true, frozen = true WHERE wallet_id = p_wallet;
    UPDATE wallet_wallet SET status = 'CLOSED', status_reason = '账户已注销' WHERE id = p_wallet RETURNING * INTO wallet;
    RETURN wallet;
END $$;

CREATE FUNCTION ledger_wallet_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'wallet % is closed', OLD.id USING ERRCODE = 'WL010';
END $$;

CREATE TRIGGER a_closed_wallet_stays_closed BEFORE UPDATE ON wallet_wallet
    FOR EACH ROW WHEN (OLD.status = 'CLOSED' AND NEW.status <> 'CLOSED')
    EXECUTE FUNCTION ledger_wallet_stays_closed();

-- reverse
DROP TRIGGER a_closed_wallet_stays_closed ON wallet_wallet;
DROP FUNCTION ledger_wallet_stays_closed();
DROP FUNCTION ledger_close_wallet(bigint);
