"""Every write about a question: asked, reminded of, answered, given up. Each looks at its state under a lock first."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import access, audit, public
from core.access import Actor
from core.action import action, lock
from partnerships import notices, rules
from partnerships.models import EarlierAnswer, FollowUp, Reminder
from partnerships.states import FOLLOW_UP, PATIENCE, PROVEN, FollowUpState, Letter, Outcome


@action
def ask_follow_up(*, follow_up: FollowUp, today: date, by: Actor) -> None:
    """Ask what became of the output. Early, twice, or while another question about it is open, it does nothing.

    One whose successor is due as well is not asked any more: an answer of today would be told as one of long ago. It
    counts as unknown, and the next is asked.
    """
    lock(follow_up.output, follow_up)
    access.require(rules.ask_follow_up, by)
    others = FollowUp.objects.filter(output=follow_up.output_id)
    if not FOLLOW_UP.can("ask", follow_up) or follow_up.due > today or others.filter(state=FollowUpState.ASKED).exists():
        return
    if follow_up.later().filter(due__lte=today).exists():
        FOLLOW_UP.apply("pass_over", follow_up, by=by, note={"days": follow_up.days}, outcome=Outcome.UNKNOWN)
    else:
        FOLLOW_UP.apply("ask", follow_up, by=by, note={"days": follow_up.days}, asked_on=today)
        _send(follow_up, Letter.QUESTION, today)
    _touch(follow_up)


@action
def remind_owner(*, follow_up: FollowUp, today: date, by: Actor) -> None:
    """The next reminder, a week after the letter before it. Early, twice or when both have left it does nothing."""
    lock(follow_up.output, follow_up)
    access.require(rules.ask_follow_up, by)
    left = list(Reminder.objects.filter(follow_up=follow_up))
    if follow_up.state != FollowUpState.ASKED or len(left) >= len(Letter) or not _silent(left, today):
        return
    kind = list(Letter)[len(left)]
    audit.record("follow_up.reminded", follow_up, by=by, days=follow_up.days, number=len(left))
    _send(follow_up, kind, today)


@action
def give_up_follow_up(*, follow_up: FollowUp, today: date, by: Actor) -> None:
    """Nobody answered within a week of the second reminder: unknown, and counted. Early or twice it does nothing."""
    lock(follow_up.output, follow_up)
    access.require(rules.ask_follow_up, by)
    left = list(Reminder.objects.filter(follow_up=follow_up))
    if FOLLOW_UP.can("give_up", follow_up) and len(left) == len(Letter) and _silent(left, today):
        FOLLOW_UP.apply("give_up", follow_up, by=by, note={"days": follow_up.days}, outcome=Outcome.UNKNOWN)
        _touch(follow_up)


def _silent(left: list[Reminder], today: date) -> bool:
    """The last letter left a week ago or earlier."""
    return bool(left) and max(letter.sent_on for letter in left) <= today - PATIENCE


def _send(follow_up: FollowUp, kind: Letter, today: date) -> None:
    """The row first: it stands for the letter, and the database lets no second one in."""
    whom, addresses = follow_up.output.addressees()
    Reminder.objects.create(follow_up=follow_up, kind=kind, sent_on=today, to=whom)
    remaining = PATIENCE * (len(Letter) - list(Letter).index(kind))
    notices.follow_up_asked(follow_up, kind, addresses, today + remaining)


@action
def answer_follow_up(
    *, follow_up: FollowUp, outcome: str, by: User, evidence: str = "", reason: str = "", on: date | None = None
) -> None:
    """What became of it, on record with who said so. Raises ValidationError for a good outcome that nobody can see.

    A coordinator who is neither owner nor lead answers on the owner's behalf, and the record says so.
    """
    lock(follow_up.output, follow_up)
    access.require(rules.answer_follow_up, by, follow_up)
    facts = _answer(outcome, evidence, reason, by, on)
    word = str(Outcome(outcome).label)
    if rules.answers_for_the_agency(by, follow_up):
        FOLLOW_UP.apply("answer", follow_up, by=by, note={"days": follow_up.days, "outcome": word}, on_behalf=False, **facts)
    else:
        note = {"days": follow_up.days, "outcome": word, "name": str(follow_up.output.owner)}
        FOLLOW_UP.apply("answer_for", follow_up, by=by, note=note, on_behalf=True, **facts)
    _touch(follow_up)


@action
def correct_follow_up(
    *, follow_up: FollowUp, outcome: str, why: str, shown: int, by: User, evidence: str = "", reason: str = ""
) -> None:
    """Another answer takes the place of the one that stands, which stays on record with `why`.

    shown: how many were corrected when the page was opened. Raises ValidationError for a good outcome that nobody can see,
    without `why`, where nothing differs, and "changed" when somebody has corrected it since.
    """
    lock(follow_up.output, follow_up)
    access.require(rules.correct_follow_up, by, follow_up)
    number = EarlierAnswer.objects.filter(follow_up=follow_up).count()
    if shown != number:
        raise ValidationError(_("Somebody else has corrected this answer since you opened it. Read it again."), code="changed")
    if not why.strip():
        raise ValidationError({"why": _("Say why: it stays on record.")})
    facts = _answer(outcome, evidence, reason, by, None)
    before = {name: getattr(follow_up, name) for name in (*facts, "on_behalf")}
    if all(facts[name] == before[name] for name in ("outcome", "evidence", "reason")):
        raise ValidationError(_("This is the answer that stands. Change what is wrong in it."))
    EarlierAnswer.objects.create(follow_up=follow_up, number=number + 1, why=why.strip(), **before)
    words = {"outcome": str(Outcome(outcome).label), "before": str(Outcome(before["outcome"]).label), "why": why.strip()}
    on_behalf = not rules.answers_for_the_agency(by, follow_up)
    FOLLOW_UP.apply("correct", follow_up, by=by, note={"days": follow_up.days, **words}, on_behalf=on_behalf, **facts)
    _touch(follow_up)


def _answer(outcome: str, evidence: str, reason: str, by: User, on: date | None) -> dict[str, Any]:
    """What is stored of an answer."""
    evidence = evidence.strip()
    if outcome not in Outcome.values:
        raise ValueError(f"not an outcome: {outcome}")
    if outcome in PROVEN and not evidence:
        words = {"outcome": Outcome(outcome).label}
        sentence = _("“%(outcome)s” needs evidence: say where a stranger can see it, by an address or in a sentence.")
        raise ValidationError({"evidence": sentence % words})
    return {
        "outcome": outcome,
        "evidence": evidence,
        "reason": reason.strip(),
        "answered_on": on or timezone.localdate(),
        "answered_by": by.person,
    }


def _touch(follow_up: FollowUp) -> None:
    if follow_up.output.hackathon.published_at is not None:
        public.touch()
