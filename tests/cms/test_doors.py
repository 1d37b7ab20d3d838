"""One door to sign in, whatever Wagtail brings; and behind it only those who write pages today."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import views as auth_views
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from accounts.models import User
from cms import rules
from cms.models import CaseStudyIndexPage, HomePage
from core.access import HOUSE, holds
from partnerships import actions as partnerships
from partnerships.models import ProgrammeRole
from tests.conftest import PASSWORD

pytestmark = pytest.mark.slow

SIGN_IN_DOORS = [
    "/cms/login/",
    "/cms/login/?next=/cms/",
    "/_util/login/",
    "/cms/password_reset/",
    "/cms/password_reset/confirm/x/set-password/",
]
OUTSIDERS = ("amir", "sofia", "stella", "nora", "felix", "otto", "carol", "rita", "audrey")
WRITERS = ("cora", "edna")


@pytest.mark.parametrize("url", SIGN_IN_DOORS)
def test_right_credentials_at_wagtails_doors_do_not_sign_in(client, cast, url, mailoutbox):
    right = {"username": cast.edna.email, "login": cast.edna.email, "password": PASSWORD, "email": cast.edna.email}
    for response in (client.get(url), client.post(url, right)):
        assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session and mailoutbox == []


def patterns(resolver=None, prefix="/"):
    """(route, view) of everything that answers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from patterns(pattern, route)


def test_no_route_anywhere_leads_to_a_ready_made_sign_in_or_reset(db):
    ready_made = (
        auth_views.LoginView,
        auth_views.PasswordResetView,
        auth_views.PasswordResetConfirmView,
        auth_views.PasswordChangeView,
    )
    found = [route for route, view in patterns() if issubclass(getattr(view, "view_class", object), ready_made)]
    assert len(found) == 4
    for route in found:
        url = route.replace("<uidb64>", "x").replace("<token>", "y")
        assert resolve(url).func.__module__ == "config.urls", url


