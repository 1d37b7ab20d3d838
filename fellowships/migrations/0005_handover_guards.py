"""What the database refuses of handovers: completion before each required section is accepted or waived, acceptance by the
fellow, and changes under a completed placement."""

from django.db import migrations

from core.triggers import refuse

UNFINISHED = """
NEW.state = 'completed' AND (
  NOT EXISTS (
    SELECT 1 FROM fellowships_handover h JOIN fellowships_section s ON s.handover_id = h.id
    WHERE h.placement_id = NEW.id AND s.level = 'must'
  )
  OR EXISTS (
    SELECT 1 FROM fellowships_handover h JOIN fellowships_section s ON s.handover_id = h.id
    WHERE h.placement_id = NEW.id AND s.level = 'must' AND s.state NOT IN ('accepted', 'waived')
  )
)
"""
BY_THE_FELLOW = """
EXISTS (
  SELECT 1 FROM fellowships_handover h
  JOIN fellowships_placement p ON p.id = h.placement_id
  JOIN fellowships_fellow f ON f.id = p.fellow_id
  WHERE h.id = NEW.handover_id AND f.person_id IN (NEW.receiver_id, NEW.accepted_by_id, NEW.waived_by_id)
)
"""
UNDER_A_COMPLETED = """
NEW.level = 'must' AND NEW.state NOT IN ('accepted', 'waived') AND EXISTS (
  SELECT 1 FROM fellowships_handover h JOIN fellowships_placement p ON p.id = h.placement_id
  WHERE h.id = NEW.handover_id AND p.state = 'completed'
)
"""


class Migration(migrations.Migration):
    dependencies = [("fellowships", "0004_handover")]
    operations = [
        refuse("fellowships_placement", "completed_needs_handover", UNFINISHED),
        refuse("fellowships_section", "section_never_by_its_fellow", BY_THE_FELLOW),
        refuse("fellowships_section", "completed_keeps_handover", UNDER_A_COMPLETED),
    ]
