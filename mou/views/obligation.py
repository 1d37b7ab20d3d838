"""Which duties of the template an agreement has."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import page
from core.forms import posted
from mou import actions, documents, rules
from mou.forms import AgreementDutiesForm
from mou.models import Agreement


@page(rules.edit_agreement, Agreement, methods=("GET", "POST"))
def agreement_duties(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementDutiesForm(posted(request), agreement=agreement)
    if form.is_valid():
        actions.leave_out_duties(agreement=agreement, keys=form.left_out(), by=request.user)
        numbers = {"kept": len(form.keys) - len(form.left_out()), "all": len(form.keys)}
        messages.success(request, _("Saved. %(kept)s of %(all)s duties are in this agreement.") % numbers)
        return redirect("mou:agreement_detail", agreement.ref)
    context = {
        "agreement": agreement,
        "form": form,
        "duties": documents.duties_of_template(agreement),
        "idle": agreement.idle_parties(),
    }
    return render(request, "mou/agreement_duties.html", context, status=form.status)
