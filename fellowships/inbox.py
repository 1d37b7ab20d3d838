"""What waits for coordinators: placements that are to start, and hosts that nobody has an agreement with."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.inbox import Waiting, waits
from fellowships import rules
from fellowships.models import Host, Placement

MOST = 5
AHEAD = 60  # days before a cycle begins from which a host without an agreement is a task: legal review takes so long


@waits(Placement, "fellowships.edit_placement")
def to_start(user: Any, placements: Any) -> Iterator[Waiting]:
    """The first day is within two weeks or past, and the work has not begun: why not, or that it can."""
    due = placements.to_start()
    found = list(due.with_cover().with_reasons().order_by("first", "pk")[: MOST + 1])
    for placement in found[:MOST]:
        names = {"name": placement.fellow, "host": placement.host.organisation.label}
        url = reverse("fellowships:placement_detail", args=[placement.ref])
        if placement.covered:
            why = _("An agreement in force covers every day of it.")
            yield Waiting(_("Start the placement of %(name)s at %(host)s") % names, url, why, placement.first, act=_("Start"))
        else:
            why = rules.why_not_covered(placement)
            yield Waiting(_("%(name)s cannot start at %(host)s") % names, url, why, placement.first, act=_("Open"))
    if len(found) > MOST:
        more = due.count() - MOST
        words = ngettext("and %(n)s more placement to start", "and %(n)s more placements to start", more) % {"n": more}
        yield Waiting(words, reverse("fellowships:placement_list") + "?start=due", due=found[MOST].first, act=_("Show"))


@waits(Host, "fellowships.edit_cycle")
def to_agree(user: Any, hosts: Any) -> Iterator[Waiting]:
    """The cycle begins soon, and the host has no agreement, not even a draft."""
    open_hosts = hosts.without_agreement().soon(AHEAD)
    found = list(open_hosts.with_words().order_by("cycle__starts", "organisation__name", "pk")[: MOST + 1])
    for host in found[:MOST]:
        obstacle = rules.why_no_draft(host)
        day = {"cycle": host.cycle, "day": date_format(host.cycle.starts, "j F Y")}
        cycle = reverse("fellowships:cycle_detail", args=[host.cycle.ref])
        yield Waiting(
            _("Agree with %(host)s") % {"host": host.organisation.label},
            cycle if obstacle else reverse("fellowships:host_agreement", args=[host.ref]),
            obstacle or _("It hosts in %(cycle)s from %(day)s on, and there is no agreement.") % day,
            host.cycle.starts,
            act=_("Open") if obstacle else _("Draft"),
        )
    if len(found) > MOST:
        more = open_hosts.count() - MOST
        words = ngettext("and %(n)s more host without an agreement", "and %(n)s more hosts without an agreement", more)
        cycle = reverse("fellowships:cycle_detail", args=[found[MOST].cycle.ref]) + "#hosts"
        yield Waiting(words % {"n": more}, cycle, due=found[MOST].cycle.starts, act=_("Show"))
