-- Gives one person one coupon, once per source: counted, promised and published in one call.
--   CP001  all there were are gone        CP003  the same source is giving it at this moment: look again
--   CP002  this person has had as many as anybody may
-- p_posting is what ledger_post is asked for, p_event what outbox_publish is.
--
-- The row of the stock, for which everybody queues, comes last: it is held while the transaction commits and no
-- longer. Whoever comes when nothing is left reads that without a lock.
CREATE FUNCTION coupon_issue(
    p_coupon coupons_coupon, p_per_person integer, p_limited boolean, p_posting jsonb, p_event jsonb
) RETURNS SETOF coupons_coupon LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    given coupons_coupon;
BEGIN
    SELECT * INTO given FROM coupons_coupon WHERE source = p_coupon.source;
    IF FOUND THEN
        RETURN NEXT given;
        RETURN;
    END IF;
    IF p_limited AND EXISTS (
        SELECT FROM coupons_couponstock WHERE template_id = p_coupon.template_id AND issued >= total
    ) THEN
        RAISE EXCEPTION 'all are gone' USING ERRCODE = 'CP001';
    END IF;

    IF p_per_person IS NOT NULL THEN
        INSERT INTO coupons_couponcount AS had (template_id, user_id, issued)
        VALUES (p_coupon.template_id, p_coupon.user_id, 1)
        ON CONFLICT (template_id, user_id) DO UPDATE SET issued = had.issued + 1 WHERE had.issued < p_per_person;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this person has had as many as anybody may' USING ERRCODE = 'CP002';
        END IF;
    END IF;

    INSERT INTO coupons_coupon (serial, template_id, user_id, state, face, source, cause, reference, worth,
                                valid_from, valid_until, issued_at)
    VALUES (p_coupon.serial, p_coupon.template_id, p_coupon.user_id, 'HELD', p_coupon.face, p_coupon.source,
            p_coupon.cause, '', 0, p_coupon.valid_from, p_coupon.valid_until, p_coupon.issued_at)
    ON CONFLICT (source) DO NOTHING RETURNING * INTO given;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the same source was faster' USING ERRCODE = 'CP003';
    END IF;

    PERFORM ledger_post(
        1::smallint, p_posting ->> 'key', (p_posting ->> 'request_hash')::bytea, p_posting ->> 'kind',
        p_posting ->> 'reference', '{}'::jsonb,
        ARRAY(SELECT jsonb_array_elements_text(p_posting -> 'accounts')::bigint),
        ARRAY(SELECT jsonb_array_elements_text(p_posting -> 'amounts')::bigint),
        NULL, NULL, NULL, NULL, NULL
    );
    PERFORM outbox_publish(
        p_event ->> 'name', p_event ->> 'aggregate', p_event -> 'payload', p_event ->> 'request_id',
        ARRAY(SELECT jsonb_array_elements_text(p_event -> 'listeners'))
    );

    IF p_limited THEN
        UPDATE coupons_couponstock SET issued = issued + 1 WHERE template_id = p_coupon.template_id AND issued < total;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'all are gone' USING ERRCODE = 'CP001';
        END IF;
    END IF;
    RETURN NEXT given;
END $$;

-- reverse
DROP FUNCTION coupon_issue(coupons_coupon, integer, boolean, jsonb, jsonb);
