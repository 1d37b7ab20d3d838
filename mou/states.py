"""The states of an agreement and of a duty, and their moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed
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


DRAFTS, SENDS, READS = "mou.draft_agreement", "mou.send_agreement", "mou.view_agreement"
SIDE = {"organisation": READS, "programme": DRAFTS}  # who acts for a party: its people, and for the programme its coordinators
# What is done with each kind of record, by what permission and from which states: docs/roles.md and the page of roles.
DEEDS = (
    Kind(
        _("Agreement"),
        S,
        (
            deed("view_agreement", _("Read it"), READS, besides=_("The parties from the moment it is sent.")),
            deed("draft_agreement", _("Draft one"), DRAFTS),
            deed("edit_agreement", _("Change terms, duties and signatories"), DRAFTS, {S.DRAFT}),
            deed("prepare_agreement send_agreement", _("Send it for signature"), SENDS, AGREEMENT.moves["send"].source),
            deed(
                "open_sign_page sign_agreement decline_agreement",
                _("Sign it, or decline"),
                "mou.sign_agreement",
                AGREEMENT.moves["decline"].source,
                _("Who is named to sign, once; nobody for both sides."),
            ),
            deed("remind_signatory", _("Remind who has not signed"), SENDS, {S.OUT}, _("Once a day.")),
            deed("recall_agreement", _("Take it back"), SENDS, AGREEMENT.moves["recall"].source),
            deed("reopen_agreement", _("Open the draft again"), DRAFTS, AGREEMENT.moves["reopen"].source),
            deed("withdraw_agreement", _("Withdraw it"), DRAFTS, AGREEMENT.moves["withdraw"].source),
            deed(
                "publish_agreement",
                _("Publish it; take it off the public pages"),
                "mou.publish_agreement",
                {S.IN_FORCE, S.EXPIRED},
                _("Not while a party is sensitive."),
            ),
            deed("share_agreement", _("Share it with one person"), "mou.share_agreement", besides=_("Not with oneself.")),
        ),
    ),
    Kind(
        _("Duty"),
        D,
        (
            deed("view_duty", _("Read it"), READS),
            deed("date_duty", _("Record the event that it waits for"), SIDE, DUTY.moves["happen"].source, _("Either side.")),
            deed("report_duty", _("Report it as done"), SIDE, DUTY.moves["report"].source, _("The side that owes it.")),
            deed(
                "accept_duty send_back_duty",
                _("Accept it, or send it back"),
                SIDE,
                DUTY.moves["accept"].source,
                _("The other side: nobody who acts for the side that owes it, or who reported it."),
            ),
        ),
    ),
)
