"""No work before signature: the database refuses an active placement that no agreement in force covers."""

from django.db import migrations

from core.triggers import refuse

UNCOVERED = """
NEW.state = 'active' AND NOT EXISTS (
  SELECT 1 FROM mou_agreement a
  JOIN mou_party p ON p.agreement_id = a.id
  JOIN fellowships_host h ON h.organisation_id = p.organisation_id
  JOIN fellowships_cycle c ON c.id = h.cycle_id AND c.programme_id = a.programme_id
  WHERE a.id = NEW.agreement_id AND h.id = NEW.host_id
    AND a.state = 'in_force' AND a.starts <= NEW.starts AND a.ends >= NEW.ends
)
"""


class Migration(migrations.Migration):
    dependencies = [("fellowships", "0002_initial"), ("mou", "0002_guards")]
    operations = [refuse("fellowships_placement", "active_needs_agreement", UNCOVERED)]
