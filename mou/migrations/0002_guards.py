"""What the database refuses of agreements, whoever asks: changes of what was sent and signed, and force without signatures."""

from django.db import migrations

from core.triggers import append_only, refuse

SIGNATURE = """
NOT EXISTS (
  SELECT 1 FROM mou_agreementversion v JOIN mou_party p ON p.agreement_id = v.agreement_id
  JOIN mou_agreement a ON a.id = v.agreement_id
  WHERE v.id = NEW.version_id AND p.id = NEW.party_id AND v.sha256 = NEW.shown AND p.signatory_id = NEW.person_id
    AND a.state = 'out'
    AND v.number = (SELECT MAX(w.number) FROM mou_agreementversion w WHERE w.agreement_id = v.agreement_id)
)
"""
FORCE = """
NEW.state = 'in_force' AND (
  NOT EXISTS (SELECT 1 FROM mou_party p WHERE p.agreement_id = NEW.id)
  OR EXISTS (
    SELECT 1 FROM mou_party p WHERE p.agreement_id = NEW.id AND NOT EXISTS (
      SELECT 1 FROM mou_signature s JOIN mou_agreementversion v ON v.id = s.version_id
      WHERE s.party_id = p.id AND v.agreement_id = NEW.id
        AND v.number = (SELECT MAX(w.number) FROM mou_agreementversion w WHERE w.agreement_id = NEW.id)
    )
  )
)
"""


class Migration(migrations.Migration):
    dependencies = [("mou", "0001_initial")]
    operations = [
        append_only("mou_agreementversion"),
        append_only("mou_rendition"),
        append_only("mou_signature"),
        refuse("mou_signature", "signature_of_what_is_out", SIGNATURE),
        refuse("mou_agreement", "force_needs_signatures", FORCE),
    ]
