-- The hash of the block of journals written by transactions from p_from to before p_before, on top of p_below: of
-- each journal and its entries every column in a fixed spelling, lots where an entry has any.
CREATE FUNCTION ledger_block(p_below bytea, p_from bigint, p_before bigint, OUT journals integer, OUT hash bytea)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT count(*)::integer, sha256(p_below || coalesce(string_agg(sha256(convert_to(concat_ws(E'\x1f',
        j.id, j.book_id, j.key, encode(j.request_hash, 'hex'), j.kind, j.reference, j.facts,
        extract(epoch FROM j.at), j.business_date - DATE '2000-01-01', coalesce(j.reverses_id, 0), j.xid,
        (SELECT string_agg(concat_ws(E'\x1f', e.account_id, e.version, e.amount, e.balance_after,
                                     extract(epoch FROM e.at), e.lots), E'\x1e' ORDER BY e.account_id)
         FROM wallet_entry AS e WHERE e.journal_id = j.id),
        j.restores_id
    ), 'UTF8')), '' ORDER BY j.id), ''))
    FROM wallet_journal AS j WHERE j.xid >= p_from AND j.xid < p_before
$$;

-- Seal the next journals, p_most of them or a few more; null when there is nothing new.
-- Every transaction before the oldest one still running has ended, so nothing can be added below that line
-- any more. (A line drawn at the highest id would miss a journal whose lower id commits later.)
CREATE FUNCTION ledger_seal(p_most integer) RETURNS wallet_seal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line bigint;
    below wallet_seal;
    seal wallet_seal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wallet_seal'));  -- one sealer at a time
    line := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    SELECT * INTO below FROM wallet_seal ORDER BY height DESC LIMIT 1;
    IF below.before_xid > line THEN
        RAISE EXCEPTION 'this server counts transactions from an earlier point than the last seal'
            USING HINT = 'A dump was restored into a new server: move its counter forward with pg_resetwal -x.';
    END IF;
    seal.height := coalesce(below.height, 0) + 1;
    seal.before_xid := coalesce(
        (SELECT xid + 1 FROM wallet_journal WHERE xid >= coalesce(below.before_xid, 0) AND xid < line
         ORDER BY xid OFFSET p_most - 1 LIMIT 1), line);
    SELECT * INTO seal.journals, seal.hash
    FROM ledger_block(coalesce(below.hash, ''), coalesce(below.before_xid, 0), seal.before_xid);
    IF seal.journals = 0 THEN
        RETURN NULL;
    END IF;
    seal.sealed_at := clock_timestamp();
    INSERT INTO wallet_seal (height, before_xid, journals, hash, sealed_at)
    VALUES (seal.height, seal.before_xid, seal.journals, seal.hash, seal.sealed_at);
    RETURN seal;
END $$;

-- reverse
DROP FUNCTION ledger_seal(integer);
DROP FUNCTION ledger_block(bytea, bigint, bigint);
