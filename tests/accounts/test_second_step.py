"""An app on the phone as the second step: set up, asked for, each code once, lost and replaced."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts import actions, codes
from core.audit import history
from core.jobs import run_jobs
from tests.accounts.steps import ADD, SECOND, come_in, inside, password, set_up, with_app
from tests.accounts.test_password_link import NEW, choose, link_for
from tests.conftest import PASSWORD, sign_in_for
from tests.reading import buttons, page, problems, said, soup, words

CODES, OVERVIEW = "/accounts/second-step/codes/", "/accounts/second-step/"


@pytest.fixture
def nora(db):
    return sign_in_for("nora")


@pytest.fixture
def noras(client, nora):
    client.force_login(nora)
    return client


def recovery(answer) -> list[str]:
    return [words(each) for each in soup(answer).select(".codes code")]


def test_the_picture_and_the_key_carry_the_same_secret_and_it_is_this_sign_in_s(noras):
    shown = soup(noras.get(ADD))
    link = next(each["href"] for each in shown.select("a") if each["href"].startswith("otpauth://"))
    asked = parse_qs(urlsplit(link).query)
    assert asked == {"secret": [words(shown.select_one("code.hash"))], "issuer": ["Common Ground"]}
    assert urlsplit(link).path == "/Common%20Ground%3Anora%40example.org"
    assert shown.select_one("img.qr")["src"].startswith("data:image/svg+xml;base64,")
    assert "no-store" in noras.get(ADD)["Cache-Control"]


def test_the_first_code_sets_it_up_and_ten_recovery_codes_come_with_it(noras, nora, mailoutbox):
    set_up(noras)
    shown = noras.get(CODES)
    assert len(set(recovery(shown))) == 10 and all(re.fullmatch(r"\d{8}", code) for code in recovery(shown))
    assert said(shown) == ["The app is set up. From now on it is asked for when you sign in."]
    assert history(nora.person)[0].text == "Nora set up a second step for signing in: authenticator app."
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == ["A second step was set up for your sign-in"]


def test_a_wrong_code_sets_nothing_up_and_the_picture_stays_the_same(noras, nora):
    first = words(soup(noras.get(ADD)).select_one("code.hash"))
    answer = noras.post(ADD, {"code": "12"})
    assert (answer.status_code, words(soup(answer).select_one("code.hash"))) == (422, first)
    assert problems(answer)[0].startswith("The code that the app shows now: The app shows another code.")
    assert problems(noras.post(ADD, {"code": ""})) == ["The code that the app shows now: Fill this in."]
    assert not codes.has_step(nora)


def test_the_secret_is_not_readable_in_the_database(noras, nora):
    app = set_up(noras)
    kept = Authenticator.objects.get(user=nora, type="totp").data
    assert app.secret not in str(kept) and kept.keys() == {"secret", "used"}
    numbers = codes.kept_codes(nora)
    assert not any(number in str(Authenticator.objects.get(user=nora, type="recovery_codes").data) for number in numbers)


# ------------------------------------------------------------------------------------------------- coming in


def test_after_the_password_the_code_is_asked_for_and_nobody_is_signed_in_before_it(client, nora):
    app = with_app(nora)
    assert password(client, nora)["Location"] == SECOND
    assert client.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"
    assert "_auth_user_id" not in client.session
    for address in (ADD, CODES, OVERVIEW, "/accounts/sessions/", "/accounts/confirm/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")
    assert client.post(SECOND, {"code": app.code()})["Location"] == "/desk/"
    assert inside(client)


def test_a_wrong_code_lets_nobody_in_and_nothing_is_said_but_that(client, nora):
    app = with_app(nora)
    for code in (app.wrong, "", "12345678", "abcdef", "\x00", "۱۲۳۴۵۶"):
        answer = come_in(client, nora, code)
        assert answer.status_code == 200 and len(problems(answer)) == 1, code
    assert not inside(client)
    assert client.post(SECOND, {}).status_code == 200 and client.post(SECOND, {"credential": "{}"}).status_code == 200


def test_the_second_step_alone_is_no_door(client, nora):
    with_app(nora)
    assert client.get(SECOND)["Location"] == "/accounts/login/"
    assert client.post(SECOND, {"code": "123456"})["Location"] == "/accounts/login/"


def test_a_code_counts_once(nora):
    app = with_app(nora)
    code, first, second = app.code(), Client(), Client()
    assert come_in(first, nora, code).status_code == 302
    answer = come_in(second, nora, code)
    assert answer.status_code == 200 and not inside(second)
    assert problems(answer) == [
        "Code: This code does not fit. Take the one that the app shows now: each counts once, for half a minute."
    ]


def test_nor_does_an_older_one_that_was_never_used(nora):
    """Somebody read it over a shoulder; meanwhile the next one was used."""
    app = with_app(nora)
    older, browser = app.code(), Client()
    assert come_in(Client(), nora, app.code(1)).status_code == 302
    come_in(browser, nora, older)
    assert not inside(browser)


def test_the_code_that_set_it_up_does_not_come_in(nora, client):
    app = with_app(nora)
    come_in(client, nora, app.code(-1))
    assert not inside(client)


def test_a_clock_that_is_half_a_minute_off_still_fits_and_more_does_not(nora):
    app = with_app(nora)
    for ahead, fits in ((3, False), (-3, False), (1, True)):
        browser = Client()
        come_in(browser, nora, app.code(ahead))
        assert inside(browser) is fits


def test_a_password_that_waited_too_long_for_its_code_is_asked_for_again(client, nora):
    app = with_app(nora)
    password(client, nora)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.post(SECOND, {"code": app.code()})["Location"] == "/accounts/login/"
        assert not inside(client)


def test_a_closed_sign_in_does_not_come_in_by_the_second_step(client, nora):
    app = with_app(nora)
    password(client, nora)
    nora.is_active = False
    nora.save()
    client.post(SECOND, {"code": app.code()})
    assert not inside(client)


def test_five_wrong_codes_and_not_even_the_right_one_is_heard_from_any_browser(nora):
    app = with_app(nora)
    for _try in range(5):
        come_in(Client(), nora, app.wrong)
    browser = Client()
    answer = come_in(browser, nora, app.code())
    assert problems(answer) == ["Code: Too many tries. Wait five minutes, then try again."] and not inside(browser)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert come_in(browser, nora, app.code()).status_code == 302


def test_the_right_code_gives_the_tries_back(nora):
    app = with_app(nora)
    for _try in range(4):
        come_in(Client(), nora, app.wrong)
    assert come_in(Client(), nora, app.code()).status_code == 302
    for _try in range(4):
        come_in(Client(), nora, app.wrong)
    assert come_in(Client(), nora, app.code(1)).status_code == 302


# ------------------------------------------------------------------------------------------------- recovery codes


def test_a_recovery_code_comes_in_once_and_its_owner_is_told(nora, client, mailoutbox):
    with_app(nora)
    kept = codes.kept_codes(nora)
    assert come_in(client, nora, f"{kept[3][:4]} {kept[3][4:]}").status_code == 302
    assert history(nora.person)[0].text == "Nora used a recovery code; 9 are left."
    browser = Client()
    come_in(browser, nora, kept[3])
    assert not inside(browser) and len(codes.kept_codes(nora)) == 9
    run_jobs()
    assert mailoutbox[-1].subject == "A recovery code of yours was used"
    assert "Codes that are left: 9." in " ".join(mailoutbox[-1].body.split())


def test_codes_are_shown_and_saved_for_ten_minutes_by_this_session_alone(noras, nora):
    app = set_up(noras)
    shown = recovery(noras.get(CODES))
    saved = noras.get(CODES, {"format": "txt"})
    assert saved.content.decode().split() == shown == codes.kept_codes(nora)
    assert saved["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"' and "no-store" in saved["Cache-Control"]
    other = Client()
    come_in(other, nora, app.code())
    assert recovery(other.get(CODES)) == [] and "10 codes are left." in page(other.get(CODES))
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert recovery(noras.get(CODES)) == shown
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = noras.get(CODES, follow=True)
        assert answer.redirect_chain == [(f"/accounts/confirm/?next={CODES.replace('/', '%2F')}&by=step", 302)]
        noras.post("/accounts/confirm/?by=step", {"again-secret": app.code()})
        assert recovery(noras.get(CODES)) == []
        assert noras.get(CODES, {"format": "txt"})["Content-Type"].startswith("text/html")


def test_new_codes_end_the_old_ones(noras, nora, client):
    set_up(noras)
    old = codes.kept_codes(nora)
    assert noras.post(CODES)["Location"] == CODES
    assert not set(old) & set(codes.kept_codes(nora))
    assert history(nora.person)[0].text == "Nora made new recovery codes."
    browser = Client()
    come_in(browser, nora, old[0])
    assert not inside(browser)


def test_without_an_app_there_are_no_codes(noras, nora):
    answer = noras.post(CODES)
    assert answer.status_code == 422 and "There is nothing that codes would stand in for" in page(answer)
    assert Authenticator.objects.count() == 0


# ------------------------------------------------------------------------------------------------- changing and losing


def test_another_phone_takes_the_place_of_the_first(noras, nora):
    old = set_up(noras)
    new = set_up(noras)
    assert [step.type for step in codes.steps_of(nora)] == ["totp"] and new.secret != old.secret
    for app, fits in ((old, False), (new, True)):
        browser = Client()
        come_in(browser, nora, app.code())
        assert inside(browser) is fits


def test_removing_the_last_one_is_asked_told_and_takes_the_codes_along(noras, nora, mailoutbox):
    set_up(noras)
    step = codes.steps_of(nora)[0]
    asked = noras.get(f"/accounts/second-step/{step.pk}/remove/")
    assert "from then on your password alone opens your sign-in" in page(asked)
    assert noras.post(f"/accounts/second-step/{step.pk}/remove/")["Location"] == OVERVIEW
    assert Authenticator.objects.count() == 0
    assert history(nora.person)[0].text == "Nora removed a second step for signing in: authenticator app."
    run_jobs()
    assert mailoutbox[-1].subject == "A second step of your sign-in was removed"
    browser = Client()
    assert password(browser, nora)["Location"] == "/desk/" and inside(browser)


def changes(client, nora) -> set[int]:
    """What the pages that change a second step answer to somebody who sends them."""
    step = codes.steps_of(nora)[0]
    ways = (ADD, "/accounts/second-step/passkey/", CODES, f"/accounts/second-step/{step.pk}/remove/")
    return {client.post(way, {"again-secret": PASSWORD}).status_code for way in ways}


def test_the_first_step_ends_every_session_that_came_in_without_it(noras, nora):
    other = Client()
    password(other, nora)
    assert inside(other)
    set_up(noras)
    assert inside(noras) and not inside(other)
    assert [event.verb for event in history(nora.person)][:2] == ["person.second_step_added", "person.sessions_ended"]
    again = Client()
    again.force_login(nora)
    inside(again)
    set_up(noras)
    assert inside(again)  # it could have come in by the step that was there


@pytest.mark.parametrize("minutes", [0, 11])
def test_with_the_password_alone_no_step_is_added_removed_or_renewed(nora, minutes):
    """A session from before, or one whose cookie was taken, by somebody who has read the password too."""
    app = with_app(nora)
    kept, recovery_codes = codes.steps_of(nora)[0].data, codes.kept_codes(nora)
    taken = Client()
    taken.force_login(nora)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert changes(taken, nora) == {422}
        assert taken.get(ADD).status_code == 302
        assert problems(taken.post(f"/accounts/confirm/?by=step&next={ADD}", {"again-secret": PASSWORD}))
        assert taken.post(f"/accounts/confirm/?next={ADD}", {"again-secret": PASSWORD})["Location"] == ADD
        assert changes(taken, nora) == {422} and taken.get(ADD).status_code == 302
        assert (codes.steps_of(nora)[0].data, codes.kept_codes(nora)) == (kept, recovery_codes)
        assert taken.post(f"/accounts/confirm/?by=step&next={ADD}", {"again-secret": app.code()})["Location"] == ADD
        assert taken.get(ADD).status_code == 200


def test_who_came_in_by_the_step_is_asked_for_it_again_after_ten_minutes(client, nora):
    app = with_app(nora)
    come_in(client, nora, app.code())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert changes(client, nora) == {422}
        asked = client.get(client.get(ADD)["Location"])
        assert "A second step is changed by a second step" in page(asked) and "With a passkey: sign out" in page(asked)
        assert len(codes.kept_codes(nora)) == 10
        code = codes.kept_codes(nora)[0]
        assert client.post(client.get(ADD)["Location"], {"again-secret": code})["Location"] == ADD
        assert client.get(ADD).status_code == 200


def test_nobody_removes_that_of_somebody_else(noras, nora):
    step_of = with_app(sign_in_for("otto")) and Authenticator.objects.get(type="totp")
    for ask in (noras.get, noras.post):
        assert ask(f"/accounts/second-step/{step_of.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_a_new_password_leaves_the_second_step_where_it_is(client, nora, mailoutbox):
    app = with_app(nora)
    choose(client, link_for(client, nora.email, mailoutbox))
    browser = Client()
    assert password(browser, nora, NEW)["Location"] == SECOND and not inside(browser)
    assert browser.post(SECOND, {"code": app.code()}).status_code == 302 and inside(browser)


def test_a_secret_key_that_is_gone_lets_nobody_in_and_breaks_nothing(client, nora, settings):
    app = with_app(nora)
    settings.SECRET_KEY = "another" * 10
    password(client, nora)
    answer = client.post(SECOND, {"code": app.code()})
    assert answer.status_code == 200 and not inside(client)


def test_the_page_of_one_s_record_leads_there(noras):
    links = [each["href"] for each in soup(noras.get("/desk/me/")).select("main a")]
    assert OVERVIEW in links and "/accounts/sessions/" in links
    assert buttons(noras.get(OVERVIEW)) == ["Set up an app", "Set up a passkey"]


def test_a_superuser_without_a_person_has_one_as_well(client, cast):
    app = with_app(cast.rooth)
    assert come_in(client, cast.rooth, app.code()).status_code == 302 and inside(client)


def test_actions_refuse_what_pages_do_not_offer(cast):
    with_app(cast.felix)
    step = codes.steps_of(cast.felix)[0]
    with pytest.raises(PermissionDenied):
        actions.remove_step(user=cast.felix, step=step, by=cast.otto)
    with pytest.raises(ValidationError):
        actions.renew_recovery_codes(user=cast.otto, by=cast.otto)
