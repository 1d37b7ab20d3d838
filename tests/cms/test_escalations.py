"""What stock Wagtail would let somebody do to the people and the rules of a site, tried with everything that its tables can give.

Each of these did work on a Wagtail of its own: who may edit users took the superuser's password, put themselves into a group, and
gave their group every permission.
"""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import Collection, GroupPagePermission, Locale, Page, PageViewRestriction, Site, Workflow

from accounts.models import User
from cms import rules
from tests.cms.test_doors import CLOSED, addresses
from tests.conftest import PASSWORD

pytestmark = pytest.mark.slow

EVERYBODY = ("cora", "edna", "ada", "amir", "otto", "rooth")  # coordinator, editor, administrator, members, superuser
KEPT = [User, Group, Permission, GroupPagePermission, Site, Collection, Workflow, Locale, PageViewRestriction]
KEPT += [
    User.groups.through,
    User.user_permissions.through,
    Group.permissions.through,
    apps.get_model("wagtailredirects.Redirect"),
]


def stored() -> dict[str, list[tuple]]:
    """Every row of these tables, but for when somebody was last here."""
    return {
        model._meta.label: sorted(
            tuple(sorted((name, str(value)) for name, value in row.items() if name != "last_login"))
            for row in model.objects.values()
        )
        for model in KEPT
    }


@pytest.fixture
def all_given(cast, ada) -> dict[str, User]:
    """Every permission of every table, stored for each of them: as if somebody had found a way to write there."""
    cast.ada = ada
    group = Group.objects.get(name="Moderators")
    group.permissions.set(Permission.objects.all())
    for name in EVERYBODY:
        user = getattr(cast, name)
        user.user_permissions.set(Permission.objects.all())
        user.groups.add(group)
        user.is_staff = True
        user.save()
    return {name: getattr(cast, name) for name in EVERYBODY}


def attempts(mine: User, superuser: User, group: Group) -> list[tuple[str, dict]]:
    """The three that worked, and their like by other ways."""
    taken = {"email": "mine@evil.example", "password1": "a new long word", "password2": "a new long word", "is_superuser": "on"}
    every = [each.pk for each in Permission.objects.all()]
    return [
        (f"/cms/users/edit/{superuser.pk}/", {**taken, "is_active": "on"}),
        (f"/cms/users/edit/{mine.pk}/", {**taken, "is_active": "on", "groups": [group.pk]}),
        ("/cms/users/new/", {**taken, "email": "second@evil.example", "groups": [group.pk]}),
        (f"/cms/users/delete/{superuser.pk}/", {}),
        (f"/cms/groups/edit/{group.pk}/", {"name": "Moderators", "permissions": every}),
        ("/cms/groups/new/", {"name": "Ours", "permissions": every}),
        (f"/cms/groups/delete/{group.pk}/", {}),
        (f"/cms/bulk/accounts/user/assign_role/?id={mine.pk}", {"role": group.pk}),
        (f"/cms/bulk/accounts/user/set_active_state/?id={superuser.pk}", {"mark_as_active": ""}),
        (f"/cms/bulk/accounts/user/delete/?id={superuser.pk}", {}),
        (f"/cms/bulk/auth/user/delete/?id={superuser.pk}", {}),
        ("/cms/sites/new/", {"hostname": "evil.example", "port": 80, "root_page": 1}),
        ("/cms/sites/edit/1/", {"hostname": "evil.example", "port": 80, "root_page": 1, "is_default_site": "on"}),
        ("/cms/collections/add/", {"name": "Ours", "parent": 1}),
        ("/cms/workflows/add/", {"name": "Ours"}),
        ("/cms/redirects/add/", {"old_path": "/", "redirect_link": "https://evil.example/"}),
        ("/cms/redirects/import/", {}),
        ("/cms/locales/new/", {"language_code": "de"}),
    ]


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_takes_the_superuser_s_password_a_group_or_a_permission(all_given, cast, name):
    """Rooth is Wagtail's administrator: sites and collections are his, people and groups are not."""
    mine, group, client = all_given[name], Group.objects.get(name="Moderators"), Client()
    client.force_login(mine)
    before = stored()
    for address, typed in attempts(mine, cast.rooth, group):
        theirs = name == "rooth" and not re.match(r"/cms/(users|groups|bulk)/", address)
        statuses = {client.get(address).status_code, client.post(address, typed).status_code} if not theirs else {404}
        assert statuses == {404}, address
    assert stored() == before
    rooth = User.objects.get(pk=cast.rooth.pk)
    assert rooth.check_password(PASSWORD) and rooth.email == "rooth@example.org"


@pytest.mark.parametrize("name", ["cora", "edna"])
def test_writers_change_nothing_of_it_at_any_address_of_wagtail(all_given, cast, name):
    """Every route, asked and posted to, with what each of the forms would want, and whatever is stored for them."""
    client = Client(raise_request_exception=False)  # Wagtail stumbles over the order of the root page
    client.force_login(all_given[name])
    page = Page.objects.get(depth=2)
    typed = {"name": "Ours", "email": "mine@evil.example", "password1": "a long new word", "password2": "a long new word"}
    typed |= {"groups": "1", "is_superuser": "on", "hostname": "evil.example", "port": "80", "root_page": str(page.pk)}
    typed |= {"restriction_type": "login", "language_code": "de", "old_path": "/x/", "permissions": "1", "action-delete": "on"}
    before, there = stored(), set()
    for url in addresses():
        part = url.split("/")[2]
        if part in ("logout", "login", "password_reset"):
            continue
        answers = client.get(url).status_code, client.post(url, typed).status_code
        if set(answers) != {404}:
            there.add(part)
        if part in CLOSED:
            assert answers == (404, 404), url
    assert there <= rules.PARTS
    assert stored() == before


@pytest.mark.parametrize("name", ["ada", "amir", "felix", "sofia", "audrey"])
def test_for_everybody_else_there_is_no_editor_whatever_they_post(cast, ada, name):
    cast.ada = ada
    client, wrong = Client(), []
    client.force_login(getattr(cast, name))
    for url in addresses():
        if url.split("/")[2] not in ("logout", "login", "password_reset"):
            wrong += [url] if client.post(url, {"name": "Ours"}).status_code != 404 else []
    assert wrong == []


def test_the_doors_of_wagtail_sign_nobody_in_whoever_is_asked_for(cast, mailoutbox):
    """With the right words, by any name of the fields, with and without a session, by GET and by POST."""
    doors = [url for url in addresses() if url.split("/")[2] in ("login", "password_reset")]
    doors += ["/_util/login/", "/_util/authenticate_with_password/1/1/", "/documents/authenticate_with_password/1/"]
    for name in (*EVERYBODY[:2], "rooth"):
        user = User.objects.get(pk=getattr(cast, name).pk)
        words = {"username": user.email, "login": user.email, "email": user.email, "password": PASSWORD}
        words |= {"old_password": PASSWORD, "new_password1": "a new long word", "new_password2": "a new long word"}
        for url in [*doors, "/cms/account/", "/cms/account/change_password/"]:
            client = Client()
            for answer in (client.get(url, words), client.post(url, words)):
                assert answer.status_code in (302, 404, 405), url
            assert "_auth_user_id" not in client.session, url
        assert User.objects.get(pk=user.pk).password == user.password
    assert mailoutbox == []
