-- What a wallet's months add up to by category, kept in step with the lines by the database: whoever files a line
-- or moves one elsewhere writes the totals in the same statement. The application may only read them.
-- Totals are taken in the order of their key, so that two statements never wait for each other in a circle.

CREATE FUNCTION category_totals_take_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO wallet_categorytotal AS total
        (wallet_id, month, nature, category_id, counterparty, counterparty_name, amount, lines)
    SELECT line.wallet_id, line.month, filed.nature, filed.category_id, line.counterparty,
           max(line.counterparty_name), sum(line.amount), count(*)
    FROM fresh AS filed JOIN wallet_record AS line ON line.id = filed.record_id
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (wallet_id, month, nature, category_id, counterparty) DO UPDATE
        SET amount = total.amount + excluded.amount,
            lines = total.lines + excluded.lines,
            counterparty_name = excluded.counterparty_name;
    RETURN NULL;
END $$;

CREATE FUNCTION category_totals_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT line.wallet_id, line.month, filed.nature, filed.category_id, line.counterparty,
               max(line.counterparty_name) AS name, sum(filed.sign * line.amount) AS amount,
               sum(filed.sign) AS lines
        FROM (SELECT record_id, nature, category_id, 1 AS sign FROM fresh
              UNION ALL SELECT record_id, nature, category_id, -1 FROM stale) AS filed
            JOIN wallet_record AS line ON line.id = filed.record_id
        GROUP BY 1, 2, 3, 4, 5
        HAVING sum(filed.sign) <> 0 OR sum(filed.sign * line.amount) <> 0
        ORDER BY 1, 2, 3, 4, 5
    LOOP
        UPDATE wallet_categorytotal AS total
            SET amount = total.amount + moved.amount, lines = total.lines + moved.lines
            WHERE (total.wallet_id, total.month, total.nature, total.category_id, total.counterparty)
                = (moved.wallet_id, moved.month, moved.nature, moved.category_id, moved.counterparty);
        IF NOT FOUND THEN  -- the first line of this total; somebody else's may come at the same moment
            INSERT INTO wallet_categorytotal AS total
                (wallet_id, month, nature, category_id, counterparty, counterparty_name, amount, lines)
            VALUES (moved.wallet_id, moved.month, moved.nature, moved.category_id, moved.counterparty,
                    moved.name, moved.amount, moved.lines)
            ON CONFLICT (wallet_id, month, nature, category_id, counterparty) DO UPDATE
                SET amount = total.amount + excluded.amount, lines = total.lines + excluded.lines;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER totals_take_in AFTER INSERT ON wallet_recordcategory
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION category_totals_take_in();
CREATE TRIGGER totals_move AFTER UPDATE ON wallet_recordcategory
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION category_totals_move();
CREATE TRIGGER filed_lines_stay BEFORE DELETE OR TRUNCATE ON wallet_recordcategory
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- Totals change in place, with every payment.
ALTER TABLE wallet_categorytotal SET (fillfactor = 70);

GRANT SELECT ON wallet_record TO wallet_ledger;
GRANT SELECT, INSERT, UPDATE ON wallet_categorytotal TO wallet_ledger;
DO $$
DECLARE
    kept text;
BEGIN
    EXECUTE 'GRANT CREATE ON SCHEMA public TO wallet_ledger';  -- an owner needs it at the moment of taking over
    FOREACH kept IN ARRAY ARRAY['category_totals_take_in()', 'category_totals_move()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', kept);
        EXECUTE format('ALTER FUNCTION %s OWNER TO wallet_ledger', kept);
    END LOOP;
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM wallet_ledger';
END $$;

-- reverse
DROP TRIGGER totals_take_in ON wallet_recordcategory;
DROP TRIGGER totals_move ON wallet_recordcategory;
DROP TRIGGER filed_lines_stay ON wallet_recordcategory;
DROP FUNCTION category_totals_take_in();
DROP FUNCTION category_totals_move();
REVOKE ALL ON wallet_categorytotal FROM wallet_ledger;
REVOKE SELECT ON wallet_record FROM wallet_ledger;
ALTER TABLE wallet_categorytotal RESET (fillfactor);
