"""What waits: for coordinators placements to start and to complete, hosts without an agreement and late handovers; for
fellows what they are to write, and for whom it is handed over to what they are to accept."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.inbox import Waiting, waits
from fellowships import rules
from fellowships.models import Handover, Host, Placement, Section, undated
from fellowships.states import Standing
from partnerships.models import Programme

MOST = 5
AHEAD = 60  # days before a cycle begins from which a host without an agreement is a task: legal review takes so long


@waits(Programme, "fellowships.edit_cycle")
def to_open(user: Any, programmes: Any) -> Iterator[Waiting]:
    """No cycle has its days yet: there are none, or those of an import that has only years."""
    for programme in undated(programmes).order_by("name", "pk")[:MOST]:
        yield Waiting(
            _("Open the next cycle of %(programme)s") % {"programme": programme},
            reverse("fellowships:cycle_open"),
            why=_("With a first and a last day. Or give those of a cycle that is there already: agreements cover them."),
            act=_("Open a cycle"),
        )


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


@waits(Section, "fellowships.edit_handover")
def to_write(user: Any, sections: Any) -> Iterator[Waiting]:
    """For the fellow: sections of their own handover that are due within two weeks, late or sent back, one line a handover."""
    own = sections.filter(handover__placement__fellow__person=user.person_id) if user.person_id else sections.none()
    for line in own.to_write().by_handover():
        words = ngettext("Write %(n)s section of your handover", "Write %(n)s sections of your handover", line["n"])
        url, why = _there(line), _("Then offer each to who receives it at %(host)s.") % line
        yield Waiting(words % line, url, why, line["first"], act=_("Write"))


@waits(Section, "fellowships.receive_handover")
def to_accept(user: Any, sections: Any) -> Iterator[Waiting]:
    """For who receives: what was offered to them, one line a handover."""
    for line in sections.offered().by_handover():
        words = ngettext("Accept %(n)s section from %(name)s", "Accept %(n)s sections from %(name)s", line["n"])
        why = _("Read, then accept in your own name or send it back.")
        yield Waiting(words % line, _there(line), why, line["first"], timezone.localdate(line["since"]), _("Read"))


def _there(line: dict[str, Any]) -> str:
    """The section when it is one, else the plan with all of them."""
    if line["n"] == 1:
        return reverse("fellowships:section_detail", args=[line["one"]])
    return reverse("fellowships:handover_detail", args=[line["plan"]])


@waits(Handover, "fellowships.edit_placement")
def handovers_late(user: Any, handovers: Any) -> Iterator[Waiting]:
    """For coordinators: the day on which a plan was to be accepted has passed, and it is not."""
    late = handovers.with_standing().filter(standing=Standing.LATE)
    found = list(late.with_words().with_missing().order_by("due", "pk")[: MOST + 1])
    for handover in found[:MOST]:
        names = {"name": handover.placement.fellow, "host": handover.placement.host.organisation.label}
        why = _("Acceptance is missing of: %(names)s.") % {"names": ", ".join(handover.blocking())}
        url = reverse("fellowships:handover_detail", args=[handover.ref])
        yield Waiting(_("The handover of %(name)s at %(host)s is late") % names, url, why, handover.due, act=_("Open"))
    if len(found) > MOST:
        more = late.count() - MOST
        words = ngettext("and %(n)s more late handover", "and %(n)s more late handovers", more) % {"n": more}
        url = reverse("fellowships:handover_list") + "?standing=late"
        yield Waiting(words, url, due=found[MOST].due, act=_("Show"))


@waits(Handover, "fellowships.edit_placement")
def to_complete(user: Any, handovers: Any) -> Iterator[Waiting]:
    """For coordinators: the last day has come, and the work is handed over."""
    found = list(handovers.to_complete().with_words().order_by("placement__ends", "pk")[: MOST + 1])
    for handover in found[:MOST]:
        names = {"name": handover.placement.fellow, "host": handover.placement.host.organisation.label}
        url = reverse("fellowships:placement_complete", args=[handover.placement.ref])
        why = _("Each required section of its handover is accepted or waived.")
        words = _("Complete the placement of %(name)s at %(host)s") % names
        yield Waiting(words, url, why, handover.placement.ends, act=_("Complete"))
    if len(found) > MOST:
        more = handovers.to_complete().count() - MOST
        words = ngettext("and %(n)s more placement to complete", "and %(n)s more placements to complete", more) % {"n": more}
        url = reverse("fellowships:handover_list") + "?standing=accepted"
        yield Waiting(words, url, due=found[MOST].placement.ends, act=_("Show"))
