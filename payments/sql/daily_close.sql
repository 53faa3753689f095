-- A day that two people have signed stays as it was signed, whoever writes.
--   PY001  a locked day, or something that belongs to one, is added, changed or deleted

CREATE FUNCTION daily_close_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this day is locked: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PY001';
END $$;

CREATE TRIGGER locked_day_stays BEFORE UPDATE OR DELETE ON payments_dailyclose
    FOR EACH ROW WHEN (OLD.state = 'LOCKED') EXECUTE FUNCTION daily_close_is_locked();
CREATE TRIGGER no_day_is_emptied BEFORE TRUNCATE ON payments_dailyclose
    FOR EACH STATEMENT EXECUTE FUNCTION daily_close_is_locked();

-- One look per statement: a day has hundreds of thousands of lines.
CREATE FUNCTION daily_close_guards_its_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM touched JOIN payments_dailyclose AS c ON c.id = touched.close_id WHERE c.state = 'LOCKED') THEN
        RAISE EXCEPTION 'this day is locked: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PY001';
    END IF;
    RETURN NULL;
END $$;

-- What the files said may be forgotten half a year later; what was made of it stays.
CREATE FUNCTION daily_close_guards_its_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM touched
        JOIN payments_billfile AS f ON f.id = touched.file_id
        JOIN payments_dailyclose AS c ON c.id = f.close_id
        WHERE c.state = 'LOCKED' AND NOT (TG_OP = 'DELETE' AND f.fetched_at < now() - interval '180 days')
    ) THEN
        RAISE EXCEPTION 'this day is locked: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PY001';
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    kept text[];
BEGIN
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['payments_difference', 'rows'], ['payments_closeitem', 'rows'], ['payments_billfile', 'rows'],
        ['payments_tradeline', 'lines'], ['payments_fundline', 'lines'], ['payments_billfilepart', 'lines']
    ] LOOP
        EXECUTE format('CREATE TRIGGER locked_day_takes_nothing AFTER INSERT ON %I REFERENCING NEW TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION daily_close_guards_its_%s()', kept[1], kept[2]);
        EXECUTE format('CREATE TRIGGER locked_day_changes_nothing AFTER UPDATE ON %I REFERENCING OLD TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION daily_close_guards_its_%s()', kept[1], kept[2]);
        EXECUTE format('CREATE TRIGGER locked_day_is_given_nothing AFTER UPDATE ON %I REFERENCING NEW TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION daily_close_guards_its_%s()', kept[1], kept[2]);
        EXECUTE format('CREATE TRIGGER locked_day_loses_nothing AFTER DELETE ON %I REFERENCING OLD TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION daily_close_guards_its_%s()', kept[1], kept[2]);
        EXECUTE format('CREATE TRIGGER no_day_is_emptied BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION daily_close_is_locked()', kept[1]);
    END LOOP;
END $$;

-- reverse
DROP TRIGGER locked_day_stays ON payments_dailyclose;
DROP TRIGGER no_day_is_emptied ON payments_dailyclose;
DROP FUNCTION daily_close_guards_its_rows() CASCADE;
DROP FUNCTION daily_close_guards_its_lines() CASCADE;
DROP FUNCTION daily_close_is_locked() CASCADE;
