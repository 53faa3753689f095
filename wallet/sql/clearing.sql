-- What came to and left the money that WeChat holds for us, a row per journal: the ledger's side of a daily close,
-- and the only relation of the ledger's that SQL elsewhere may read. `amount` is positive where WeChat holds more;
-- `told` names what WeChat told us of, as the keys of journals do: wx:pay:…, wx:refund:…, wx:transfer:…,
-- or the day of which two people have signed what WeChat kept and sent to our bank, wx:settlement:….

-- A refund of an order is booked under our number of it, so that it is booked once whichever way it goes.
-- Partial: it costs other postings nothing.
CREATE INDEX journal_of_settled_refund ON wallet_journal (('wx:refund:' || (facts ->> 'refund_id')))
    WHERE kind = 'refund_settled';

-- Its sixteen slots, by the chart; immutable, so that the planner sees constants.
CREATE FUNCTION clearing_accounts() RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(9000000000000100 + slot) FROM generate_series(0, 15) AS slot
$$;

CREATE VIEW wallet_clearing_move AS
    SELECT j.id AS journal_id, j.key AS told, j.kind, j.reference, e.at, -e.amount AS amount
    FROM wallet_entry AS e JOIN wallet_journal AS j ON j.id = e.journal_id
    WHERE e.account_id = ANY (clearing_accounts()) AND j.book_id = 1 AND j.kind <> 'refund_settled'
    UNION ALL
    SELECT j.id, 'wx:refund:' || (j.facts ->> 'refund_id'), j.kind, j.reference, e.at, -e.amount
    FROM wallet_entry AS e JOIN wallet_journal AS j ON j.id = e.journal_id
    WHERE e.account_id = ANY (clearing_accounts()) AND j.kind = 'refund_settled';
GRANT SELECT ON wallet_clearing_move TO wallet_app;

-- reverse
DROP VIEW wallet_clearing_move;
DROP FUNCTION clearing_accounts();
DROP INDEX journal_of_settled_refund;
