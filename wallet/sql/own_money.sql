-- The lots of an account in the order in which they are spent, and which of them came in a package.
CREATE FUNCTION wallet_lots_left(p_account bigint) RETURNS TABLE (lot bigint, remaining bigint, is_tied boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT l.id, l.remaining,
           EXISTS (SELECT FROM wallet_topup AS t WHERE t.number = l.source AND t.package_id IS NOT NULL)
    FROM wallet_lot AS l
    WHERE l.account_id = p_account AND NOT l.is_used_up
    ORDER BY l.expires_at, l.id;
END $$;

-- What is in a user's wallet, what is promised of it, and whether it is stopped; no row: they have no wallet.
CREATE FUNCTION wallet_balance(p_user bigint) RETURNS TABLE (
    principal bigint, bonus bigint, cashback bigint, held bigint, own_held bigint,
    frozen boolean, receives_nothing boolean, closed boolean, status_reason text, frozen_until timestamptz
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT own.balance, bonus.balance, cashback.balance, own.held + bonus.held + cashback.held, own.held,
           own.frozen, own.receives_nothing, own.closed, w.status_reason::text, w.frozen_until
    FROM wallet_wallet AS w
    JOIN wallet_ledgeraccount AS own ON own.wallet_id = w.id AND own.code = 'principal'
    JOIN wallet_ledgeraccount AS bonus ON bonus.wallet_id = w.id AND bonus.code = 'bonus'
    JOIN wallet_ledgeraccount AS cashback ON cashback.wallet_id = w.id AND cashback.code = 'cashback'
    WHERE w.user_id = p_user;
END $$;

-- What a user has of their own and what has been asked of WeChat for them; no row: they have no wallet. A top-up that
-- is being credited is seen in one of both places, never in both. First it waits for the lock p_key, if there is one:
-- what is committed meanwhile is counted.
CREATE FUNCTION wallet_own_and_coming(p_user bigint, p_key bigint DEFAULT NULL)
RETURNS TABLE (principal bigint, coming bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(p_key);
    RETURN QUERY
    SELECT a.balance,
           coalesce((SELECT sum(t.amount)::bigint FROM wallet_topup AS t
                     WHERE t.wallet_id = a.wallet_id AND t.state = 'OPEN'), 0)
    FROM wallet_wallet AS w JOIN wallet_ledgeraccount AS a ON a.wallet_id = w.id AND a.code = 'principal'
    WHERE w.user_id = p_user;
END $$;

-- reverse
DROP FUNCTION wallet_own_and_coming(bigint, bigint);
DROP FUNCTION wallet_balance(bigint);
DROP FUNCTION wallet_lots_left(bigint);
