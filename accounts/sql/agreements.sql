-- What is published or agreed to stays as it is, whoever writes.
--   WL007  a published text or a consent is changed or deleted

CREATE FUNCTION accounts_evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps what was agreed to: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'WL007';
END $$;

CREATE TRIGGER a_published_agreement_stays BEFORE UPDATE OR DELETE ON accounts_agreementversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION accounts_evidence_stays();
CREATE TRIGGER agreements_are_not_emptied BEFORE TRUNCATE ON accounts_agreementversion
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_evidence_stays();
CREATE TRIGGER a_consent_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_consentrecord
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_evidence_stays();

-- reverse
DROP TRIGGER a_consent_stays ON accounts_consentrecord;
DROP TRIGGER agreements_are_not_emptied ON accounts_agreementversion;
DROP TRIGGER a_published_agreement_stays ON accounts_agreementversion;
DROP FUNCTION accounts_evidence_stays();
