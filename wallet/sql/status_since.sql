-- A wallet frozen anew has the same status as before, often for the same cause: only the moment tells them apart.
CREATE FUNCTION ledger_date_wallet_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.status_since := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER a_status_has_its_date BEFORE UPDATE OF status ON wallet_wallet
    FOR EACH ROW EXECUTE FUNCTION ledger_date_wallet_status();

-- reverse
DROP TRIGGER a_status_has_its_date ON wallet_wallet;
DROP FUNCTION ledger_date_wallet_status();
