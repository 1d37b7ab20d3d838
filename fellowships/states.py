"""The states of a cycle, a fellow, a placement and a section of its handover, with their moves; what is known of a project."""

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
    """RECORDED comes from a list that was imported: it says who was where and nothing of an agreement.

    COMPLETED: its days are over and the work was handed over. WITHDRAWN: it ended before, or never began.
    """

    RECORDED = "recorded", _("Recorded")
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


P = PlacementState
PLACEMENT = Machine(
    "state",
    Move("plan", frozenset({P.RECORDED}), P.PLANNED, "placement.planned"),
    Move("start", frozenset({P.PLANNED}), P.ACTIVE, "placement.started"),
    Move("complete", frozenset({P.ACTIVE}), P.COMPLETED, "placement.completed"),
    Move("withdraw", frozenset({P.RECORDED, P.PLANNED, P.ACTIVE}), P.WITHDRAWN, "placement.withdrawn"),
)


OVER = (P.WITHDRAWN, P.COMPLETED)


class Level(models.TextChoices):
    """Whether a placement can be completed without a section of its handover."""

    MUST = "must", _("Required")
    SHOULD = "should", _("Recommended")


class SectionState(models.TextChoices):
    """Where a section of a handover is: being written, before its receiver, taken over, or not asked for any more.

    WAIVED is a required one that somebody answers for leaving away; LEFT_OUT a recommended one.
    """

    OPEN = "open", _("Open")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    WAIVED = "waived", _("Waived")
    LEFT_OUT = "left_out", _("Left out")


S = SectionState
SECTION = Machine(
    "state",
    Move("offer", frozenset({S.OPEN}), S.OFFERED, "section.offered"),
    Move("accept", frozenset({S.OFFERED}), S.ACCEPTED, "section.accepted"),
    Move("send_back", frozenset({S.OFFERED}), S.OPEN, "section.sent_back"),
    Move("waive", frozenset({S.OPEN, S.OFFERED}), S.WAIVED, "section.waived"),
    Move("leave_out", frozenset({S.OPEN, S.OFFERED}), S.LEFT_OUT, "section.left_out"),
    Move("reopen", frozenset({S.OFFERED, S.ACCEPTED, S.WAIVED, S.LEFT_OUT}), S.OPEN, "section.reopened"),
)
MET = (S.ACCEPTED, S.WAIVED)  # a required section in one of these does not stand in the way of completion
DONE = (*MET, S.LEFT_OUT)  # nobody has to do anything about it


class Standing(models.TextChoices):
    """How a handover stands: worked out from its sections and the day, never stored."""

    ACCEPTED = "accepted", _("Accepted")
    IN_PART = "in_part", _("In part")
    LATE = "late", _("Late")
    DRAFT = "draft", _("Draft")
    STOPPED = "stopped", _("Stopped")


TONES = {"accepted": "good", "in_part": "info", "late": "bad", "draft": "wait", "stopped": "gone"}


class ProjectStatus(models.TextChoices):
    """What is known of a project. UNKNOWN is said, never guessed."""

    PROPOSED = "proposed", _("Proposed")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")
    UNKNOWN = "unknown", _("Unknown")


# status -> its tone
PROJECT_LOOKS: dict[str, str] = {
    ProjectStatus.PROPOSED: "gone",
    ProjectStatus.RUNNING: "info",
    ProjectStatus.FINISHED: "good",
    ProjectStatus.STOPPED: "gone",
    ProjectStatus.UNKNOWN: "unknown",
}
