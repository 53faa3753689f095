"""The first text of every agreement; and what is published or agreed to is never changed, by nobody."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from accounts.rules.agreements import AgreementKind, fingerprint

_TEXTS = Path(__file__).parent.parent / "agreements"
_PUBLISHED = datetime(2025, 12, 24, 16, tzinfo=UTC)
_EFFECTIVE = datetime(2025, 12, 31, 16, tzinfo=UTC)  # New Year in Shanghai

_GUARDS = """
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
"""
_NO_GUARDS = """
DROP TRIGGER a_consent_stays ON accounts_consentrecord;
DROP TRIGGER agreements_are_not_emptied ON accounts_agreementversion;
DROP TRIGGER a_published_agreement_stays ON accounts_agreementversion;
DROP FUNCTION accounts_evidence_stays();
"""


def write(apps, schema_editor):
    model = apps.get_model("accounts", "AgreementVersion")
    for kind in AgreementKind.values:
        heading, _, body = (_TEXTS / f"{kind.lower()}_1.md").read_text(encoding="utf-8").partition("\n\n")
        title, body = heading.removeprefix("# "), body.strip()
        model.objects.get_or_create(
            kind=kind,
            version=1,
            defaults={
                "title": title,
                "body": body,
                "is_material": True,
                "effective_at": _EFFECTIVE,
                "published_at": _PUBLISHED,
                "sha256": fingerprint(kind=kind, version=1, title=title, body=body),
            },
        )


def remove(apps, schema_editor):
    apps.get_model("accounts", "AgreementVersion").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_agreements")]

    operations = [migrations.RunPython(write, remove), migrations.RunSQL(_GUARDS, _NO_GUARDS)]
