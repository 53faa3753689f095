"""
How these things are usually written: look first, then act.

Each function is what a careful programmer without a second connection would write. The schedules of
test_races.py make every one of them go wrong, which is what shows that they test something.
"""

SCHEMA = """
DROP SCHEMA IF EXISTS naive CASCADE;
CREATE SCHEMA naive;
CREATE TABLE naive.account
    (id serial PRIMARY KEY, balance bigint, held bigint DEFAULT 0, frozen boolean DEFAULT false);
CREATE TABLE naive.journal (id serial PRIMARY KEY, key text, reverses integer);
CREATE TABLE naive.hold (id serial PRIMARY KEY, account integer, amount bigint, captured bigint DEFAULT 0);

-- "Has this key been used? May the account give that much? Then write."
CREATE FUNCTION naive.post(p_key text, p_account integer, p_amount bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    account naive.account;
BEGIN
    IF EXISTS (SELECT FROM naive.journal WHERE key = p_key) THEN
        RETURN;
    END IF;
    SELECT * INTO account FROM naive.account WHERE id = p_account;
    IF account.frozen OR account.balance < p_amount THEN
        RAISE EXCEPTION 'refused';
    END IF;
    INSERT INTO naive.journal (key) VALUES (p_key);
    UPDATE naive.account SET balance = balance - p_amount WHERE id = p_account;
END $$;

-- "Somebody is at work on this key, so it is as good as done." (A lock in Redis does the same.)
CREATE FUNCTION naive.post_once(p_key text, p_account integer, p_amount bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext(p_key)) THEN
        RETURN;
    END IF;
    PERFORM naive.post(p_key, p_account, p_amount);
END $$;

CREATE FUNCTION naive.reverse(p_key text, p_journal integer, p_account integer, p_amount bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM naive.journal WHERE reverses = p_journal) THEN
        RAISE EXCEPTION 'already reversed';
    END IF;
    INSERT INTO naive.journal (key, reverses) VALUES (p_key, p_journal);
    UPDATE naive.account SET balance = balance + p_amount WHERE id = p_account;
END $$;

CREATE FUNCTION naive.place(p_account integer, p_amount bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    account naive.account;
BEGIN
    SELECT * INTO account FROM naive.account WHERE id = p_account;
    IF account.balance - account.held < p_amount THEN
        RAISE EXCEPTION 'refused';
    END IF;
    UPDATE naive.account SET held = held + p_amount WHERE id = p_account;
    INSERT INTO naive.hold (account, amount) VALUES (p_account, p_amount);
END $$;

CREATE FUNCTION naive.capture(p_hold integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    open naive.hold;
BEGIN
    SELECT * INTO open FROM naive.hold WHERE id = p_hold;
    IF open.captured > 0 THEN
        RAISE EXCEPTION 'refused';
    END IF;
    UPDATE naive.account SET balance = balance - open.amount WHERE id = open.account;
    UPDATE naive.hold SET captured = open.amount WHERE id = p_hold;
END $$;

GRANT USAGE ON SCHEMA naive TO wallet_app;
GRANT ALL ON ALL TABLES IN SCHEMA naive TO wallet_app;
GRANT ALL ON ALL SEQUENCES IN SCHEMA naive TO wallet_app;
"""
