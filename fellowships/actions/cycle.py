"""Every write about a cycle, its hosts and projects, and the agreement that is made for a host."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from fellowships import rules
from fellowships.actions.handover import date_handover
from fellowships.models import Cycle, Host, Placement, Project
from fellowships.states import CYCLE, OVER, CycleState
from mou import actions as mou
from mou.models import Agreement
from partnerships.models import Organisation, Programme


@action
def open_cycle(
    *, programme: Programme, name: str, by: Actor, year: int | None = None, starts: date | None = None, ends: date | None = None
) -> Cycle:
    """A new round of a programme, in preparation. Raises ValidationError when the programme has one of that name."""
    access.require(rules.open_cycle, by, programme)
    lock(programme)
    _free(programme, name)
    year = year or (starts.year if starts else None)
    cycle = Cycle.objects.create(programme=programme, name=name, year=year, starts=starts, ends=ends)
    audit.record("cycle.opened", cycle, by=by)
    return cycle


@action
def edit_cycle(*, cycle: Cycle, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Name, year, first and last day, summary. The names of the fields that changed. ValidationError: the name is taken."""
    lock(cycle)
    access.require(rules.edit_cycle, by, cycle)
    if facts.get("name", cycle.name) != cycle.name:
        _free(cycle.programme, facts["name"])
    changed = store(cycle, {name: facts[name] for name in ("name", "year", "starts", "ends", "summary") if name in facts})
    if changed:
        audit.record("cycle.edited", cycle, by=by, fields=audit.labels(cycle, changed), changes=changed)
        for placement in Placement.objects.filter(host__cycle=cycle, handover__isnull=False).exclude(state__in=OVER):
            date_handover(placement=placement, by=by)
        public.touch()
    return list(changed)


def _free(programme: Programme, name: str) -> None:
    if Cycle.objects.filter(programme=programme, name=name).exists():
        words = {"programme": programme, "name": name}
        raise ValidationError({"name": _("%(programme)s has a cycle called “%(name)s” already.") % words})


@action
def publish_cycle(*, cycle: Cycle, by: Actor) -> None:
    """Everybody may see the cycle, its hosts and the agreements that may be shown."""
    lock(cycle)
    access.require(rules.publish_cycle, by, cycle)
    if cycle.state == CycleState.PREPARING:
        CYCLE.apply("publish", cycle, by=by)
        public.touch()


@action
def unpublish_cycle(*, cycle: Cycle, by: Actor) -> None:
    """Gone from every public page at the next request."""
    lock(cycle)
    access.require(rules.publish_cycle, by, cycle)
    if cycle.state == CycleState.PUBLISHED:
        CYCLE.apply("unpublish", cycle, by=by)
        public.touch()


@action
def add_host(*, cycle: Cycle, organisation: Organisation, by: Actor) -> Host:
    """An organisation takes fellows in this cycle. Added twice, it is there once."""
    access.require(rules.edit_cycle, by, cycle)
    host, new = Host.objects.get_or_create(cycle=cycle, organisation=organisation)
    if new:
        audit.record("host.added", cycle, by=by, organisation=organisation.ref, name=organisation.name)
        public.touch()
    return host


@action
def add_project(
    *, programme: Programme, title: str, by: Actor, organisation: Organisation | None = None, namesake: bool = True, **facts: Any
) -> Project:
    """Something a host wants to get done. facts: status, summary, problem, link, about.

    Without `namesake` it raises ValidationError where the organisation offers one of that title: a second click adds nothing.
    """
    access.require(rules.open_cycle, by, programme)
    if not namesake:
        lock(programme)
        if Project.objects.filter(programme=programme, organisation=organisation, title__iexact=title).exists():
            raise ValidationError(_("There is a project of this title already."), code="namesake")
    project = Project.objects.create(programme=programme, title=title, organisation=organisation, **facts)
    audit.record("project.added", project, by=by)
    return project


@action
def edit_project(*, project: Project, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Title, who offers it, status, summary, problem, link, about, scope. The names of the fields that changed.

    Raises ValidationError when somebody is placed for it at another host than the one that is to offer it.
    """
    lock(project)
    access.require(rules.edit_project, by, project)
    if facts.get("organisation"):
        placed = Placement.objects.filter(project=project).standing().exclude(host__organisation=facts["organisation"])
        other = placed.select_related("host__organisation", "fellow__person").first()
        if other:
            words = {"name": other.fellow, "host": other.host}
            raise ValidationError({"organisation": _("%(name)s is placed at %(host)s for it, so %(host)s offers it.") % words})
    editable = ("title", "organisation", "status", "summary", "problem", "link", "about", "scope")
    changed = store(project, {name: facts[name] for name in editable if name in facts})
    if changed:
        audit.record("project.edited", project, by=by, fields=audit.labels(project, changed), changes=changed)
        public.touch()
    return list(changed)


@action
def draft_host_agreement(*, host: Host, by: Actor) -> Agreement:
    """The host placement agreement (template A), filled from the records: parties, cycle, days, places, projects."""
    lock(host)
    access.require(rules.draft_host_agreement, by, host)
    cycle, signing = host.cycle, host.cycle.programme.organisation
    assert signing is not None  # the rule
    agreement = mou.draft_agreement(
        programme=cycle.programme,
        template="host-placement",
        title=_("Host placement: %(host)s, %(cycle)s") % {"host": host.organisation.label, "cycle": cycle.name},
        parties={"programme": signing, "host": host.organisation},
        starts=cycle.starts,
        ends=cycle.ends,
        terms=_terms(host),
        units=_units(host),
        by=by,
    )
    changed = store(host, {"agreement": agreement})
    names = {"agreement": agreement.ref, "organisation": host.organisation.ref, "name": host.organisation.name}
    audit.record("host.agreement_drafted", cycle, by=by, **names, changes=changed)
    public.touch()  # the page shows the host with its agreement: with this one from now on
    return agreement


@action
def refresh_host_agreement(*, host: Host, by: Actor) -> list[str]:
    """Bring a draft up to the records: days, places, projects and people may have changed since. What was typed in stays.

    A party for which nobody was there to sign gets its signatory.
    """
    access.require(rules.refresh_host_agreement, by, host)
    assert host.agreement is not None  # the rule
    changed = mou.set_terms(
        agreement=host.agreement, terms=_terms(host), units=_units(host), starts=host.cycle.starts, ends=host.cycle.ends, by=by
    )
    for party in host.agreement.parties():
        found = party.organisation.people("signatory")
        if party.signatory is None and found:
            mou.name_signatory(party=party, signatory=found[0], by=by)
            changed.append("signatory")
    if changed:
        audit.record("host.agreement_refreshed", host.agreement, by=by)
    return changed


def _standing(host: Host) -> list[Placement]:
    return list(Placement.objects.filter(host=host).standing().with_words().order_by("pk"))


def _terms(host: Host) -> dict[str, Any]:
    cycle = host.cycle
    supervisors, sponsors = host.organisation.people("supervisor"), host.organisation.people("sponsor")
    terms: dict[str, Any] = {
        "cycle.name": cycle.name,
        "cycle.start_date": cycle.starts and cycle.starts.isoformat(),
        "cycle.end_date": cycle.ends and cycle.ends.isoformat(),
        "placement.count": len(_standing(host)) or None,
        "host.supervisor_name": supervisors[0].name if supervisors else None,
        "host.sponsor_name": sponsors[0].name if sponsors else None,
    }
    return {name: value for name, value in terms.items() if value is not None}


def _units(host: Host) -> list[dict[str, Any]]:
    """Exhibit 1, one entry a placement."""
    return [placement.in_text() for placement in _standing(host)]
