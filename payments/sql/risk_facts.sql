-- What risk rules may look at of a move, counted without the move itself (payments.selectors.risk_facts), and what
-- was said of the same move before. First it waits for the locks p_keys: what is committed meanwhile is counted.
--
-- A function, because planning this takes six times as long as doing it, and a session plans a function once.
-- The newest moves tell: what is counted of one user, device, address or payee ends at `most`, so that no decision
-- takes longer than another. Rules ask for far smaller numbers.
CREATE FUNCTION risk_facts(
    p_keys bigint[], p_at timestamptz, p_family text, p_operation text, p_user bigint, p_device text, p_ip text,
    p_payee text, p_own text, p_uid text, p_payee_uid text, p_networks text[], p_amount bigint,
    OUT counted jsonb, OUT received_at timestamptz, OUT top_up_at timestamptz,
    OUT delayed_until timestamptz, OUT is_cleared boolean
)
-- Whoever is asked about differs, and how they are found does not: no plan is better for one than for another.
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    most constant integer := 2000;
    a_minute constant timestamptz := p_at - interval '1 minute';
    an_hour constant timestamptz := p_at - interval '1 hour';
    a_day constant timestamptz := p_at - interval '24 hours';
    a_month constant timestamptz := p_at - interval '30 days';
BEGIN
    PERFORM pg_advisory_xact_lock(key) FROM unnest(p_keys) AS key;

    WITH by_user AS (
            SELECT count(*) FILTER (WHERE at > a_minute) AS user_count_1m,
                   coalesce(sum(amount) FILTER (WHERE at > a_minute), 0)::bigint AS user_sum_1m,
                   count(*) FILTER (WHERE at > an_hour) AS user_count_1h,
                   coalesce(sum(amount) FILTER (WHERE at > an_hour), 0)::bigint AS user_sum_1h,
                   count(*) FILTER (WHERE at > a_day) AS user_count_24h,
                   coalesce(sum(amount) FILTER (WHERE at > a_day), 0)::bigint AS user_sum_24h,
                   count(*) AS user_count_30d,
                   coalesce(sum(amount), 0)::bigint AS user_sum_30d,
                   count(DISTINCT payee) FILTER (WHERE at > a_day)
                       + CASE WHEN p_user IS NULL OR p_payee IS NULL
                              OR coalesce(bool_or(payee = p_payee) FILTER (WHERE at > a_day), false) THEN 0 ELSE 1 END AS user_payees_24h
            FROM (
                SELECT at, amount, user_id, payee FROM payments_riskmove
                WHERE user_id = p_user AND family = p_family AND at > a_month ORDER BY at DESC LIMIT most
            ) AS newest
        ),
        by_device AS (
            SELECT count(*) FILTER (WHERE at > a_minute) AS device_count_1m,
                   coalesce(sum(amount) FILTER (WHERE at > a_minute), 0)::bigint AS device_sum_1m,
                   count(*) FILTER (WHERE at > an_hour) AS device_count_1h,
                   coalesce(sum(amount) FILTER (WHERE at > an_hour), 0)::bigint AS device_sum_1h,
                   count(*) FILTER (WHERE at > a_day) AS device_count_24h,
                   coalesce(sum(amount) FILTER (WHERE at > a_day), 0)::bigint AS device_sum_24h,
                   count(*) AS device_count_30d,
                   coalesce(sum(amount), 0)::bigint AS device_sum_30d
            FROM (
                SELECT at, amount, user_id, payee FROM payments_riskmove
                WHERE device_id = p_device AND family = p_family AND at > a_month ORDER BY at DESC LIMIT most
            ) AS newest
        ),
        by_ip AS (
            SELECT count(*) FILTER (WHERE at > a_minute) AS ip_count_1m,
                   coalesce(sum(amount) FILTER (WHERE at > a_minute), 0)::bigint AS ip_sum_1m,
                   count(*) FILTER (WHERE at > an_hour) AS ip_count_1h,
                   coalesce(sum(amount) FILTER (WHERE at > an_hour), 0)::bigint AS ip_sum_1h,
                   count(*) FILTER (WHERE at > a_day) AS ip_count_24h,
                   coalesce(sum(amount) FILTER (WHERE at > a_day), 0)::bigint AS ip_sum_24h,
                   count(*) AS ip_count_30d,
                   coalesce(sum(amount), 0)::bigint AS ip_sum_30d,
                   count(DISTINCT user_id) FILTER (WHERE at > a_day)
                       + CASE WHEN p_ip IS NULL OR p_user IS NULL
                              OR coalesce(bool_or(user_id = p_user) FILTER (WHERE at > a_day), false) THEN 0 ELSE 1 END AS ip_users_24h
            FROM (
                SELECT at, amount, user_id, payee FROM payments_riskmove
                WHERE ip = p_ip AND family = p_family AND at > a_month ORDER BY at DESC LIMIT most
            ) AS newest
        ),
        by_payee AS (
            SELECT count(*) FILTER (WHERE at > a_minute) AS payee_count_1m,
                   coalesce(sum(amount) FILTER (WHERE at > a_minute), 0)::bigint AS payee_sum_1m,
                   count(*) FILTER (WHERE at > an_hour) AS payee_count_1h,
                   coalesce(sum(amount) FILTER (WHERE at > an_hour), 0)::bigint AS payee_sum_1h,
                   count(*) FILTER (WHERE at > a_day) AS payee_count_24h,
                   coalesce(sum(amount) FILTER (WHERE at > a_day), 0)::bigint AS payee_sum_24h,
                   count(*) AS payee_count_30d,
                   coalesce(sum(amount), 0)::bigint AS payee_sum_30d,
                   count(DISTINCT user_id) FILTER (WHERE at > a_day)
                       + CASE WHEN p_payee IS NULL OR p_user IS NULL
                              OR coalesce(bool_or(user_id = p_user) FILTER (WHERE at > a_day), false) THEN 0 ELSE 1 END AS payee_payers_24h,
                   count(DISTINCT user_id)
                       + CASE WHEN p_payee IS NULL OR p_user IS NULL
                              OR coalesce(bool_or(user_id = p_user), false) THEN 0 ELSE 1 END AS payee_payers_30d
            FROM (
                SELECT at, amount, user_id, payee FROM payments_riskmove
                WHERE payee = p_payee AND family = p_family AND at > a_month ORDER BY at DESC LIMIT most
            ) AS newest
        ),
        received AS (
            SELECT count(*) FILTER (WHERE at > a_day) AS received_count_24h,
                   coalesce(sum(amount) FILTER (WHERE at > a_day), 0)::bigint AS received_sum_24h,
                   count(DISTINCT user_id) FILTER (WHERE at > a_day) AS received_payers_24h,
                   max(at) AS last_at
            FROM (
                SELECT at, amount, user_id FROM payments_riskmove
                WHERE payee = p_own AND at > a_month ORDER BY at DESC LIMIT most
            ) AS newest
        ),
        paid AS (
            SELECT count(*) FILTER (WHERE top_up_id IS NOT NULL AND settled_at > a_day) AS top_up_count_24h,
                   coalesce(sum(from_channel) FILTER (WHERE top_up_id IS NOT NULL AND settled_at > a_day), 0)::bigint
                       AS top_up_sum_24h,
                   max(settled_at) FILTER (WHERE top_up_id IS NOT NULL) AS last_at,
                   count(*) FILTER (WHERE order_id IS NOT NULL) AS orders,
                   count(*) FILTER (WHERE order_id IS NOT NULL AND EXISTS (
                       SELECT FROM payments_orderrefund AS refund
                       WHERE refund.order_id = payment.order_id AND refund.state = 'SUCCEEDED')) AS refunded
            FROM payments_payment AS payment
            WHERE payer_id = p_user AND state = 'PAID' AND settled_at > a_month
        ),
        listed AS (
            SELECT coalesce(bool_or(list = 'ALLOW' AND NOT is_payee), false) AS on_allow_list,
                   coalesce(bool_or(list = 'WATCH' AND NOT is_payee), false) AS on_watch_list,
                   coalesce(bool_or(list = 'DENY' AND NOT is_payee), false) AS on_deny_list,
                   coalesce(bool_or(list = 'DENY' AND is_payee), false) AS payee_denied
            FROM (
                SELECT list, false AS is_payee FROM payments_risklistentry
                WHERE (kind = 'USER' AND value = p_uid OR kind = 'DEVICE' AND value = p_device
                       OR kind = 'NETWORK' AND value = ANY (p_networks))
                    AND (expires_at IS NULL OR expires_at > p_at)
                UNION ALL
                SELECT list, true FROM payments_risklistentry
                WHERE kind = 'USER' AND value = p_payee_uid AND (expires_at IS NULL OR expires_at > p_at)
            ) AS entries
        ),
        known AS (
            -- By whoever pays, never by the payee: a shop has more payments than anybody makes.
            SELECT p_payee IS NOT NULL AND NOT EXISTS (
                SELECT FROM payments_riskmove
                WHERE user_id = p_user AND payee || '' = p_payee AND at > p_at - interval '90 days'
            ) AS is_new_payee
        )
    SELECT to_jsonb(by_user) || to_jsonb(by_device) || to_jsonb(by_ip) || to_jsonb(by_payee)
               || (to_jsonb(received) - 'last_at') || (to_jsonb(paid) - 'last_at') || to_jsonb(listed) || to_jsonb(known),
           received.last_at, paid.last_at,
           (
               SELECT min(until) FROM payments_riskdecision
               WHERE user_id = p_user AND operation = p_operation AND payee = coalesce(p_payee, '') AND until > a_day
           ),
           EXISTS (
               SELECT FROM payments_riskcase
               WHERE user_id = p_user AND operation = p_operation AND payee = coalesce(p_payee, '')
                   AND cleared_until > p_at AND amount >= p_amount
           )
    INTO counted, received_at, top_up_at, delayed_until, is_cleared
    FROM by_user, by_device, by_ip, by_payee, received, paid, listed, known;
END $$;

-- reverse
DROP FUNCTION risk_facts(
    bigint[], timestamptz, text, text, bigint, text, text, text, text, text, text, text[], bigint
);
