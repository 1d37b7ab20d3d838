"""Public at the root, signed-in work under /desk/, Wagtail's admin at /cms/."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts import views as accounts
from cms import views as cms
from core import views as core
from core.access import anyone, page
from fellowships import views as fellowships
from mou import views as mou
from partnerships import views as partnerships


@login_not_required
@page(anyone, methods=("GET", "POST"))
def our_sign_in(request: HttpRequest, **route: str) -> HttpResponse:
    """Stands before every sign-in, password and account form that Wagtail brings: there is one door."""
    return redirect("account_login")


@login_not_required
@page(anyone)
def not_here(request: HttpRequest, **route: int) -> HttpResponse:
    """Stands before what Wagtail brings and this site does without: pages and documents behind a password."""
    raise Http404


# Before Wagtail's own routes, which are reached only where none of these matches.
wagtail_doors = [
    re_path(r"^cms/login/", our_sign_in, name="cms_login"),
    re_path(r"^cms/password_reset/", our_sign_in, name="cms_password_reset"),
    re_path(r"^_util/login/", our_sign_in, name="util_login"),
    re_path(r"^(?:_util|documents)/authenticate_with_password/", not_here, name="no_passwords"),
    path("cms/logout/", accounts.sign_out, name="cms_logout"),
    path("cms/account/", cms.editor_settings, name="editor_settings"),
]
sign_in = [
    path("login/", accounts.sign_in, name="account_login"),
    path("login/second/", accounts.sign_in_second, name="mfa_authenticate"),
    path("login/provider/", accounts.provider_begin, name="provider_begin"),
    path("login/provider/return/", accounts.provider_return, name="provider_return"),
    path("logout/", accounts.sign_out, name="account_logout"),
    path("confirm/", accounts.confirm, name="confirm"),
    path("confirm/done/", accounts.confirmed, name="confirmed"),
    path("second-step/", accounts.second_step, name="second_step"),
    path("second-step/app/", accounts.app_add, name="app_add"),
    path("second-step/passkey/", accounts.passkey_add, name="passkey_add"),
    path("second-step/codes/", accounts.recovery_codes, name="recovery_codes"),
    path("second-step/<int:key>/remove/", accounts.step_remove, name="step_remove"),
    path("sessions/", accounts.session_list, name="session_list"),
    path("sessions/end/", accounts.sessions_end, name="sessions_end"),
    path("sessions/<int:key>/end/", accounts.session_end, name="session_end"),
    path("invitation/", accounts.invitation, name="invitation"),
    path("invitation/sent/", accounts.invitation_sent, name="invitation_sent"),
    path("invitation/<str:secret>/", accounts.invitation_open, name="invitation_open"),
    path("password/", accounts.password_link, name="account_reset_password"),
    path("password/sent/", accounts.password_link_sent, name="account_reset_password_done"),
    re_path(r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", accounts.password_set, name="account_reset_password_from_key"),
    path("password/done/", accounts.password_done, name="account_reset_password_from_key_done"),
]
public = [
    path("case-studies/", cms.case_study_list, name="case_study_list"),
    path("case-studies.atom", cms.case_study_feed, name="case_study_feed"),
    path("cycles/", fellowships.public_cycle_list, name="public_cycle_list"),
    path("cycles/<str:ref>/", fellowships.public_cycle, name="public_cycle"),
    path("agreements/", mou.public_agreement_list, name="public_agreement_list"),
    path("agreements/<str:ref>/", mou.public_agreement, name="public_agreement"),
    path("organisations/", partnerships.public_organisation_list, name="public_organisation_list"),
    path("organisations/<str:ref>/", partnerships.public_organisation, name="public_organisation"),
    path("hackathons/", partnerships.public_hackathon_list, name="public_hackathon_list"),
    path("hackathons/<str:ref>/", partnerships.public_hackathon, name="public_hackathon"),
    path("audit/", core.public_anchor_list, name="public_anchor_list"),
    path("media/images/<str:name>", core.rendition, name="rendition"),
    path("sitemap.xml", cms.sitemap, name="sitemap"),
    path("robots.txt", cms.robots, name="robots"),
]

urlpatterns = [
    path("accounts/", include(sign_in)),
    path("desk/", include("core.urls")),
    path("desk/", include("accounts.urls")),
    path("desk/", include("partnerships.urls")),
    path("desk/", include("mou.urls")),
    path("desk/", include("fellowships.urls")),
    path("desk/", include("cms.urls")),
    *([path("ui/", core.gallery, name="gallery")] if settings.DEBUG else []),
    *public,
    *wagtail_doors,
    path("cms/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, cms.guarded))),
    path("documents/", include(decorate_urlpatterns(wagtaildocs_urls.urlpatterns, login_not_required))),
    path("", include(decorate_urlpatterns(wagtail_urls.urlpatterns, login_not_required))),
]
