"""The doors of the site, and how somebody keeps their own: second steps, recovery codes, sessions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account import views as allauth
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.mfa.base import views as allauth_mfa
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts import actions, codes, forms, provider, rules
from accounts.middleware import STEPPED, is_fresh, passkeys_work, prove
from accounts.onward import goal_of, with_goal
from core.access import anyone, page
from core.forms import posted

SECRET, OPEN_CODES = "app_secret", "codes_shown_from"  # in the session, for minutes


class PasswordLink(allauth.PasswordResetView):
    """After it comes the page that says to look into the mail, also for somebody who was going somewhere."""

    def get_success_url(self) -> str:
        return with_goal("account_reset_password_done", goal_of(self.request))


class PasswordSet(allauth.PasswordResetFromKeyView):
    """After it comes the page that says that it is set, also for somebody who was going somewhere."""

    def get_success_url(self) -> str:
        return with_goal("account_reset_password_from_key_done", goal_of(self.request))


def _door(view: type[View], **options: Any) -> Callable[..., Any]:
    """One of allauth's pages behind our guard: for everybody, GET and POST only, kept in no cache."""
    door = login_not_required(never_cache(page(anyone, methods=("GET", "POST"))(view.as_view(**options))))
    door.__module__ = __name__  # it is a page of this app
    return door


sign_in = _door(allauth.LoginView, template_name="accounts/sign_in.html", form_class=forms.LoginForm)
sign_out = _door(allauth.LogoutView, template_name="accounts/sign_out.html")
password_link = _door(PasswordLink, template_name="accounts/password_link.html", form_class=forms.PasswordLinkForm)
password_link_sent = _door(allauth.PasswordResetDoneView, template_name="accounts/password_link_sent.html")
password_set = _door(PasswordSet, template_name="accounts/password_set.html", form_class=forms.PasswordSetForm)
password_done = _door(allauth.PasswordResetFromKeyDoneView, template_name="accounts/password_done.html")
sign_in_second = passkeys_work(
    _door(
        allauth_mfa.AuthenticateView,
        template_name="accounts/sign_in_second.html",
        form_class=forms.CodeForm,
        webauthn_form_class=forms.PasskeyForm,
    )
)


@login_not_required
@never_cache
@page(anyone, methods=("POST",))
def provider_begin(request: HttpRequest) -> HttpResponse:
    """Led on by a page and not by a redirect: where a provider leads to others, `form-action` would have to name them all."""
    if not settings.OIDC_ISSUER:
        raise Http404
    late: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if late is not None:
        return late
    try:
        way = provider.way_to(request, goal_of(request))
    except provider.Trouble as trouble:
        return _said(request, trouble)
    answer = render(request, "accounts/provider_begin.html", {"way": way})
    answer["Refresh"] = f"0; url={way}"
    return answer


@login_not_required
@never_cache
@page(anyone)
def provider_return(request: HttpRequest) -> HttpResponse:
    """Whom the provider vouches for comes in, or has confirmed that it is they who use this session."""
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        vouched, kept = provider.way_back(request)
        goal = kept.get("next") or settings.LOGIN_REDIRECT_URL
        if kept["process"] == provider.AGAIN:
            provider.still_theirs(request.user, vouched, kept["asked_at"])
            prove(request, by_step=vouched.stepped, at=vouched.at)
            return redirect(goal)
        user = provider.sign_in_of(vouched)
    except provider.Trouble as trouble:
        return _said(request, trouble)
    if request.user.is_authenticated:  # meanwhile, in another tab
        return redirect(goal)
    request.vouched = vouched
    return perform_login(request, user, email_verification="none", redirect_url=goal)


@page(rules.view_own_record)
def confirmed(request: HttpRequest) -> HttpResponse:
    """What waits in another tab can be sent now."""
    return render(request, "accounts/confirmed.html")


def _said(request: HttpRequest, trouble: provider.Trouble) -> HttpResponse:
    return render(request, "accounts/provider_trouble.html", {"sentence": str(trouble)}, status=trouble.status)


@never_cache
@page(rules.view_own_record, methods=("GET", "POST"))
def confirm(request: HttpRequest) -> HttpResponse:
    """Who uses this session shows once more that it is theirs, and goes on where they were going."""
    goal = goal_of(request) or settings.LOGIN_REDIRECT_URL
    by_step = request.GET.get("by") == "step"
    if request.method != "POST" and is_fresh(request, by_step=by_step):
        return redirect(goal)
    form = forms.AgainForm(posted(request), prefix="again", request=request, by_step=by_step)
    if form.is_valid():
        prove(request, by_step=form.by_step)
        return redirect(goal)
    return render(request, "accounts/confirm.html", {"form": form}, status=form.status)


