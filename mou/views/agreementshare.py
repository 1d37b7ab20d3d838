"""Who can see an agreement, and with whom it is shared."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from core.access import page
from core.views.sharing import shared, unshared
from mou import actions, rules
from mou.models import Agreement


@page(rules.view_agreement, Agreement, methods=("GET", "POST"), fresh="POST")
def agreement_share(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """For everybody who sees it; who may share it finds the form as well."""
    may, act = rules.share_agreement(request.user, agreement), partial(actions.share_agreement, agreement=agreement)
    return shared(request, agreement, "mou/agreement_share.html", may=may, act=act, agreement=agreement)


@page(rules.share_agreement, Agreement, methods=("GET", "POST"))
def agreement_unshare(request: HttpRequest, agreement: Agreement, key: int) -> HttpResponse:
    act = partial(actions.unshare_agreement, agreement=agreement)
    return unshared(request, agreement, key, "mou/agreement_unshare.html", act=act, agreement=agreement)
