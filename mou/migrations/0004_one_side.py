"""What the database refuses besides: two signatures of one person under one text. What is signed already is not looked at."""

from django.db import migrations

from core.triggers import refuse

BOTH = """
EXISTS (
  SELECT 1 FROM mou_signature s
  WHERE s.version_id = NEW.version_id AND s.person_id = NEW.person_id AND s.party_id <> NEW.party_id
)
"""


class Migration(migrations.Migration):
    dependencies = [("mou", "0003_never_replaced")]
    operations = [refuse("mou_signature", "signature_for_one_side", BOTH)]
