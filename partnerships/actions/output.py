"""Every write about an output of a hackathon: added, changed, taken out while it is open, given an owner at an agency."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Person, User
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from core.imports import Record as Imported
from core.imports import Tally
from core.landing import DryRun, Landing, one_import_at_a_time
from core.models import ExternalId
from partnerships import notices, rules
from partnerships.actions.organisation import land_organisations
from partnerships.models import FollowUp, Hackathon, Organisation, Output, people_at
from partnerships.states import FollowUpState

EDITABLE = frozenset(["title", "summary", "kind", "team_size", "users", "prize", "link", "next_step"])


@action
def add_output(*, hackathon: Hackathon, title: str, by: Actor, **facts: Any) -> Output:
    """With the next number. Raises ValidationError when the hackathon has one of this title: a second click adds nothing."""
    lock(hackathon)
    access.require(rules.add_output, by, hackathon)
    _free(hackathon, title)
    output = Output.objects.create(hackathon=hackathon, number=_next_in(hackathon), title=title, **_known(facts))
    audit.record("output.added", output, by=by)
    _touch(hackathon)
    return output


@action
def edit_output(*, output: Output, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """The names of the fields that changed. Raises ValidationError: the title is taken."""
    lock(output.hackathon, output)
    access.require(rules.edit_output, by, output)
    known = _known(facts)
    if known.get("title", output.title) != output.title:
        _free(output.hackathon, known["title"])
    changed = store(output, known)
    if changed:
        audit.record("output.edited", output, by=by, fields=audit.labels(output, changed), changes=changed)
        _touch(output.hackathon)
    return list(changed)


@action
def remove_output(*, output: Output, by: Actor) -> None:
    """Taken out of an open hackathon, with a line of its history: what was added by mistake needs no owner."""
    hackathon = output.hackathon
    lock(hackathon, output)
    access.require(rules.remove_output, by, output)
    audit.record("output.removed", hackathon, by=by, title=output.title, number=output.number)
    ExternalId.objects.filter(kind=output._meta.label_lower, target=output.ref).delete()  # a later import may bring it anew
    output.delete()
    _touch(hackathon)


@action
def name_owner(*, output: Output, agency: Organisation, owner: Person, by: Actor) -> bool:
    """Who answers at which agency; False when it was so already. A question that is open is told to the new owner."""
    lock(output.hackathon, output)
    access.require(rules.name_owner, by, output, agency, owner)
    changed = store(output, {"agency": agency, "owner": owner})
    if not changed:
        return False
    names = {"name": owner.name, "agency": agency.name}
    audit.record("output.owner_named", output, by=by, person=owner.ref, **names, changes=changed)
    for follow_up in FollowUp.objects.filter(output=output, state=FollowUpState.ASKED):
        notices.owner_named(follow_up, owner)
    _touch(output.hackathon)
    return True


@action
def import_outputs(
    *,
    hackathon: Hackathon,
    source: str,
    records: Mapping[str, Sequence[Imported]],
    tallies: Mapping[str, Tally],
    by: Actor,
    dry_run: bool = False,
) -> list[Tally]:
    """Land a list of outputs in an open hackathon, and the organisations that come with it. Run again it changes nothing.

    An agency that somebody has named here stays. An owner is taken over where they work at the agency and sign in by that
    address. Raises DryRun with the tallies when it was only to be tried.
    """
    one_import_at_a_time()
    lock(hackathon)
    access.require(rules.add_output, by, hackathon)
    agencies = land_organisations(source=source, records=records["organisations"], tally=tallies["organisations"], by=by)
    titles = {output.title: output for output in Output.objects.filter(hackathon=hackathon)}
    landing = Landing(
        source,
        Output,
        tallies["outputs"],
        verb="output.imported",
        by=by,
        twin=lambda facts: titles.get(str(facts["title"])),
        space=hackathon.ref,
    )
    number = _next_in(hackathon)
    for record in records["outputs"]:
        known = landing.known.get(record.key) or titles.get(str(record.values["title"]))
        facts = _imported(record, known, agencies)
        if known is None:
            facts |= {"hackathon": hackathon, "number": number}
            number += 1
        output = landing.place(record.key, facts)
        titles.setdefault(output.title, output)
    landing.settle()
    public.touch()
    if dry_run:
        raise DryRun(list(tallies.values()))
    return list(tallies.values())


def _imported(record: Imported, known: Output | None, agencies: Landing[Organisation]) -> dict[str, Any]:
    """What a row says, as fields of Output."""
    facts: dict[str, Any] = {name: value for name, value in record.values.items() if name in EDITABLE}
    size = facts.get("team_size", known and known.team_size)
    if size is not None and facts.get("users", 0) > size:
        del facts["users"]  # a team has no more of them than people
    if "agency" in record.values and (known is None or known.agency_id is None):
        agency = agencies[str(record.values["agency"])]
        facts["agency"] = agency
        owner = _at(agency, str(record.values.get("owner", "")))
        if owner:
            facts["owner"] = owner
    return facts


def _at(agency: Organisation, address: str) -> Person | None:
    """Who signs in with this address and works there today."""
    if not address or agency.pk is None:
        return None
    user = (
        User.objects.filter(email__iexact=address, is_active=True, person__in=people_at(agency)).select_related("person").first()
    )
    return user.person if user else None


def _next_in(hackathon: Hackathon) -> int:
    """The next number of an output, from 1. Under the lock of the hackathon."""
    highest: int | None = Output.objects.filter(hackathon=hackathon).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not fields of an output: {sorted(unknown)}")
    return dict(facts)


def _free(hackathon: Hackathon, title: str) -> None:
    if Output.objects.filter(hackathon=hackathon, title=title).exists():
        raise ValidationError({"title": _("This hackathon has an output called “%(title)s” already.") % {"title": title}})


def _touch(hackathon: Hackathon) -> None:
    if hackathon.published_at is not None:
        public.touch()
