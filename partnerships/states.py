"""Where a hackathon and the question after one of its outputs stand, what may have become of an output, and the moves."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

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
