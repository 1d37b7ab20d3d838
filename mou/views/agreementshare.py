"""Who can see an agreement, and with whom it is shared."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import page
from core.audit import names
from core.forms import posted
from mou import actions, rules
from mou.forms import AgreementShareForm
from mou.models import Agreement


@page(rules.view_agreement, Agreement, methods=("GET", "POST"))
def agreement_share(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """For everybody who sees it; who may share it finds the form as well."""
    may = rules.share_agreement(request.user, agreement)
    if request.method == "POST" and not may:
        raise PermissionDenied(may.reason)
    form = AgreementShareForm(posted(request))
    if form.is_valid():
        user, until = form.cleaned_data["email"], form.cleaned_data["until"]
        actions.share_agreement(agreement=agreement, user=user, until=until, by=request.user)
        messages.success(request, _("%(name)s can read it from now on, and got a mail.") % {"name": user})
        return redirect("mou:agreement_share", agreement.ref)
    shares = agreement.shares()
    given = names(share.by for share in shares)
    context = {
        "agreement": agreement,
        "form": form,
        "may": may,
        "readers": agreement.readers(),
        "shares": [(share, given.get(share.by, "")) for share in shares],
    }
    return render(request, "mou/agreement_share.html", context, status=form.status)


@page(rules.share_agreement, Agreement, methods=("POST",))
def agreement_unshare(request: HttpRequest, agreement: Agreement, key: int) -> HttpResponse:
    share = next((share for share in agreement.shares() if share.pk == key), None)
    if share is None:
        raise Http404
    actions.unshare_agreement(agreement=agreement, user=share.user, by=request.user)
    messages.success(request, _("Ended. %(name)s cannot read it any more.") % {"name": share.user})
    return redirect("mou:agreement_share", agreement.ref)
