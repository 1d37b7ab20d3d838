"""Signing and declining: the whole text, its fingerprint, and a yes or a no to exactly that."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.access import page
from core.forms import posted
from mou import actions, documents, rules
from mou.forms import AgreementDeclineForm, AgreementSignForm
from mou.models import Agreement
from mou.states import AgreementState


@page(rules.open_sign_page, Agreement, methods=("GET", "POST"), fresh=True)
def agreement_sign(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    version = agreement.version()
    party = agreement.party_set.signable_by(request.user).unsigned(version).order_by("pk").first()
    if version is None or party is None or agreement.state != AgreementState.OUT:
        return _signed_already(request, agreement)
    form = AgreementSignForm(posted(request), party=party, shown=version.sha256)
    if form.is_valid():
        return _sign(request, agreement, form.cleaned_data["shown"])
    document, today = version.document(), timezone.localdate(timezone=ZoneInfo(agreement.programme.time_zone))
    context = {
        "agreement": agreement,
        "version": version,
        "party": party,
        "form": form,
        "document": document,
        "owed": [each for each in documents.promises(document, today) if each.debtor == party.role],
        "today": today,
        "ask": get_text_list([str(person) for person in agreement.programme.coordinators()], _("and")),
        "sha256": version.sha256,
        "signed": version.signatures(),
        "copy": version.rendition("copy"),
    }
    return render(request, "mou/agreement_sign.html", context, status=form.status)


def _sign(request: HttpRequest, agreement: Agreement, shown: str) -> HttpResponse:
    try:
        actions.sign_agreement(agreement=agreement, shown=shown, by=request.user)
    except actions.StaleText:
        return render(request, "mou/agreement_stale.html", {"agreement": agreement, "shown": shown}, status=409)
    except PermissionDenied:
        if rules.has_signed(request.user, agreement):  # the second click of two was the slower one
            return _signed_already(request, agreement)
        raise
    messages.success(request, _("You have signed %(number)s.") % {"number": agreement.ref})
    return redirect(_receipt(agreement))


def _signed_already(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    messages.info(request, _("You have signed already."))
    return redirect(_receipt(agreement))


def _receipt(agreement: Agreement) -> str:
    return reverse("mou:agreement_detail", args=[agreement.ref]) + "?receipt=1"


@page(rules.decline_agreement, Agreement, methods=("GET", "POST"), fresh=True)
def agreement_decline(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementDeclineForm(posted(request))
    if form.is_valid():
        actions.decline_agreement(agreement=agreement, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("You have declined. The coordinators get your reason by mail."))
        return redirect("mou:agreement_detail", agreement.ref)
    context = {"agreement": agreement, "form": form, "version": agreement.version()}
    return render(request, "mou/agreement_decline.html", context, status=form.status)
