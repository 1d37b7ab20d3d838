"""Invitations: the page behind a mailed link, and at the desk the list, one of them, sending again and taking back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import actions, codes, forms, notices, rules
from accounts.filters import InvitationFilter
from accounts.kinds import InvitationState
from accounts.models import Invitation, invited_by, names_of
from core.access import HOUSE, anyone, listing, page
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from core.panels import panels_of

COLUMNS = {"name": "person__name", "email": "email", "what": "what", "state": "word", "sent": "sent_at", "until": "expires"}
COOKIE = {"path": "/accounts/invitation/", "salt": "accounts.invitation"}


@login_not_required
@never_cache
@page(anyone)
def invitation_open(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes the secret out of the address, whether it opens anything or not, and changes nothing: mail scanners come here too."""
    response = redirect("invitation")
    response.set_signed_cookie(
        settings.INVITATION_COOKIE_NAME,
        codes.digest_of(secret),
        salt=COOKIE["salt"],
        path=COOKIE["path"],
        max_age=settings.INVITATION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@page(anyone, methods=("GET", "POST"))
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites, to what, until when; answered by POST. What opens nothing is one page, whatever the reason."""
    digest = str(request.get_signed_cookie(settings.INVITATION_COOKIE_NAME, "", COOKIE["salt"], settings.INVITATION_COOKIE_AGE))
    found = invited_by(digest)
    if request.POST.get("act") == "ask":
        actions.ask_invitation(digest=digest, by=HOUSE)
        messages.success(request, _("If this link was an invitation that has expired, those who sent it now read that you ask."))
        return redirect("invitation")
    other = bool(found and request.method == "POST" and request.POST.get("shown") != found.ref)
    if request.method == "POST" and not other and actions.accept_invitation(digest=digest, by=HOUSE):
        return redirect("invitation_sent")
    context = {"invitation": found, "who": notices.inviter_of(found.by) if found else "", "other": other}
    return render(request, "accounts/invitation.html", context)


@login_not_required
@never_cache
@page(anyone)
def invitation_sent(request: HttpRequest) -> HttpResponse:
    """After the answer: look into the mail."""
    return render(request, "accounts/invitation_sent.html")


# At the desk.


@listing(rules.list_invitations, Invitation)
def invitation_list(request: HttpRequest, invitations: Any) -> HttpResponse:
    """Those to one's programmes and to organisations; for administrators all."""
    found = InvitationFilter(request.GET, invitations.with_word())
    rows, order = in_order(request, found.qs.select_related("person"), COLUMNS, "-until")
    if request.GET.get("format") == "csv":
        heads = [
            _("Reference"), _("Name"), _("Address"), _("To"), _("State"), _("Sent"), _("Until"), _("Used"), _("Invited by"),
        ]  # fmt: skip
        return as_csv("invitations", heads, map(_line, _told(rows)))
    shown = paged(request, rows)
    context = {"filters": found, "page": shown, "rows": _told(shown), "order": order, "total": invitations.count()}
    return render(request, "accounts/invitation_list.html", context)


def _told(rows: Any) -> list[tuple[Any, InvitationState, str]]:
    """Each with its state and who invited, by name. One query for the names."""
    among = list(rows)
    names = names_of({each.by for each in among})
    return [(each, InvitationState(each.word), names.get(each.by, _("The operator of this site"))) for each in among]


def _line(told: tuple[Any, InvitationState, str]) -> tuple[Any, ...]:
    """Of the CSV file."""
    each, state, who = told
    moments = (each.sent_at, each.expires, each.consumed_at)
    return each.ref, each.person.name, each.email, each.what, state.label, *moments, who


@page(rules.view_invitation, Invitation)
def invitation_detail(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    context = {
        "invitation": invitation,
        "person": invitation.person,
        "state": invitation.standing,
        "who": notices.inviter_of(invitation.by),
        "may_resend": rules.resend_invitation(request.user, invitation),
        "may_revoke": rules.revoke_invitation(request.user, invitation),
        "panels": panels_of(invitation, request.user),
        "lines": history(invitation, limit=50),
    }
    return render(request, "accounts/invitation_detail.html", context)


@page(rules.resend_invitation, Invitation, methods=("GET", "POST"))
def invitation_resend(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """With the mail as it will go out. A second click mails nothing."""
    form = forms.InvitationResendForm(posted(request), initial={"shown": invitation.sendings})
    if form.is_valid():
        sent = form.tried(actions.resend_invitation, invitation=invitation, by=request.user, **form.cleaned_data)
        if sent:
            messages.success(
                request, _("A new link is on its way to %(address)s. The one before is dead.") % {"address": sent.email}
            )
            return redirect("accounts:invitation_detail", sent.ref)
    mails = notices.drafts([(invitation.person, invitation.email, invitation.what)], request.user)
    context = {"form": form, "invitation": invitation, "mails": mails}
    return render(request, "accounts/invitation_resend.html", context, status=form.status)


@page(rules.keep_invitation, Invitation, methods=("GET", "POST"))
def invitation_revoke(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A second click finds it done."""
    may = rules.revoke_invitation(request.user, invitation)
    if request.method == "POST" and may:
        actions.revoke_invitation(invitation=invitation, by=request.user)
        messages.success(request, _("The invitation of %(name)s is taken back. Its link is dead.") % {"name": invitation.person})
    if request.method == "POST" or not may:
        return redirect("accounts:invitation_detail", invitation.ref)
    return render(request, "accounts/invitation_revoke.html", {"invitation": invitation})
