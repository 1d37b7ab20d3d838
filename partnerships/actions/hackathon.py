"""Every write about a hackathon: opened, changed, closed with its questions planned, published."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import access, audit, public
from core import notices as told
from core.access import Actor
from core.action import action, lock, store
from partnerships import notices, rules
from partnerships.models import FollowUp, Hackathon, Organisation, Output, Programme, spaced
from partnerships.states import HACKATHON

PLANNED = ("starts", "ends", "follow_up_days")  # the questions count from these: they stand once it is closed
EDITABLE = frozenset(["organiser", "title", "summary", "venue", "in_person", "online", "users", *PLANNED])


@action
def open_hackathon(
    *, programme: Programme, organiser: Organisation, title: str, starts: date, ends: date, by: Actor, **facts: Any
) -> Hackathon:
    """An event of a programme. Raises ValidationError when the programme has one of this title."""
    access.require(rules.open_hackathon, by, programme)
    lock(programme)
    _free(programme, title)
    known = _known(facts)
    hackathon = Hackathon.objects.create(programme=programme, organiser=organiser, title=title, starts=starts, ends=ends, **known)
    audit.record("hackathon.opened", hackathon, by=by)
    return hackathon


@action
def edit_hackathon(*, hackathon: Hackathon, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """The names of the fields that changed. Raises ValidationError: the title is taken, or its questions are planned."""
    lock(hackathon)
    access.require(rules.edit_hackathon, by, hackathon)
    known = _known(facts)
    if known.get("title", hackathon.title) != hackathon.title:
        _free(hackathon.programme, known["title"])
    if hackathon.closed and any(known.get(name, getattr(hackathon, name)) != getattr(hackathon, name) for name in PLANNED):
        raise ValidationError(_("The hackathon is closed: its questions are planned from its days."))
    changed = store(hackathon, known)
    if changed:
        audit.record("hackathon.edited", hackathon, by=by, fields=audit.labels(hackathon, changed), changes=changed)
        if hackathon.published_at:
            public.touch()
    return list(changed)


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not fields of a hackathon: {sorted(unknown)}")
    return {**facts, "follow_up_days": spaced(facts["follow_up_days"])} if "follow_up_days" in facts else dict(facts)


def _free(programme: Programme, title: str) -> None:
    if Hackathon.objects.filter(programme=programme, title=title).exists():
        words = {"programme": programme, "title": title}
        raise ValidationError({"title": _("%(programme)s has a hackathon called “%(title)s” already.") % words})


@action
def close_hackathon(*, hackathon: Hackathon, by: Actor, on: date | None = None) -> int:
    """Nothing is added to it any more, and the questions about each output are planned; how many are.

    What is due already, because the event was long ago, is asked by the clock in its next night.
    """
    lock(hackathon)
    access.require(rules.close_hackathon, by, hackathon)
    outputs = list(Output.objects.filter(hackathon=hackathon).select_related("owner"))
    questions = hackathon.questions()
    made = FollowUp.objects.bulk_create(
        [FollowUp(output=output, days=days, due=due) for output in outputs for days, due in questions], batch_size=500
    )
    note = {"outputs": len(outputs), "questions": len(made)}
    HACKATHON.apply("close", hackathon, by=by, note=note, closed_on=on or timezone.localdate())
    notices.hackathon_closed(hackathon, outputs)
    if hackathon.published_at:
        public.touch()
    return len(made)


@action
def publish_hackathon(*, hackathon: Hackathon, by: User) -> None:
    """Everybody may see it, its outputs, and what is known of each."""
    lock(hackathon)
    access.require(rules.publish_hackathon, by, hackathon)
    if hackathon.published_at is None:
        changed = store(hackathon, {"published_at": timezone.now(), "published_by": by.person})
        audit.record("hackathon.published", hackathon, by=by, changes=changed)
        public.touch()


@action
def unpublish_hackathon(*, hackathon: Hackathon, by: Actor) -> None:
    """Gone from every public page at the next request. Its questions go on."""
    lock(hackathon)
    access.require(rules.publish_hackathon, by, hackathon)
    if hackathon.published_at is not None:
        changed = store(hackathon, {"published_at": None, "published_by": None})
        audit.record("hackathon.unpublished", hackathon, by=by, changes=changed)
        public.touch()


@action
def share_hackathon(*, hackathon: Hackathon, user: User, until: date | None = None, by: Actor) -> bool:
    """Let one person read this one hackathon and its outputs: a juror. Whether anything is different from before."""
    lock(hackathon)
    access.require(rules.share_hackathon, by, hackathon, user)
    changes = access.share(hackathon, user, "partnerships.view_hackathon", by=by, until=until)
    if changes:
        reader = {"reader": user.ref, "name": user.get_full_name()}
        audit.record("hackathon.shared", hackathon, by=by, until=until, changes=changes, **reader)
        told.shared(hackathon, user, until)
    return bool(changes)


@action
def unshare_hackathon(*, hackathon: Hackathon, user: User, by: Actor) -> None:
    """End that. Twice it is ended once."""
    lock(hackathon)
    access.require(rules.share_hackathon, by, hackathon)
    if changed := access.unshare(hackathon, user):
        audit.record("hackathon.unshared", hackathon, by=by, reader=user.ref, name=user.get_full_name(), changes=changed)
