-- An event and one delivery per listener: what kit.events.publish does, and functions that do all of their work in one
-- call.
CREATE FUNCTION outbox_publish(
    p_name text, p_aggregate text, p_payload jsonb, p_request_id text, p_listeners text[],
    p_at timestamptz DEFAULT clock_timestamp()
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH stored AS (
        INSERT INTO kit_storedevent (name, aggregate, payload, request_id, published_at)
        VALUES (p_name, p_aggregate, p_payload, p_request_id, p_at)
        RETURNING id, aggregate
    )
    INSERT INTO kit_delivery (event_id, listener, aggregate, state, attempts, available_at, last_error)
    SELECT stored.id, listener, stored.aggregate, 'WAITING', 0, p_at, ''
    FROM stored CROSS JOIN unnest(p_listeners) AS listener;
END $$;

-- The delivery whose turn it is, locked; no row: none is due, or another relay has it. Of one aggregate a listener
-- hears in order. Most of the time nothing waits, so PostgreSQL believes that nothing ever does, and would rather read
-- and sort all that waits than look. What leaves it no choice but to walk along delivery_waiting and to look in
-- delivery_in_order: no sorting, the condition said as that index says it, an OFFSET, which keeps the question from
-- becoming a join, and the event read afterwards.
CREATE FUNCTION outbox_next(p_at timestamptz) RETURNS TABLE (
    delivery bigint, listener text, event bigint, name text, payload jsonb, request_id text
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    SELECT d.id, d.listener, d.event_id INTO delivery, listener, event
    FROM kit_delivery AS d
    WHERE d.state = 'WAITING' AND d.available_at <= p_at AND NOT EXISTS (
        SELECT FROM kit_delivery AS earlier
        WHERE earlier.listener = d.listener AND earlier.aggregate = d.aggregate
          AND NOT earlier.state IN ('DELIVERED', 'DEAD') AND earlier.id < d.id
        OFFSET 0
    )
    ORDER BY d.available_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
        RETURN QUERY
        SELECT delivery, listener, e.id, e.name::text, e.payload, e.request_id::text
        FROM kit_storedevent AS e WHERE e.id = event;
    END IF;
END $$;

-- reverse
DROP FUNCTION outbox_next(timestamptz);
DROP FUNCTION outbox_publish(text, text, jsonb, text, text[], timestamptz);
