"""Case studies for tests, written through the action that the demo uses."""

from datetime import date
from typing import Any

from cms import actions
from cms.models import CaseStudyPage
from core.access import HOUSE

FACTS = {
    "title": "Shorter queues",
    "summary": "Patients used to ring three numbers. Now a message tells them where the wait is shortest.",
    "partners": "Agency with NGO",
    "level": "participation",
    "year": 2025,
    "problem": "<p>Nobody could see both rooms at once.</p>",
    "how_we_worked": "<p>We sat in the waiting room.</p>",
    "what_we_built": "<p>A sheet of paper.</p>",
    "challenges": "<p>The board confused people.</p>",
    "no_outcome_yet": True,
}
FIGURE = {
    "no_outcome_yet": False,
    "outcome": "71 → 48",
    "outcome_unit": "minutes",
    "outcome_label": "Median wait",
    "outcome_date": date(2026, 3, 2),
    "outcome_source": "Check-in records",
}


def story(agencies: Any = (), records: Any = (), **facts: Any) -> CaseStudyPage:
    """A published case study."""
    return actions.publish_story(facts=FACTS | facts, agencies=agencies, records=records, by=HOUSE)
