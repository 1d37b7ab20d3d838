"""The states of a cycle, of a fellow in it and of a placement with their moves; and what is known of a project."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Machine, Move


class CycleState(models.TextChoices):
    """A cycle is in preparation until it is published; then everybody may see it."""

    PREPARING = "preparing", _("In preparation")
    PUBLISHED = "published", _("Published")


CYCLE = Machine(
    "state",
    Move("publish", frozenset({CycleState.PREPARING}), CycleState.PUBLISHED, "cycle.published"),
    Move("unpublish", frozenset({CycleState.PUBLISHED}), CycleState.PREPARING, "cycle.unpublished"),
)


class FellowState(models.TextChoices):
    """Whether somebody still takes part. Who has left stays on record."""

    TAKES_PART = "takes_part", _("Takes part")
    WITHDRAWN = "withdrawn", _("Withdrawn")


FELLOW = Machine("state", Move("withdraw", frozenset({FellowState.TAKES_PART}), FellowState.WITHDRAWN, "fellow.withdrawn"))


class PlacementState(models.TextChoices):
    """RECORDED comes from a list that was imported: it says who was where and nothing of an agreement."""

    RECORDED = "recorded", _("Recorded")
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    WITHDRAWN = "withdrawn", _("Withdrawn")


P = PlacementState
PLACEMENT = Machine(
    "state",
    Move("plan", frozenset({P.RECORDED}), P.PLANNED, "placement.planned"),
    Move("start", frozenset({P.PLANNED}), P.ACTIVE, "placement.started"),
    Move("withdraw", frozenset({P.RECORDED, P.PLANNED, P.ACTIVE}), P.WITHDRAWN, "placement.withdrawn"),
)


class ProjectStatus(models.TextChoices):
    """What is known of a project. UNKNOWN is said, never guessed."""

    PROPOSED = "proposed", _("Proposed")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")
    UNKNOWN = "unknown", _("Unknown")
