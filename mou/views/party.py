"""Who signs for each party."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import page
from core.forms import posted
from mou import actions, rules
from mou.forms import AgreementSignatoriesForm
from mou.models import Agreement


@page(rules.edit_agreement, Agreement, methods=("GET", "POST"))
def agreement_signatories(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementSignatoriesForm(posted(request), agreement=agreement)
    if form.is_valid():
        for party, person in form.chosen():
            actions.name_signatory(party=party, signatory=person, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("mou:agreement_detail", agreement.ref)
    able = rules.able_to_sign(form.parties.values())
    unable = [party for party in form.parties.values() if party.signatory and party.pk not in able]
    context = {"agreement": agreement, "form": form, "empty": form.empty(), "unable": unable}
    return render(request, "mou/agreement_signatories.html", context, status=form.status)
