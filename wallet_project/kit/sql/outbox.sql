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
-- all that waits than look in delivery_in_order, and sort it than walk along delivery_waiting. Three things leave no
-- choice: the condition said as the first index says it, an OFFSET, which keeps the question from becoming a join that
-- reads the whole index for every row, and an order that the second index has.
CREATE FUNCTION outbox_next(p_at timestamptz) RETURNS TABLE (
    delivery bigint, listener text, event bigint, name text, payload jsonb, request_id text
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
    RETURN QUERY
    SELECT d.id, d.listener::text, e.id, e.name::text, e.payload, e.request_id::text
    FROM kit_delivery AS d JOIN kit_storedevent AS e ON e.id = d.event_id
    WHERE d.state = 'WAITING' AND d.available_at <= p_at AND NOT EXISTS (
        SELECT FROM kit_delivery AS earlier
        WHERE earlier.listener = d.listener AND earlier.aggregate = d.aggregate
          AND NOT earlier.state IN ('DELIVERED', 'DEAD') AND earlier.id < d.id
        OFFSET 0
    )
    ORDER BY d.available_at LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED;
END $$;

-- reverse
DROP FUNCTION outbox_next(timestamptz);
DROP FUNCTION outbox_publish(text, text, jsonb, text, text[], timestamptz);
