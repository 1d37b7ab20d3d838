"""Where a hackathon and the question after one of its outputs stand, what may have become of an output, and the moves."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed
from core.states import Machine, Move


class HackathonState(models.TextChoices):
    """Whether its outputs are still being gathered."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


H = HackathonState
HACKATHON = Machine("state", Move("close", frozenset({H.OPEN}), H.CLOSED, "hackathon.closed"))


class OutputKind(models.TextChoices):
    """What a team made. Code is one kind among others (requirement S1-27). Empty means that nobody has said."""

    CONCEPT = "concept", _("Concept")
    DESIGN = "design", _("Design")
    PROTOTYPE = "prototype", _("Tested prototype")
    SOFTWARE = "software", _("Software")
    DATA = "data", _("Data analysis")
    POLICY = "policy", _("Policy proposal")
    CAMPAIGN = "campaign", _("Campaign")
    OTHER = "other", _("Something else")


class Outcome(models.TextChoices):
    """What became of an output: the closed list (requirement S1-29). Unknown is one of them and is counted."""

    ADOPTED = "adopted", _("Adopted")
    PILOTED = "piloted", _("Piloted")
    MERGED = "merged", _("Merged into other work")
    PROCURED = "procured", _("Procured")
    PUBLISHED = "published", _("Published only")
    PAUSED = "paused", _("Paused")
    ABANDONED = "abandoned", _("Abandoned")
    UNKNOWN = "unknown", _("Unknown")


# A good outcome is one that a stranger can see: it is nothing without evidence.
PROVEN = (Outcome.ADOPTED, Outcome.PILOTED, Outcome.MERGED, Outcome.PROCURED, Outcome.PUBLISHED)
NOT_ASKED = ""  # the present state of an output before its first question is answered or given up
# How an outcome looks, wherever it stands: (tone, sign); an empty sign is the usual one of the tone.
LOOKS: dict[str, tuple[str, str]] = {
    Outcome.ADOPTED: ("good", ""),
    Outcome.PILOTED: ("info", "flask-conical"),
    Outcome.MERGED: ("good", "merge"),
    Outcome.PROCURED: ("good", "handshake"),
    Outcome.PUBLISHED: ("info", "book-open"),
    Outcome.PAUSED: ("wait", "circle-pause"),
    Outcome.ABANDONED: ("gone", "archive"),
    Outcome.UNKNOWN: ("unknown", ""),
    NOT_ASKED: ("gone", "clock"),
}


class FollowUpState(models.TextChoices):
    """Where one question stands."""

    SCHEDULED = "scheduled", _("Not asked yet")
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    UNKNOWN = "unknown", _("Unknown")


F = FollowUpState
FOLLOW_UP_LOOKS: dict[str, tuple[str, str]] = {
    F.SCHEDULED: ("gone", "clock"),
    F.ASKED: ("wait", ""),
    F.ANSWERED: ("good", ""),
    F.UNKNOWN: ("unknown", ""),
}
# Both ways to answer start from UNKNOWN too: a late answer is welcome, and the chain keeps that it was late.
ANSWERABLE = frozenset({F.ASKED, F.UNKNOWN})
FOLLOW_UP = Machine(
    "state",
    Move("ask", frozenset({F.SCHEDULED}), F.ASKED, "follow_up.asked"),
    Move("answer", ANSWERABLE, F.ANSWERED, "follow_up.answered"),
    Move("answer_for", ANSWERABLE, F.ANSWERED, "follow_up.answered_for"),
    Move("correct", frozenset({F.ANSWERED}), F.ANSWERED, "follow_up.corrected"),
    Move("give_up", frozenset({F.ASKED}), F.UNKNOWN, "follow_up.given_up"),
    Move("pass_over", frozenset({F.SCHEDULED}), F.UNKNOWN, "follow_up.passed_over"),
)


class Letter(models.TextChoices):
    """The three mails about one question, in this order. Each leaves once."""

    QUESTION = "question", _("Question")
    FIRST = "first", _("First reminder")
    SECOND = "second", _("Second reminder")


# Each letter is given this long before the next one, and before the answer counts as unknown: 7, 14 and 21 days after the
# question was really asked. Counted from the letter before, so that after missed nights nobody gets two in a row.
PATIENCE = timedelta(days=7)
ROUND = PATIENCE * len(Letter)  # how long a question is open at most, where no night is missed
DEFAULT_DAYS = (30, 90, 180, 365)
MOST_QUESTIONS, LONGEST = 8, 3650


EDITS, RUNS, SEES = "partnerships.edit_organisation", "partnerships.edit_hackathon", "partnerships.view_hackathon"
SHARES, ANSWERS = "partnerships.share_hackathon", "partnerships.answer_follow_up"
SEES_ALL = {scope: SEES for scope in ("programme", "signing", "hackathon")}
# What is done with each kind of record, by what permission and from which states: docs/roles.md and the page of roles.
DEEDS = (
    Kind(
        _("Organisation"),
        None,
        (
            deed("view_organisation", _("See it and its people"), "partnerships.view_organisation"),
            deed("add_organisation", _("Add one to the register"), EDITS),
            deed("edit_organisation shield_organisation unshield_organisation", _("Change it; keep it off public pages"), EDITS),
            deed("correct_organisation", _("Say how it is presented and reached"), "partnerships.correct_organisation"),
            deed("supersede_organisation reinstate_organisation", _("Tie two entries of one organisation together"), EDITS),
            deed(
                "add_member end_membership date_membership",
                _("Give, date and end roles in it"),
                "partnerships.add_member",
                besides=_("Nobody gives a role to themselves. An NGO role only fits civil society and universities."),
            ),
        ),
    ),
    Kind(
        _("Programme"),
        None,
        (
            deed("view_programme", _("See it"), "partnerships.view_programme"),
            deed("open_programme", _("Open one"), "partnerships.open_programme"),
            deed("edit_programme", _("Change it"), "partnerships.edit_programme"),
            deed(
                "give_programme_role end_programme_role date_programme_role",
                _("Give, date and end roles in it"),
                "partnerships.give_programme_role",
                besides=_("Nobody gives a role to themselves."),
            ),
        ),
    ),
    Kind(
        _("Hackathon"),
        HackathonState,
        (
            deed(
                "view_hackathon view_output",
                _("See it with one’s own outputs"),
                SEES,
                besides=_("An owner as long as they work at the agency."),
            ),
            deed("view_hackathon_readers", _("See all of it, and who can see it"), SEES_ALL),
            deed("open_hackathon edit_hackathon", _("Open one; change it"), RUNS),
            deed("add_output", _("Add an output"), RUNS, {H.OPEN}),
            deed("remove_output", _("Take out an output"), RUNS, {H.OPEN}),
            deed("edit_output name_owner", _("Change an output; name its owner"), RUNS),
            deed(
                "prepare_closing close_hackathon",
                _("Close it"),
                RUNS,
                HACKATHON.moves["close"].source,
                _("From its last day on; each output has an owner."),
            ),
            deed(
                "publish_hackathon",
                _("Publish it; take it off the public pages"),
                RUNS,
                besides=_("Not while its organiser is sensitive."),
            ),
            deed("share_hackathon", _("Share it with one person"), SHARES, besides=_("Not with oneself.")),
        ),
    ),
    Kind(
        _("Question about an output"),
        FollowUpState,
        (
            deed("answer_follow_up", _("Answer"), ANSWERS, ANSWERABLE, _("The question asked last.")),
            deed("correct_follow_up", _("Correct the answer"), ANSWERS, FOLLOW_UP.moves["correct"].source),
        ),
    ),
)
