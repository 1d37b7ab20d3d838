"""The states of an agreement and of a duty, and their moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Machine, Move


class AgreementState(models.TextChoices):
    """Where an agreement stands. "Executed" in any text means IN_FORCE."""

    DRAFT = "draft", _("Draft")
    OUT = "out", _("Out for signature")
    IN_FORCE = "in_force", _("In force")
    EXPIRED = "expired", _("Ended")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = AgreementState
# How a state looks, wherever it stands: (tone, sign); an empty sign is the usual one of the tone.
LOOKS: dict[str, tuple[str, str]] = {
    S.DRAFT: ("gone", ""),
    S.OUT: ("wait", "pen-line"),
    S.IN_FORCE: ("good", ""),
    S.EXPIRED: ("gone", "flag"),
    S.DECLINED: ("bad", "circle-x"),
    S.WITHDRAWN: ("gone", "ban"),
}
AGREEMENT = Machine(
    "state",
    Move("send", frozenset({S.DRAFT}), S.OUT, "agreement.sent"),
    Move("recall", frozenset({S.OUT}), S.DRAFT, "agreement.recalled"),
    Move("decline", frozenset({S.OUT}), S.DECLINED, "agreement.declined"),
    Move("reopen", frozenset({S.DECLINED}), S.DRAFT, "agreement.reopened"),
    Move("withdraw", frozenset({S.DRAFT, S.OUT, S.DECLINED}), S.WITHDRAWN, "agreement.withdrawn"),
    Move("bring_into_force", frozenset({S.OUT}), S.IN_FORCE, "agreement.in_force"),
    Move("expire", frozenset({S.IN_FORCE}), S.EXPIRED, "agreement.expired"),
)


class DutyState(models.TextChoices):
    """Where one dated duty stands. Late is not a state: it is open and its day has passed."""

    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waits for an event")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")


D = DutyState
SIGNS = {"bad": "clock-alert", "wait": "clock", "info": "send", "good": "", "gone": ""}  # of a duty's standing, by its tone
DUTY = Machine(
    "state",
    Move("happen", frozenset({D.WAITING}), D.OPEN, "duty.dated"),
    Move("report", frozenset({D.OPEN}), D.SENT, "duty.reported"),
    Move("accept", frozenset({D.SENT}), D.ACCEPTED, "duty.accepted"),
    Move("send_back", frozenset({D.SENT}), D.OPEN, "duty.sent_back"),
)