@pytest.mark.parametrize("url", ["/cms/", "/cms/pages/", "/cms/users/", "/cms/account/", "/cms/sprite/"])
def test_strangers_are_sent_to_our_door(client, db, url):
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def without_token(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.mark.parametrize("name", OUTSIDERS)
def test_for_those_who_write_no_pages_there_is_nothing_there(client, cast, name):
    client.force_login(getattr(cast, name))
    absent = without_token(client.get("/cms-is-not-here/"))
    for url in ("/cms/", "/cms/pages/", "/cms/login-x/", "/cms/account/", "/cms/jsi18n/"):
        response = client.get(url)
        assert (response.status_code, without_token(response)) == (404, absent), url
    assert client.post("/cms/pages/1/delete/").status_code == 404


@pytest.mark.parametrize("name", WRITERS)
def test_coordinators_and_editors_come_in(client, cast, name):
    client.force_login(getattr(cast, name))
    assert client.get("/cms/").status_code == 200
    assert client.get(f"/cms/pages/{CaseStudyIndexPage.shown().pk}/").status_code == 200


def test_a_role_that_ends_closes_the_door_at_the_next_request(client, cast):
    client.force_login(cast.edna)
    assert client.get("/cms/").status_code == 200
    role = ProgrammeRole.objects.get(person=cast.edna.person)
    partnerships.end_programme_role(role=role, by=HOUSE)
    assert client.get("/cms/").status_code == 404


def test_a_role_that_has_not_begun_opens_nothing(client, cast):
    since = timezone.localdate() + timedelta(days=1)
    partnerships.give_programme_role(programme=cast.programme, person=cast.otto.person, role="editor", since=since, by=HOUSE)
    client.force_login(cast.otto)
    assert client.get("/cms/").status_code == 404


def test_what_was_stored_for_a_user_or_a_group_opens_nothing(client, cast):
    """Whoever found a way to write into these tables has gained nothing by it."""
    group = Group.objects.get(name="Moderators")
    everything = Permission.objects.all()
    group.permissions.set(everything)
    cast.otto.user_permissions.set(everything)
    cast.otto.groups.add(group)
    cast.otto.is_staff = True
    cast.otto.save()
    client.force_login(cast.otto)
    assert client.get("/cms/").status_code == 404
    otto = User.objects.get(pk=cast.otto.pk)
    for permission in ("wagtailadmin.access_admin", "accounts.change_user", "cms.edit_pages", "mou.view_agreement"):
        assert otto.has_perm(permission) is (permission == "mou.view_agreement"), permission
    assert GroupPagePermission.objects.filter(group=group).exists()
    assert HomePage.objects.get().permissions_for_user(otto).can_edit() is False


def test_asked_without_an_object_a_permission_is_what_a_live_role_gives(cast):
    assert cast.cora.has_perm("wagtailadmin.access_admin") and cast.edna.has_perm("cms.edit_pages")
    assert not cast.edna.has_perm("mou.view_agreement") and not cast.rita.has_perm("mou.view_agreement")
    assert cast.rooth.has_perm("wagtailadmin.access_admin")


def test_an_administrator_sees_no_record_by_it(client, cast, agreement):
    client.force_login(cast.rooth)
    assert client.get("/cms/").status_code == 200
    assert not holds(cast.rooth, "mou.view_agreement", agreement)
    assert client.get(f"/desk/agreements/{agreement.ref}/").status_code == 404


# What Wagtail would let somebody do with the people of the site, tried as an editor and as an administrator.

PEOPLE = [
    "/cms/users/",
    "/cms/users/new/",
    "/cms/users/edit/{rooth}/",
    "/cms/users/delete/{rooth}/",
    "/cms/groups/",
    "/cms/groups/new/",
]
PEOPLE += ["/cms/groups/edit/1/", "/cms/groups/1/users/", "/cms/groups/delete/1/", "/cms/users/history/{rooth}/"]
BULK = ["delete", "assign_role", "set_active_state"]


@pytest.mark.parametrize("name", ["edna", "cora", "rooth"])
def test_nobody_reaches_users_and_groups(client, cast, name):
    client.force_login(getattr(cast, name))
    for url in PEOPLE:
        address = url.format(rooth=cast.rooth.pk)
        assert (client.get(address).status_code, client.post(address, {}).status_code) == (404, 404), address
    for action in BULK:
        address = f"/cms/bulk/accounts/user/{action}/?id={cast.edna.pk}"
        assert (client.get(address).status_code, client.post(address, {}).status_code) == (404, 404), address
    assert User.objects.filter(pk=cast.edna.pk, is_active=True).exists()


@pytest.mark.parametrize("name", ["edna", "rooth"])
def test_a_superusers_password_and_address_are_not_changed_through_the_editor(client, cast, name):
    client.force_login(getattr(cast, name))
    theirs = {"email": "mine@evil.example", "password1": "a new long one", "password2": "a new long one", "is_superuser": "on"}
    client.post(f"/cms/users/edit/{cast.rooth.pk}/", theirs)
    client.post(f"/cms/users/edit/{cast.edna.pk}/", theirs)
    rooth, edna = User.objects.get(pk=cast.rooth.pk), User.objects.get(pk=cast.edna.pk)
    assert rooth.check_password(PASSWORD) and rooth.email == "rooth@example.org"
    assert edna.check_password(PASSWORD) and edna.email == "edna@example.org" and not edna.is_superuser


def test_nobody_puts_themselves_into_a_group_or_changes_what_a_group_may(client, cast):
    group = Group.objects.get(name="Moderators")
    before = set(group.permissions.values_list("pk", flat=True))
    client.force_login(cast.edna)
    client.post(f"/cms/users/edit/{cast.edna.pk}/", {"email": cast.edna.email, "groups": [group.pk]})
    client.post(f"/cms/groups/edit/{group.pk}/", {"name": "Moderators", "permissions": [p.pk for p in Permission.objects.all()]})
    assert not cast.edna.groups.exists()
    assert set(group.permissions.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("name", ["edna", "rooth"])
def test_wagtails_own_account_page_changes_how_it_looks_and_nothing_of_the_sign_in(client, cast, name):
    user = getattr(cast, name)
    client.force_login(user)
    html = client.get("/cms/account/").content.decode()
    assert "Theme preferences" in html
    assert set(re.findall(r'<(?:input|select)[^>]* name="(\w+)-', html)) == {"theme"}
    client.post(
        "/cms/account/",
        {
            "theme-theme": "dark",
            "theme-contrast": "system",
            "theme-density": "default",
            "theme-keyboard_shortcuts": "on",
            "name_email-first_name": "Mallory",
            "name_email-email": "mine@evil.example",
            "password-old_password": PASSWORD,
            "password-new_password1": "a new long one",
            "password-new_password2": "a new long one",
        },
    )
    after = User.objects.get(pk=user.pk)
    assert (after.email, after.first_name, after.check_password(PASSWORD)) == (user.email, "", True)
    assert after.wagtail_userprofile.theme == "dark"


def test_wagtails_way_out_ends_the_session_too(client, cast):
    client.force_login(cast.edna)
    assert "Sign out?" in client.get("/cms/logout/").content.decode()
    assert client.get("/desk/").status_code == 200
    assert client.post("/cms/logout/", follow=True).redirect_chain == [("/", 302)]
    assert client.get("/desk/").status_code == 302


# Every address under /cms/, walked.

CLOSED = (
    "users",
    "groups",
    "sites",
    "collections",
    "settings",
    "workflows",
    "redirects",
    "reports",
    "snippets",
    "embeds",
    "locales",
)


def addresses() -> list[str]:
    """One for each route of Wagtail's admin, with 1 where it has a blank."""
    found = []
    for route, _view in patterns():
        if route.startswith("/cms/") and not re.search(r"[*$(]", route.removesuffix("$")):
            clean = route.removesuffix("$").replace("^", "")
            found.append(re.sub(r"<(?:\w+:)?\w+>", "1", clean))
    return found


def test_the_walk_finds_what_there_is_to_walk():
    parts = {url.split("/")[2] for url in addresses()}
    assert {
        "pages",
        "images",
        "documents",
        "users",
        "groups",
        "sites",
        "collections",
        "workflows",
        "redirects",
        "reports",
    } <= parts
    assert len(addresses()) > 120


@pytest.mark.parametrize("name", ["edna", "cora"])
def test_writers_get_nothing_of_the_administration_at_any_address(client, cast, name):
    client.force_login(getattr(cast, name))
    parts = {}
    for url in addresses():
        parts.setdefault(url.split("/")[2], set()).add(client.get(url).status_code)
    for part in CLOSED:
        assert parts.pop(part, {404}) == {404}, part
    assert {part for part, codes in parts.items() if codes != {404}} <= rules.PARTS | {"login", "logout", "password_reset"}


def test_felix_gets_nothing_at_any_address(client, cast):
    client.force_login(cast.felix)
    answers = {url: client.get(url).status_code for url in addresses()}
    doors = {url: 302 for url in answers if url.startswith(("/cms/login/", "/cms/password_reset/"))}
    assert {url: code for url, code in answers.items() if code != 404} == doors | {"/cms/logout/": 200}


def test_nobody_signed_in_gets_nothing_at_any_address(client, db):
    for url in addresses():
        response = client.get(url)
        answer = (response.status_code, response.get("Location", "").split("?")[0])
        expected = {"api": (404, ""), "logout": (302, "/")}.get(url.split("/")[2], (302, "/accounts/login/"))
        assert answer == expected, url


def test_the_menu_shows_no_way_that_leads_nowhere(client, cast):
    for name, expected in (("edna", {"explorer", "images", "documents"}), ("rooth", {"explorer", "images", "documents"})):
        client.force_login(getattr(cast, name))
        html = client.get("/cms/").content.decode()
        named = set(re.findall(r'"name": "([\w-]+)", "label"', html))
        links = set(re.findall(r'"url": "(/cms/[^"?]*)"', html))
        assert expected <= named | links or "sidebar-props" in html
        for link in re.findall(r'href="(/cms/[^"?#]*)"', html):
            assert client.get(link).status_code in (200, 302, 405), (name, link)
        for link in links:
            assert client.get(link).status_code in (200, 302, 405), (name, link)


def test_the_two_pages_that_the_site_stands_on_are_not_deleted_by_writers(cast, client):
    client.force_login(cast.edna)
    index = CaseStudyIndexPage.shown()
    client.post(f"/cms/pages/{index.pk}/delete/", {})
    client.post(f"/cms/bulk/wagtailcore/page/delete/?id={index.pk}", {})
    assert CaseStudyIndexPage.shown() == index and Page.objects.filter(depth=2).count() == 1


def test_pages_are_public_or_not_there_never_behind_a_password(client, cast):
    client.force_login(cast.edna)
    home = HomePage.objects.get()
    client.post(f"/cms/pages/{home.pk}/privacy/", {"restriction_type": "password", "password": "x"})
    assert not home.view_restrictions.exists()
    assert Client().get("/_util/authenticate_with_password/1/1/").status_code == 404
    assert Client().get("/documents/authenticate_with_password/1/").status_code == 404
