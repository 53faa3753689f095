-- Proof and leave, where money waits for them: functions, so that a session plans them once.

-- The proven challenge behind a grant, if it is for this user, device and operation and not yet over, and what is
-- known of who comes from this device.
CREATE FUNCTION step_up_proof(p_grant bytea, p_user bigint, p_device text, p_fingerprint bytea, p_at timestamptz)
RETURNS TABLE (
    challenge bigint, risk text, day_up_to bigint, uid text, registered_at timestamptz, device_since timestamptz,
    device_users bigint, phone_since timestamptz, wrong_pins bigint, risk_rank smallint
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT c.id, c.risk::text, c.day_up_to, person.uid::text, person.created_at, device.first_seen_at,
           (SELECT count(*) FROM accounts_device AS shared WHERE shared.device_id = p_device), person.phone_bound_at,
           (SELECT count(*) FROM accounts_wrongpin AS wrong
            WHERE wrong.user_id = p_user AND wrong.tried_at > p_at - interval '24 hours'),
           facts.risk_rank
    FROM accounts_stepupchallenge AS c
        JOIN accounts_device AS device ON device.id = c.device_id
        JOIN accounts_user AS person ON person.id = c.user_id
        LEFT JOIN accounts_securityfacts AS facts ON facts.user_id = c.user_id
    WHERE c.grant_hash = p_grant AND c.user_id = p_user AND device.device_id = p_device
        AND c.fingerprint = p_fingerprint AND c.state = 'PROVEN' AND c.expires_at > p_at;
END $$;

-- Uses a proven challenge up (null: there is none) and adds to what was spent of a kind on a day (null: it is not
-- counted). False where the challenge was spent or is over, or where the day's limit or the one for payments without
-- a PIN would be passed: then the caller rolls back.
-- The row of the day is locked, compared and counted at once, so parallel payments cannot pass a limit together.
CREATE FUNCTION step_up_spend(
    p_challenge bigint, p_at timestamptz, p_user bigint, p_kind text, p_day date, p_amount bigint, p_up_to bigint,
    p_without_pin bigint, p_without_pin_up_to bigint
) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF p_challenge IS NOT NULL THEN
        UPDATE accounts_stepupchallenge AS c SET state = 'SPENT', spent_at = p_at
        WHERE c.id = p_challenge AND c.state = 'PROVEN' AND c.expires_at > p_at;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END IF;
    IF p_kind IS NULL THEN
        RETURN true;
    END IF;
    INSERT INTO accounts_dailyspending AS spent (user_id, kind, day, total, without_pin)
    SELECT p_user, p_kind, p_day, p_amount, p_without_pin
    WHERE p_amount <= coalesce(p_up_to, p_amount) AND p_without_pin <= coalesce(p_without_pin_up_to, p_without_pin)
    ON CONFLICT (user_id, kind, day) DO UPDATE
    SET total = spent.total + excluded.total, without_pin = spent.without_pin + excluded.without_pin
    WHERE spent.total + excluded.total <= coalesce(p_up_to, spent.total + excluded.total)
        AND spent.without_pin + excluded.without_pin
            <= coalesce(p_without_pin_up_to, spent.without_pin + excluded.without_pin);
    RETURN FOUND;
END $$;

-- reverse
DROP FUNCTION step_up_spend(bigint, timestamptz, bigint, text, date, bigint, bigint, bigint, bigint);
DROP FUNCTION step_up_proof(bytea, bigint, text, bytea, timestamptz);
