"""Every write about erasing somebody: asked for, decided on the figures of a dry run, done."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notices, rules
from accounts.models import Erasure, Person, erasure_of, one_month_after
from core import access, audit, erasing, privacy, public
from core.access import Actor
from core.action import action, lock, store
from core.jobs import later


@action
def ask_erasure(*, person: Person, by: Actor, wish: str = "") -> Erasure:
    """Somebody asks to be erased: it waits on the desk of administrators. Asked twice, it is asked once."""
    lock(person)
    access.require(rules.ask_erasure, by, person)
    erasure = erasure_of(person)
    if erasure is None:
        answer_by = one_month_after(timezone.localdate())
        erasure = Erasure.objects.create(person=person, asked_at=timezone.now(), wish=wish, answer_by=answer_by)
        audit.record("person.erasure_asked", person, by=by, day=answer_by)
    return erasure


@action
def take_back_erasure(*, erasure: Erasure, by: Actor) -> None:
    """The person has thought again, before it was decided."""
    lock(erasure)
    access.require(rules.take_back_erasure, by, erasure)
    store(erasure, {"taken_back_at": timezone.now()})
    audit.record("person.erasure_taken_back", erasure.person, by=by)


@action
def refuse_erasure(*, erasure: Erasure, reason: str, by: Actor) -> None:
    """The law keeps it, or something has to be ended first: the person reads the reason in a mail."""
    lock(erasure)
    access.require(rules.refuse_erasure, by, erasure)
    store(erasure, {"refused_at": timezone.now(), "refused_by": by.ref, "reason": reason[:300], "problem": ""})
    audit.record("person.erasure_refused", erasure.person, by=by, reason=reason)
    if erasure.asked_at:
        notices.erasure_refused(erasure.person, reason)


@action
def confirm_erasure(
    *, person: Person, digest: str, chosen: Collection[str], reason: str, by: Actor, also: Collection[str] = ()
) -> Erasure:
    """Decide on what the dry run said; a job does it. Raises ValidationError when the figures are others by now."""
    lock(person)
    access.require(rules.erase_person, by, person)
    subject = privacy.subject_of(person).looking_for(also)
    if erasing.plan(subject).digest != digest:
        raise ValidationError(_("The figures have changed since you opened the page. Look at them, then decide again."))
    if subject.words and subject.pattern().search(reason):
        raise ValidationError({"reason": _("The reason stays for good. Write it without the name and without an address.")})
    erasure = erasure_of(person) or Erasure.objects.create(person=person)
    lock(erasure)
    if erasure.confirmed_at is None:
        facts = {
            "confirmed_at": timezone.now(),
            "confirmed_by": by.ref,
            "digest": digest,
            "chosen": sorted(chosen),
            "also": list(also),
        }
        store(erasure, {**facts, "reason": reason[:300], "problem": ""})
        audit.record("person.erasure_confirmed", person, by=by, reason=reason)
        later("accounts.erase_person", erasure.ref)
    return erasure


@action
def erase_person(*, erasure: Erasure, by: Actor) -> dict[str, int]:
    """What the dry run said, in one transaction; what was done, by kind. Done twice, it is done once.

    The person stays as a reference without a name. Raises Overtaken when the figures are others by now.
    """
    person = erasure.person
    lock(person, erasure)
    if erasure.done_at or erasure.confirmed_at is None:
        return {}
    access.require(rules.erase_person, by, person)
    subject = privacy.subject_of(person).looking_for(erasure.also)
    found = erasing.plan(subject)
    if found.digest != erasure.digest:
        raise erasing.Overtaken
    done = erasing.erase(subject, chosen=erasure.chosen, by=by, why=erasure.reason)
    erasure.refresh_from_db()
    chosen = sorted({*erasure.chosen, *erasing.undecided(found)})
    store(erasure, {"done_at": timezone.now(), "problem": "", "also": list(subject.words), "chosen": chosen})
    later("accounts.erase_again", erasure.ref)
    audit.record(
        "person.erased",
        person,
        by=by,
        reason=erasure.reason,
        deleted=done["deleted"],
        emptied=done["emptied"],
        kept=done["kept"],
        texts=done["texts"],
        told=done["told"],
    )
    public.touch()
    return done


@action
def erase_again(*, erasure: Erasure, by: Actor) -> int:
    """Once more after the commit: what others were writing while erase_person() ran was not to be seen then. How many.

    The words stand in the request until then, and go with this.
    """
    access.require(rules.run_house, by)
    lock(erasure)
    words, person = tuple(erasure.also), erasure.person
    if erasure.done_at is None or not words:
        return 0
    store(erasure, {"also": []})
    addresses = tuple(word for word in words if "@" in word)
    subject = privacy.Subject(person.pk, person.ref, None, "", words, addresses)
    count = erasing.erase_again(subject, chosen=erasure.chosen, by=by, why=erasure.reason)
    if count:
        public.touch()
    return count


@action
def overtake_erasure(*, erasure: Erasure, problem: str, by: Actor) -> None:
    """It could not be done as decided: it is asked again, with what stood in the way."""
    access.require(rules.run_house, by)
    lock(erasure)
    if erasure.confirmed_at and not erasure.done_at:
        store(erasure, {"confirmed_at": None, "confirmed_by": None, "digest": "", "problem": problem[:500]})
        audit.record("person.erasure_overtaken", erasure.person, by=by, reason=problem)
