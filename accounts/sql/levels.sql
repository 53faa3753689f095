-- Whether somebody has a phone, what their ID card gave them, and its last day (accounts.rules.kyc.level_from).
CREATE FUNCTION kyc_look(p_user bigint) RETURNS TABLE (has_phone boolean, by_card integer, valid_until date)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT person.phone_bound_at IS NOT NULL, coalesce(card.level, 0)::integer, card.valid_until
    FROM accounts_user AS person LEFT JOIN accounts_realname AS card ON card.user_id = person.id
    WHERE person.id = p_user;
END $$;

-- The same, held until the transaction ends: of two moves of one person the second waits here and then reads what the
-- first one left.
CREATE FUNCTION kyc_hold(p_user bigint) RETURNS TABLE (has_phone boolean, by_card integer, valid_until date)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM FROM accounts_realname AS card WHERE card.user_id = p_user FOR NO KEY UPDATE;
    RETURN QUERY SELECT * FROM kyc_look(p_user);
END $$;

-- reverse
DROP FUNCTION kyc_hold(bigint);
DROP FUNCTION kyc_look(bigint);
