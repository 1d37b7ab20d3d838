"""Who signs for others, runs a programme or administers the site needs a second step, from the moment on that they do."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings as real
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import actions, codes, rules
from accounts.models import User
from core.access import HOUSE
from core.audit import history
from core.jobs import run_jobs
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.accounts.steps import come_in, inside, password, set_up, with_app
from tests.accounts.test_password_link import NEW, choose, link_for
from tests.house import ROOT
from tests.reading import buttons, next_of, page, reason, said

OVERVIEW = "/accounts/second-step/"
WHY = {"reason": "Came in person, lost the phone."}


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR = "demanded"


def led(client, user, address="/desk/") -> bool:
    """Whether they are led to the page where a second step is set up."""
    client.force_login(user)
    answer = client.get(address)
    return answer.status_code == 302 and urlsplit(answer["Location"]).path == OVERVIEW


def settings_say(**environment: str) -> str:
    """SECOND_FACTOR as another process reads it, outside of any test."""
    command = [sys.executable, "-c", "from config import settings; print(settings.SECOND_FACTOR)"]
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECOND_FACTOR", "BASE_URL")}
    given = kept | {"DATA_DIR": str(real.DATA_DIR)} | environment
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=True).stdout.strip()


def test_production_and_everything_but_the_demo_demands_it():
    assert settings_say(BASE_URL="https://ground.example.org", SECRET_KEY="x" * 50) == "demanded"
    assert settings_say(DATABASE_URL="postgresql://u:p@127.0.0.1/x") == "demanded"
    assert settings_say() == "offered"
    assert settings_say(SECOND_FACTOR="demanded") == "demanded"


@pytest.mark.parametrize("address", ["/desk/", "/desk/agreements/", "/cms/", "/desk/nothing/here/"])
def test_who_acts_for_others_is_led_to_set_one_up_whatever_they_open(client, cast, ada, demanded, address):
    led_there = {name for name in ("cora", "sofia", "nora", "otto", "rooth") if led(client, getattr(cast, name), address)}
    assert led_there == {"cora", "sofia", "nora", "otto", "rooth"} and led(client, ada, address)


@pytest.mark.parametrize("name", ["felix", "amir", "stella", "carol", "rita", "audrey", "edna"])
def test_everybody_else_comes_in_by_password(client, cast, demanded, name):
    assert not led(client, getattr(cast, name))


def test_nothing_is_done_before_it(client, cast, agreement, demanded):
    client.force_login(cast.sofia)
    answer = client.post(f"/desk/agreements/{agreement.ref}/sign/", {"consent": "on", "shown": agreement.version().sha256})
    assert answer["Location"] == OVERVIEW and not agreement.version().signatures()
    assert client.get("/cycles/").status_code == 200 and client.get("/accounts/logout/").status_code == 200


def test_the_page_says_why_and_the_way_through_it_ends_at_the_desk(client, cast, demanded):
    client.force_login(cast.sofia)
    shown = client.get(OVERVIEW)
    assert next_of(shown)[0] == "Set up a second step first" and "Signatory of Agency" in next_of(shown)[1]
    set_up(client)
    assert inside(client) and "Go to your desk" in buttons(client.get(OVERVIEW))
    assert "offers a second step" not in page(client.get(OVERVIEW))


def test_who_came_in_with_both_steps_is_asked_no_more(cast, demanded):
    app, browser = with_app(cast.sofia), Client()
    assert come_in(browser, cast.sofia, app.code())["Location"] == "/desk/"
    assert browser.get("/desk/").status_code == 200


def test_a_session_from_before_that_knows_only_the_password_opens_nothing_any_more(cast, demanded):
    """Somebody had the password and was in; the owner then sets up the second step in another browser. Should a session outlast
    that, it opens nothing either."""
    stranger = Client()
    password(stranger, cast.sofia)
    assert stranger.get("/desk/me/").status_code == 302  # as for everybody who signs and has none
    with_app(cast.sofia)
    assert stranger.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"
    stranger.force_login(cast.sofia)
    assert stranger.get("/desk/")["Location"] == f"{OVERVIEW}?next=%2Fdesk%2F"
    assert next_of(stranger.get(OVERVIEW))[0] == "Sign in again, with your second step"


def test_a_role_that_is_given_now_asks_now_and_one_that_ends_asks_no_more(client, cast, demanded):
    client.force_login(cast.amir)
    assert inside(client)
    partnerships.add_member(organisation=cast.agency, person=cast.amir.person, role="signatory", by=HOUSE)
    assert client.get("/desk/")["Location"] == f"{OVERVIEW}?next=%2Fdesk%2F"
    membership = Membership.objects.get(person=cast.amir.person, role="signatory")
    partnerships.end_membership(membership=membership, by=HOUSE)
    assert inside(client)


def test_the_last_one_is_not_removed_and_the_page_says_why_and_what_instead(client, cast, demanded):
    client.force_login(cast.sofia)
    set_up(client)
    step = codes.steps_of(cast.sofia)[0]
    for ask in (client.get, client.post):
        answer = ask(f"{OVERVIEW}{step.pk}/remove/")
        assert answer.status_code == 403 and "you need one: Signatory of Agency. Set up another first" in page(answer)
        assert buttons(answer) == ["Set up the app on another phone", "Back"]
    with pytest.raises(PermissionDenied):
        actions.remove_step(user=cast.sofia, step=step, by=cast.sofia)
    assert codes.has_step(cast.sofia)


def test_a_new_password_by_mail_does_not_pass_by_it(client, cast, demanded, mailoutbox):
    with_app(cast.sofia)
    choose(client, link_for(client, cast.sofia.email, mailoutbox))
    browser = Client()
    password(browser, cast.sofia, NEW)
    assert not inside(browser)


def test_where_it_is_only_offered_the_page_says_so_and_nobody_is_led_there(client, cast):
    assert not led(client, cast.sofia)
    assert "This installation offers a second step and asks nobody for one." in page(client.get(OVERVIEW))


# ------------------------------------------------------------------------------------------------- lost for good


def clear(user) -> str:
    return f"/desk/people/{user.person.ref}/second-step/"


def test_an_administrator_removes_it_with_a_reason_and_its_owner_begins_anew(client, cast, ada, mailoutbox):
    with_app(cast.sofia)
    there = Client()
    there.force_login(cast.sofia)
    client.force_login(ada)
    assert "Remove the second step" in buttons(client.get(f"/desk/people/{cast.sofia.person.ref}/"))
    assert client.post(clear(cast.sofia), {"reason": ""}).status_code == 422 and codes.has_step(cast.sofia)
    answer = client.post(clear(cast.sofia), WHY, follow=True)
    assert said(answer) == ["Sofia comes in with a new password and sets up a new second step. A mail says so."]
    assert not codes.has_step(cast.sofia) and codes.kept_codes(cast.sofia) == []
    assert not inside(there) and password(Client(), cast.sofia).status_code == 200
    assert history(cast.sofia.person)[0].text == "Ada removed every second step for signing in: Came in person, lost the phone."
    run_jobs()
    assert mailoutbox[-1].to == ["sofia@example.org"]
    assert "The reason given: Came in person, lost the phone." in " ".join(mailoutbox[-1].body.split())


def test_who_gives_roles_removes_nobody_s_and_nobody_removes_their_own(client, cast, ada):
    for user in (cast.sofia, cast.amir, ada):
        with_app(user)
    client.force_login(cast.cora)
    assert reason(client.post(clear(cast.amir), WHY)) == "Only an administrator of this site removes somebody’s second step."
    actions.give_site_role(person=cast.cora.person, role="administrator", by=HOUSE)
    assert reason(client.post(clear(cast.amir), WHY)).startswith("You give people roles in organisations")
    client.force_login(ada)
    assert reason(client.post(clear(ada), WHY)).startswith("Nobody does that to their own sign-in.")
    assert reason(client.get(clear(cast.otto))) == "Otto has no second step."
    client.force_login(cast.nora)
    assert client.post(clear(cast.sofia), WHY).status_code == 404
    assert [codes.has_step(user) for user in (cast.sofia, cast.amir, ada)] == [True] * 3


def test_the_operator_does_it_by_command(cast, ada, capsys):
    with_app(ada)
    call_command("sign_in", "ADA@example.org", clear_second_step=True, reason="Phone stolen.")
    assert not codes.has_step(ada)
    assert capsys.readouterr().out == "The sign-in of Ada has no second step any more, and no password: both are set anew.\n"
    assert history(ada.person)[0].text == "The system removed every second step for signing in: Phone stolen."
    with pytest.raises(CommandError, match="Ada has no second step"):
        call_command("sign_in", "ada@example.org", clear_second_step=True, reason="Again.")


def test_a_superuser_is_asked_as_well(cast, demanded):
    assert rules.asked_of(User.objects.get(pk=cast.rooth.pk)) == ["Administrator of Wagtail"]
