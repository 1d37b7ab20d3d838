"""Who can see a hackathon, and with whom it is shared."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from core.access import page
from core.views.sharing import shared, unshared
from partnerships import actions, rules
from partnerships.models import Hackathon


@page(rules.view_hackathon_readers, Hackathon, methods=("GET", "POST"), fresh="POST")
def hackathon_share(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    """For everybody who sees all of it; who may share it finds the form as well."""
    may, act = rules.share_hackathon(request.user, hackathon), partial(actions.share_hackathon, hackathon=hackathon)
    return shared(request, hackathon, "partnerships/hackathon_share.html", may=may, act=act, hackathon=hackathon)


@page(rules.share_hackathon, Hackathon, methods=("GET", "POST"))
def hackathon_unshare(request: HttpRequest, hackathon: Hackathon, key: int) -> HttpResponse:
    act = partial(actions.unshare_hackathon, hackathon=hackathon)
    return unshared(request, hackathon, key, "partnerships/hackathon_unshare.html", act=act, hackathon=hackathon)
