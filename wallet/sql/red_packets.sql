-- What was sent is what is opened: terms and shares stay as they were drawn, and neither a taken share nor an
-- ended packet changes again.
CREATE TRIGGER red_packet_keeps_its_terms BEFORE UPDATE ON wallet_redpacket
    FOR EACH ROW WHEN (
        OLD.state <> 'OPEN'
        OR (OLD.number, OLD.sender_id, OLD.kind, OLD.audience, OLD.receiver_id, OLD.amount, OLD.count, OLD.journal_id)
           IS DISTINCT FROM
           (NEW.number, NEW.sender_id, NEW.kind, NEW.audience, NEW.receiver_id, NEW.amount, NEW.count, NEW.journal_id)
        OR NEW.opened_count < OLD.opened_count
    ) EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER red_packet_share_is_taken_once BEFORE UPDATE ON wallet_redpacketshare
    FOR EACH ROW WHEN (
        OLD.taken_by_id IS NOT NULL
        OR (OLD.packet_id, OLD.position, OLD.amount) IS DISTINCT FROM (NEW.packet_id, NEW.position, NEW.amount)
    ) EXECUTE FUNCTION ledger_is_append_only();

-- reverse
DROP TRIGGER red_packet_keeps_its_terms ON wallet_redpacket;
DROP TRIGGER red_packet_share_is_taken_once ON wallet_redpacketshare;
