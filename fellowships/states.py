"""The states of a cycle, a fellow, a placement and a section of its handover, with their moves; what is known of a project."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed
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


RUNS, SEES_CYCLE, SEES = "fellowships.edit_cycle", "fellowships.view_cycle", "fellowships.view_placement"
PLACES, SEES_PLAN, WRITES = "fellowships.edit_placement", "fellowships.view_handover", "fellowships.edit_handover"
ASSIGNS, WAIVES, RECEIVES = "fellowships.assign_handover", "fellowships.waive_handover", "fellowships.receive_handover"
SEES_ALL = {scope: SEES for scope in ("programme", "signing", "cycle")}
AT_WORK = _("While the placement is planned or active.")
# What is done with each kind of record, by what permission and from which states: docs/roles.md and the page of roles.
DEEDS = (
    Kind(
        _("Cycle"),
        CycleState,
        (
            deed("view_cycle", _("See it with one’s own part"), SEES_CYCLE),
            deed("view_cohort", _("See everybody in it, and who can see it"), SEES_ALL),
            deed("open_cycle edit_cycle", _("Open one; change it; add hosts and fellows"), RUNS),
            deed("invite_cohort", _("Invite everybody of it who never came in"), RUNS),
            deed("prepare_host_agreement", _("Draft the agreement with a host"), RUNS, besides=_("One at a time for a host.")),
            deed("publish_cycle", _("Publish it; take it off the public pages"), RUNS),
            deed("share_cycle", _("Share it with one person"), "fellowships.share_cycle", besides=_("Not with oneself.")),
            deed("view_project", _("See a project"), SEES_CYCLE),
            deed("edit_project", _("Change a project"), RUNS),
        ),
    ),
    Kind(
        _("Fellow"),
        FellowState,
        (
            deed("view_fellow", _("See the page of a fellow"), SEES),
            deed("edit_fellow shield_fellow", _("Change what is on record; keep the name off public pages"), RUNS),
            deed("invite_fellow", _("Give a sign-in"), RUNS, {FellowState.TAKES_PART}),
            deed("add_placement", _("Place at a host"), RUNS, {FellowState.TAKES_PART}),
            deed("withdraw_fellow", _("Record that somebody left"), RUNS, FELLOW.moves["withdraw"].source),
            deed("replace_fellow", _("Name who follows"), RUNS, {FellowState.WITHDRAWN}, _("Once.")),
        ),
    ),
    Kind(
        _("Placement"),
        P,
        (
            deed("view_placement", _("See it, and who can see it"), SEES),
            deed("edit_placement", _("Change project and days"), PLACES, set(P) - set(OVER)),
            deed("plan_placement", _("Plan it"), PLACES, PLACEMENT.moves["plan"].source),
            deed(
                "start_placement",
                _("Start it"),
                PLACES,
                PLACEMENT.moves["start"].source,
                _("An agreement in force covers every day of it."),
            ),
            deed("make_handover", _("Open its handover plan"), PLACES, {P.PLANNED, P.ACTIVE}, _("Once.")),
            deed(
                "complete_placement",
                _("Complete it"),
                PLACES,
                PLACEMENT.moves["complete"].source,
                _("From its last day on; each required section is accepted or waived."),
            ),
            deed("withdraw_placement", _("End it before its time"), PLACES, PLACEMENT.moves["withdraw"].source),
            deed("share_placement", _("Share it with one person"), "fellowships.share_placement", besides=_("Not with oneself.")),
        ),
    ),
    Kind(
        _("Handover and its sections"),
        S,
        (
            deed("view_handover view_section", _("See it"), SEES_PLAN, besides=_("And who receives one of its sections.")),
            deed("edit_handover edit_section", _("Write a section"), WRITES, besides=AT_WORK),
            deed(
                "assign_handover assign_section",
                _("Name who receives"),
                ASSIGNS,
                set(S) - set(DONE),
                _("Never the fellow. While the placement is planned or active."),
            ),
            deed("offer_handover offer_section", _("Offer a section"), WRITES, SECTION.moves["offer"].source, AT_WORK),
            deed(
                "accept_section send_back_section",
                _("Accept a section, or send it back"),
                RECEIVES,
                SECTION.moves["accept"].source,
                _("Who is named to receive it; never the fellow."),
            ),
            deed("waive_section", _("Waive a required section"), WAIVES, SECTION.moves["waive"].source, _("Never the fellow.")),
            deed("leave_out_section", _("Leave out a recommended section"), WRITES, SECTION.moves["leave_out"].source, AT_WORK),
        ),
    ),
)
