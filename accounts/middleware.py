"""What stands before a page: a second step for those who need one, and a fresh look before what cannot be undone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import codes, rules
from accounts.forms import AgainForm
from accounts.onward import with_goal

# In the session: when its owner last proved who they are, and when they last did by more than a password.
PROVED, STEPPED = "proved_at", "second_step"


class SecondStep:
    """Who signs for others, runs a programme or administers the site opens the desk and the editor by a second step alone.

    Asked at each request, from live rows: a role that is given now asks now, also in a session that is open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(("/desk/", settings.CMS_PATH)) and self._lacking(request):
            return redirect(with_goal("second_step", request.get_full_path() if request.method == "GET" else ""))
        return self.get_response(request)

    def _lacking(self, request: HttpRequest) -> bool:
        if settings.SECOND_FACTOR != "demanded" or not request.user.is_authenticated or request.session.get(STEPPED):
            return False
        return bool(rules.asked_of(request.user))


class PasskeyPolicy:
    """No page may ask for a passkey but those that set one up or sign in with one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(response, "passkeys_work", False):
            policy = response.headers["Permissions-Policy"]
            for feature in ("publickey-credentials-create", "publickey-credentials-get"):
                policy = policy.replace(f"{feature}=()", f"{feature}=(self)")
            response.headers["Permissions-Policy"] = policy
        return response


def passkeys_work(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a page that asks the browser for a passkey."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        response.passkeys_work = True
        return response

    return marked


def prove(request: HttpRequest, *, by_step: bool = False, at: float | None = None) -> None:
    """Whoever uses this session has just shown who they are, or did `at` another moment, elsewhere."""
    request.session[PROVED] = moment = timezone.now().timestamp() if at is None else at
    if by_step:
        request.session[STEPPED] = moment


def is_fresh(request: HttpRequest, *, by_step: bool = False) -> bool:
    """Whether that is less than ten minutes ago; `by_step`: by the second step, where this sign-in has one."""
    since = STEPPED if by_step and codes.has_step(request.user) else PROVED
    return timezone.now().timestamp() - float(request.session.get(since, 0)) < settings.FRESH_SECONDS


def ask_again(request: HttpRequest, *, by_step: bool = False) -> HttpResponse | None:
    """Before an act that cannot be undone: None when it may go on. `by_step`: a second step is changed by a second step alone, or
    a password that somebody has read would be enough to take its place.

    To see the page one confirms first. What was typed and comes too late is shown again as one button with a password beside it:
    it travels in the page, and is done once the password fits.
    """
    if is_fresh(request, by_step=by_step):
        return None
    if request.method != "POST":
        asked = {"next": request.get_full_path(), **({"by": "step"} if by_step else {})}
        return redirect(f"{reverse('confirm')}?{urlencode(asked)}")
    answered = any(name.startswith("again-") for name in request.POST)
    form = AgainForm(request.POST if answered else None, prefix="again", request=request, by_step=by_step)
    if form.is_valid():
        prove(request, by_step=form.by_step)
        return None
    form.keep(request.POST)
    return render(request, "accounts/confirm.html", {"form": form, "late": True}, status=422)
