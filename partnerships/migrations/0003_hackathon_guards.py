"""What the database refuses of hackathons, whoever asks: closing without owners and questions, and taking a letter back."""

from django.db import migrations

from core.triggers import append_only, refuse

UNFOLLOWED = """
NEW.state = 'closed' AND (
  NOT EXISTS (SELECT 1 FROM partnerships_output o WHERE o.hackathon_id = NEW.id)
  OR EXISTS (
    SELECT 1 FROM partnerships_output o WHERE o.hackathon_id = NEW.id AND (
      o.agency_id IS NULL OR o.owner_id IS NULL
      OR NOT EXISTS (SELECT 1 FROM partnerships_followup f WHERE f.output_id = o.id)
    )
  )
)
"""
OPENED_AGAIN = """
NEW.state = 'open' AND EXISTS (
  SELECT 1 FROM partnerships_followup f JOIN partnerships_output o ON o.id = f.output_id WHERE o.hackathon_id = NEW.id
)
"""
LEFT_ALONE = """
(NEW.agency_id IS NULL OR NEW.owner_id IS NULL OR NOT EXISTS (SELECT 1 FROM partnerships_followup f WHERE f.output_id = NEW.id))
AND EXISTS (SELECT 1 FROM partnerships_hackathon h WHERE h.id = NEW.hackathon_id AND h.state = 'closed')
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_hackathon")]
    operations = [
        refuse("partnerships_hackathon", "closing_needs_owners_and_questions", UNFOLLOWED),
        refuse("partnerships_hackathon", "questions_keep_it_closed", OPENED_AGAIN),
        refuse("partnerships_output", "output_of_closed_is_followed", LEFT_ALONE),
        append_only("partnerships_reminder"),
    ]
