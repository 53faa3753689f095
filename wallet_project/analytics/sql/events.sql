-- What the application may not do with events itself: it only adds some and reads them.

-- The months from the one to the other, both included, begin and end at midnight in Shanghai.
CREATE FUNCTION analytics_make_months(p_first date, p_last date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    partition text;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', p_first), p_last, '1 month')::date LOOP
        partition := 'analytics_event_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtext('analytics_make_months'));
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF analytics_event FOR VALUES FROM (%L) TO (%L)',
            partition,
            month::timestamp AT TIME ZONE 'Asia/Shanghai',
            (month + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai'
        );
    END LOOP;
END $$;

-- Months that were over by then go whole; returns how many events went. The last half year cannot go.
CREATE FUNCTION analytics_drop_months(p_before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    partition text;
    held bigint;
    gone bigint := 0;
BEGIN
    FOR partition IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'analytics_event'::regclass
          AND (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai'
              <= least(p_before, now() - interval '180 days')
    LOOP
        EXECUTE format('SELECT count(*) FROM %I', partition) INTO held;
        EXECUTE format('DROP TABLE %I', partition);
        gone := gone + held;
    END LOOP;
    RETURN gone;
END $$;

-- What these people did stays counted, and is nobody's.
CREATE FUNCTION analytics_forget(p_users bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE analytics_event SET user_id = NULL, visitor = NULL WHERE user_id = ANY (p_users);
    DELETE FROM analytics_activity WHERE user_id = ANY (p_users);
    DELETE FROM analytics_journey WHERE user_id = ANY (p_users);
$$;

-- What was done on the account that is given up was done by whoever goes on.
CREATE FUNCTION analytics_become_one(p_ends bigint, p_goes_on bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE analytics_event SET user_id = p_goes_on WHERE user_id = p_ends;
    INSERT INTO analytics_activity AS known (user_id, day, hours, acts, paid, topped_up)
    SELECT p_goes_on, day, hours, acts, paid, topped_up FROM analytics_activity WHERE user_id = p_ends
    ON CONFLICT (user_id, day) DO UPDATE SET
        hours = known.hours | excluded.hours, acts = known.acts + excluded.acts,
        paid = known.paid + excluded.paid, topped_up = known.topped_up + excluded.topped_up;
    INSERT INTO analytics_journey AS known (user_id, registered_on, phone_on, topped_up_on, paid_on)
    SELECT p_goes_on, registered_on, phone_on, topped_up_on, paid_on FROM analytics_journey WHERE user_id = p_ends
    ON CONFLICT (user_id) DO UPDATE SET
        registered_on = least(known.registered_on, excluded.registered_on),
        phone_on = least(known.phone_on, excluded.phone_on),
        topped_up_on = least(known.topped_up_on, excluded.topped_up_on),
        paid_on = least(known.paid_on, excluded.paid_on);
    SELECT analytics_forget(ARRAY[p_ends]);
$$;

DO $$
DECLARE
    callable text;
BEGIN
    FOREACH callable IN ARRAY ARRAY[
        'analytics_make_months(date, date)',
        'analytics_drop_months(timestamptz)',
        'analytics_forget(bigint[])',
        'analytics_become_one(bigint, bigint)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', callable);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO wallet_app', callable);
    END LOOP;
END $$;

SELECT analytics_make_months((now() - interval '1 month')::date, (now() + interval '3 months')::date);

-- reverse
DROP FUNCTION analytics_become_one(bigint, bigint);
DROP FUNCTION analytics_forget(bigint[]);
DROP FUNCTION analytics_drop_months(timestamptz);
DROP FUNCTION analytics_make_months(date, date);