@page(rules.view_own_record)
def second_step(request: HttpRequest) -> HttpResponse:
    """What one comes in with besides the password, and what stands in for it."""
    steps = codes.steps_of(request.user)
    context = {
        "steps": [(step, codes.label_of(step)) for step in steps],
        "app": any(step.type == codes.APP for step in steps),
        "left": len(codes.kept_codes(request.user)),
        "asked": rules.asked_of(request.user),
        "stepped": bool(request.session.get(STEPPED)),
        "demanded": settings.SECOND_FACTOR == "demanded",
        "goal": goal_of(request),
    }
    return render(request, "accounts/second_step.html", context)


@never_cache
@page(rules.view_own_record, methods=("GET", "POST"), fresh="step")
def app_add(request: HttpRequest) -> HttpResponse:
    """A picture for the app, and the first code that it shows. The secret waits in the session until the code fits."""
    secret = request.session.get(SECRET) or codes.new_secret()
    request.session[SECRET] = secret
    form = forms.AppAddForm(posted(request))
    add = partial(actions.add_app, user=request.user, session_key=request.session.session_key, by=request.user)
    if form.is_valid():
        made = form.tried(add, secret=secret, **form.cleaned_data)
        if made is not None:
            del request.session[SECRET]
            prove(request, by_step=True)
            messages.success(request, _("The app is set up. From now on it is asked for when you sign in."))
            return _to_codes(request) if made else redirect(with_goal("second_step", goal_of(request)))
    address = codes.address_of(request.user, secret)
    context = {"form": form, "address": address, "picture": codes.picture_of(address), "secret": secret}
    return render(request, "accounts/app_add.html", context, status=form.status)


@passkeys_work
@never_cache
@page(rules.view_own_record, methods=("GET", "POST"), fresh="step")
def passkey_add(request: HttpRequest) -> HttpResponse:
    """The browser makes a key for this site alone; only its public half comes here."""
    form = forms.PasskeyAddForm(posted(request))
    if form.is_valid():
        here = request.session.session_key
        made = actions.add_passkey(user=request.user, session_key=here, by=request.user, **form.cleaned_data)
        prove(request, by_step=True)
        messages.success(request, _("The passkey is set up. From now on a second step is asked for when you sign in."))
        return _to_codes(request) if made else redirect(with_goal("second_step", goal_of(request)))
    context = {"form": form, "options": codes.passkey_options(request.user)}
    return render(request, "accounts/passkey_add.html", context, status=form.status)


def _to_codes(request: HttpRequest) -> HttpResponse:
    """New codes can be read, printed and saved for ten minutes, by this session alone."""
    request.session[OPEN_CODES] = timezone.now().timestamp()
    return redirect(with_goal("recovery_codes", goal_of(request)))


@page(rules.view_own_record, methods=("GET", "POST"), fresh="step")
def step_remove(request: HttpRequest, key: int) -> HttpResponse:
    step = next((each for each in codes.steps_of(request.user) if each.pk == key), None)
    if step is None:
        raise Http404
    may = rules.remove_step(request.user, request.user, step)
    if request.method == "POST" and may:
        actions.remove_step(user=request.user, step=step, by=request.user)
        if not codes.has_step(request.user):
            request.session.pop(STEPPED, None)
        messages.success(request, _("Removed. A mail to your address says so."))
        return redirect("second_step")
    context = {"step": step, "label": codes.label_of(step), "may": may, "last": len(codes.steps_of(request.user)) == 1}
    return render(request, "accounts/step_remove.html", context, status=200 if may else 403)


@never_cache
@page(rules.view_own_record, methods=("GET", "POST"), fresh="step")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown for ten minutes after they were made, never later: whoever loses them makes new ones."""
    if request.method == "POST" and codes.has_step(request.user):
        actions.renew_recovery_codes(user=request.user, by=request.user)
        return _to_codes(request)
    kept = codes.kept_codes(request.user)
    since = timezone.now().timestamp() - request.session.get(OPEN_CODES, 0)
    shown = kept if since < settings.FRESH_SECONDS else []
    if shown and request.GET.get("format") == "txt":
        answer = HttpResponse("\n".join(shown) + "\n", content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
        return answer
    context = {"shown": shown, "left": len(kept), "has_step": codes.has_step(request.user), "goal": goal_of(request)}
    return render(request, "accounts/recovery_codes.html", context, status=422 if request.method == "POST" else 200)


@page(rules.view_own_record)
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    rows = [(each, codes.browser_of(each.user_agent)) for each in codes.sessions_of(request.user)]
    context = {"rows": rows, "here": request.session.session_key}
    return render(request, "accounts/session_list.html", context)


@page(rules.view_own_record, methods=("POST",))
def session_end(request: HttpRequest, key: int) -> HttpResponse:
    session = next((each for each in codes.sessions_of(request.user) if each.pk == key), None)
    if session is not None:
        actions.end_session(user=request.user, session=session, by=request.user)
    messages.success(request, _("That session is ended."))
    return redirect("session_list")


@page(rules.view_own_record, methods=("POST",))
def sessions_end(request: HttpRequest) -> HttpResponse:
    actions.end_other_sessions(user=request.user, session_key=request.session.session_key, by=request.user)
    messages.success(request, _("Every other session is ended. This one stays."))
    return redirect("session_list")
