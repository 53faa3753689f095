-- Counts a move on its limits and answers with the tightest one that is passed now: move, period, limit, and what was
-- used of it before. No row: none is, and the move may go on. With a row, the caller rolls back.
--
-- The rows are counted first and compared while they are locked, so parallel moves cannot pass a limit together.
-- Without a policy nothing may be moved. The standing of a person lifts what we set ourselves (rules.limits.uplifted).
-- A row that is already in a later day than this move, by another process's clock, counts the move there.
CREATE FUNCTION wallet_count_on_limits(
    p_user bigint, p_moves text[], p_day date, p_amount bigint, p_level integer, p_at timestamptz
)
RETURNS TABLE (move text, period text, up_to bigint, used bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH counted AS (
        INSERT INTO wallet_limitusage AS used
            (user_id, move, day, times, day_amount, month_amount, year_amount, lifetime_amount)
        SELECT p_user, counters.move, p_day, 1, p_amount, p_amount, p_amount, p_amount
        FROM unnest(p_moves) WITH ORDINALITY AS counters (move, place) ORDER BY counters.place
        ON CONFLICT (user_id, move) DO UPDATE SET
            day = greatest(used.day, excluded.day),
            times = excluded.times + CASE WHEN used.day >= excluded.day THEN used.times ELSE 0 END,
            day_amount = excluded.day_amount
                + CASE WHEN used.day >= excluded.day THEN used.day_amount ELSE 0 END,
            month_amount = excluded.month_amount
                + CASE WHEN used.day >= date_trunc('month', excluded.day) THEN used.month_amount ELSE 0 END,
            year_amount = excluded.year_amount
                + CASE WHEN used.day >= date_trunc('year', excluded.day) THEN used.year_amount ELSE 0 END,
            lifetime_amount = excluded.lifetime_amount + used.lifetime_amount
        RETURNING *
    )
    SELECT counted.move::text, limits.period, limits.up_to, limits.used - limits.step
    FROM counted
    CROSS JOIN LATERAL (
        SELECT CASE WHEN counted.move = 'out' THEN 0 ELSE coalesce(
            (SELECT limit_uplift FROM wallet_customerstanding WHERE user_id = p_user), 0
        ) END::bigint AS uplift
    ) AS standing
    LEFT JOIN LATERAL (
        SELECT * FROM wallet_limitpolicy AS p
        WHERE p.level = p_level AND p.move = counted.move AND p.effective_from <= p_at
        ORDER BY p.effective_from DESC, p.id DESC LIMIT 1
    ) AS policy ON true
    CROSS JOIN LATERAL (VALUES
        (1, 'single', policy.single + policy.single * uplift / 10000, p_amount, p_amount),
        (2, 'times', policy.times_a_day::bigint, counted.times::bigint, 1::bigint),
        (3, 'day', coalesce(policy.per_day + policy.per_day * uplift / 10000, 0), counted.day_amount, p_amount),
        (4, 'month', policy.per_month + policy.per_month * uplift / 10000, counted.month_amount, p_amount),
        (5, 'year', policy.per_year, counted.year_amount, p_amount),
        (6, 'lifetime', policy.lifetime, counted.lifetime_amount, p_amount)
    ) AS limits (place, period, up_to, used, step)
    WHERE limits.used > limits.up_to
    ORDER BY limits.up_to - limits.used + limits.step, limits.place DESC, counted.move
    LIMIT 1;
END $$;

-- reverse
DROP FUNCTION wallet_count_on_limits(bigint, text[], date, bigint, integer, timestamptz);
