-- What kit.events.publish does, for functions that do all of their work in one call.
CREATE FUNCTION outbox_publish(
    p_name text, p_aggregate text, p_payload jsonb, p_request_id text, p_listeners text[]
) RETURNS void LANGUAGE sql AS $$
    WITH stored AS (
        INSERT INTO kit_storedevent (name, aggregate, payload, request_id, published_at)
        VALUES (p_name, p_aggregate, p_payload, p_request_id, clock_timestamp())
        RETURNING id, aggregate
    )
    INSERT INTO kit_delivery (event_id, listener, aggregate, state, attempts, available_at, last_error)
    SELECT stored.id, listener, stored.aggregate, 'WAITING', 0, clock_timestamp(), ''
    FROM stored CROSS JOIN unnest(p_listeners) AS listener
$$;

-- reverse
DROP FUNCTION outbox_publish(text, text, jsonb, text, text[]);
