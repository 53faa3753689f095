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

-- reverse
DROP FUNCTION outbox_publish(text, text, jsonb, text, text[], timestamptz);
