"""Who can see a cycle or a placement, and with whom it is shared."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from core.access import page, visible
from core.views.sharing import shared, unshared
from fellowships import actions, rules
from fellowships.models import Cycle, Handover, Placement


@page(rules.view_cohort, Cycle, methods=("GET", "POST"), fresh="POST")
def cycle_share(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """For everybody who sees all of it; who may share it finds the form as well."""
    may, act = rules.share_cycle(request.user, cycle), partial(actions.share_cycle, cycle=cycle)
    return shared(request, cycle, "fellowships/cycle_share.html", may=may, act=act, cycle=cycle)


@page(rules.share_cycle, Cycle, methods=("GET", "POST"))
def cycle_unshare(request: HttpRequest, cycle: Cycle, key: int) -> HttpResponse:
    act = partial(actions.unshare_cycle, cycle=cycle)
    return unshared(request, cycle, key, "fellowships/cycle_unshare.html", act=act, cycle=cycle)


@page(rules.view_placement, Placement, methods=("GET", "POST"), fresh="POST")
def placement_share(request: HttpRequest, placement: Placement) -> HttpResponse:
    """For everybody who sees it, the fellow among them; who may share it finds the form as well."""
    may, act = rules.share_placement(request.user, placement), partial(actions.share_placement, placement=placement)
    handover = visible(Handover, request.user).filter(placement=placement).first()
    context = {"placement": placement, "receivers": handover.reading() if handover else []}
    return shared(request, placement, "fellowships/placement_share.html", may=may, act=act, **context)


@page(rules.share_placement, Placement, methods=("GET", "POST"))
def placement_unshare(request: HttpRequest, placement: Placement, key: int) -> HttpResponse:
    act = partial(actions.unshare_placement, placement=placement)
    return unshared(request, placement, key, "fellowships/placement_unshare.html", act=act, placement=placement)
