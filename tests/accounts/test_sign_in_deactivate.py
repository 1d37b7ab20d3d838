"""A sign-in is deactivated: everything that was open is dead at once. It can be reactivated, and nothing old comes back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import actions
from accounts.models import User
from core.access import HOUSE, holds
from core.audit import history
from core.jobs import run_jobs
from core.models import Message
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.accounts.test_password_link import NEW, choose, link_for
from tests.conftest import PASSWORD
from tests.reading import buttons, next_of, page, problems, reason, said, soup, words

WHY = {"reason": "Laptop stolen on the train."}


def of(user, way: str = "") -> str:
    return f"/desk/people/{user.person.ref}/{way}"


def come_in(user, password: str = PASSWORD) -> tuple[Client, bool]:
    browser = Client()
    return browser, browser.post("/accounts/login/", {"login": user.email, "password": password}).status_code == 302


@pytest.fixture
def adas(client, ada):
    client.force_login(ada)
    return client


def test_it_is_asked_with_what_the_person_holds_and_done_with_a_reason(adas, cast):
    asked = page(adas.get(of(cast.amir, "deactivate/")))
    assert "Deactivate the sign-in of Amir?" in asked and "Agency Legal reviewer" in asked
    answer = adas.post(of(cast.amir, "deactivate/"), WHY, follow=True)
    assert said(answer) == ["The sign-in of Amir is deactivated, and every session is closed."]
    assert next_of(answer)[0] == "The sign-in is deactivated"
    assert [(words(each), each["href"]) for each in soup(answer).select(".next a")] == [
        ("Reactivate the sign-in", of(cast.amir, "reactivate/"))
    ]
    assert history(cast.amir.person)[0].text == "Ada deactivated the sign-in: Laptop stolen on the train."


def test_every_open_session_ends_with_the_next_click(adas, cast):
    (first, _), (second, _) = come_in(cast.amir), come_in(cast.amir)
    assert [browser.get("/desk/").status_code for browser in (first, second)] == [200, 200]
    adas.post(of(cast.amir, "deactivate/"), WHY)
    for browser in (first, second):
        assert browser.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"
        assert browser.post("/desk/me/consents/public_name/", {"agree": "yes"}).status_code == 302
    assert come_in(cast.amir)[1] is False
    assert not holds(User.objects.get(pk=cast.amir.pk), "partnerships.view_organisation", cast.agency)


def test_a_mailed_link_is_dead_too_and_stays_so(client, cast, ada, mailoutbox):
    link = link_for(client, cast.amir.email, mailoutbox)
    actions.deactivate_sign_in(person=cast.amir.person, reason="Lost.", by=ada)
    actions.reactivate_sign_in(person=cast.amir.person, reason="Found.", by=ada)
    assert "This link has ended" in Client().get(link).content.decode()


def test_reactivated_nothing_old_comes_back_to_life_and_a_new_password_lets_in(adas, cast, mailoutbox):
    old, _ = come_in(cast.amir)
    adas.post(of(cast.amir, "deactivate/"), WHY)
    answer = adas.post(of(cast.amir, "reactivate/"), {"reason": "It was found."}, follow=True)
    assert said(answer)[-1] == "Amir can sign in again and was told by e-mail how."
    assert old.get("/desk/").status_code == 302 and come_in(cast.amir)[1] is False
    choose(Client(), link_for(Client(), cast.amir.email, mailoutbox))
    browser, inside = come_in(cast.amir, NEW)
    assert inside and browser.get(f"/desk/organisations/{cast.agency.ref}/").status_code == 200
    assert history(cast.amir.person)[1].text == "Ada reactivated the sign-in: It was found."


def test_the_person_is_told_both_times(adas, cast, mailoutbox):
    adas.post(of(cast.amir, "deactivate/"), WHY)
    adas.post(of(cast.amir, "reactivate/"), {"reason": "It was found."})
    run_jobs()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["amir@example.org"], "Your sign-in was deactivated"),
        (["amir@example.org"], "Your sign-in is open again"),
    ]
    assert "Laptop stolen on the train." in mailoutbox[0].body


@pytest.mark.parametrize("way", ["deactivate/", "reactivate/"])
def test_a_reason_is_needed(adas, cast, way):
    if way == "reactivate/":
        actions.deactivate_sign_in(person=cast.amir.person, reason="Lost.", by=HOUSE)
    before = User.objects.get(pk=cast.amir.pk).is_active
    for reason_given, sentence in (
        ("", "Reason: Fill this in."),
        ("x" * 201, "Reason: Write at most 200 characters; there are 201."),
    ):
        answer = adas.post(of(cast.amir, way), {"reason": reason_given})
        assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert User.objects.get(pk=cast.amir.pk).is_active is before


def test_a_second_click_does_it_once(adas, cast):
    answers = [adas.post(of(cast.amir, "deactivate/"), WHY).status_code for _click in range(2)]
    assert answers == [302, 302]
    assert [line.verb for line in history(cast.amir.person)].count("person.sign_in_deactivated") == 1
    assert Message.objects.count() == 1


def test_a_coordinator_does_it_for_people_of_organisations(client, cast):
    client.force_login(cast.cora)
    assert client.post(of(cast.sofia, "deactivate/"), WHY).status_code == 302
    assert User.objects.get(pk=cast.sofia.pk).is_active is False
    assert client.post(of(cast.sofia, "reactivate/"), WHY).status_code == 302


def test_nobody_does_it_to_themselves(client, cast, ada):
    client.force_login(ada)
    for way in ("deactivate/", "reactivate/"):
        for ask in (client.get, client.post):
            assert reason(ask(of(ada, way), WHY)) == "Nobody does that to their own sign-in. An administrator has to do it."
    assert buttons(client.get(of(ada))) == ["Keep the name off public pages"]
    partnerships.add_member(organisation=cast.agency, person=cast.cora.person, role="official", by=HOUSE)
    client.force_login(cast.cora)
    assert client.post(of(cast.cora, "deactivate/"), WHY).status_code == 403
    assert User.objects.filter(is_active=False).count() == 0


@pytest.mark.parametrize("who", ["nora", "sofia", "audrey", "edna", "felix", "otto", "rooth"])
def test_a_lead_does_it_to_nobody_of_their_own_or_another_organisation(client, cast, who):
    """And nobody else: to whom the person is not theirs to see there is nothing."""
    client.force_login(getattr(cast, who))
    for user in (cast.amir, cast.otto, cast.nora, cast.carol):
        if user != getattr(cast, who):
            assert client.post(of(user, "deactivate/"), WHY).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.deactivate_sign_in(person=cast.amir.person, reason="Mine.", by=getattr(cast, who))
    assert User.objects.filter(is_active=False).count() == 0


def test_a_coordinator_does_not_do_it_to_who_runs_or_audits_something_or_administers_the_site(client, cast, ada):
    """One programme does not shut out another's people, nor its own auditor: even where they hold a role in an organisation."""
    fiona = partnerships.invite_member(
        organisation=cast.elsewhere, name="Fiona", email="fiona@example.org", role="official", by=cast.cora
    ).person
    partnerships.open_programme(name="Other", coordinator=fiona, by=HOUSE)
    for person in (cast.audrey.person, ada.person):
        partnerships.add_member(organisation=cast.agency, person=person, role="official", by=HOUSE)
    client.force_login(cast.cora)
    for person in (fiona, cast.audrey.person, ada.person):
        sentence = f"{person} has a role in a programme or administers this site: ask an administrator."
        assert reason(client.post(f"/desk/people/{person.ref}/deactivate/", WHY)) == sentence
    for person in (cast.felix.person, cast.carol.person):  # no part in an organisation: not theirs to see
        assert client.post(f"/desk/people/{person.ref}/deactivate/", WHY).status_code == 404
    assert User.objects.filter(is_active=False).count() == 0


def test_a_coordinator_whose_role_has_ended_does_nothing_more(client, cast):
    client.force_login(cast.cora)
    assert client.get(of(cast.amir)).status_code == 200
    partnerships.end_programme_role(role=cast.programme.programmerole_set.get(person=cast.cora.person), by=HOUSE)
    assert client.post(of(cast.amir, "deactivate/"), WHY).status_code == 404


def test_who_signs_in_to_wagtail_alone_is_not_touched_at_the_desk(adas, cast):
    User.objects.filter(pk=cast.rooth.pk).update(person=actions.add_person(name="Rooth", by=HOUSE))
    cast.rooth.refresh_from_db()
    sentence = "This sign-in administers Wagtail. The operator of this site looks after it."
    assert reason(adas.post(of(cast.rooth, "deactivate/"), WHY)) == sentence


def test_their_roles_stay_on_record(adas, cast):
    adas.post(of(cast.sofia, "deactivate/"), WHY)
    assert Membership.objects.get(person=cast.sofia.person, role="signatory").until is None
    assert "Sign-in deactivated" in page(adas.get(f"/desk/organisations/{cast.agency.ref}/"))


# ------------------------------------------------------------------------------------------------- the operator


def test_the_operator_opens_the_door_again_when_no_administrator_is_left(cast, ada, capsys):
    call_command("sign_in", "ADA@example.org", deactivate=True, reason="Left in anger.")
    assert User.objects.get(pk=ada.pk).is_active is False
    call_command("sign_in", "ada@example.org", reactivate=True, reason="Came back.")
    assert User.objects.get(pk=ada.pk).is_active is True
    assert capsys.readouterr().out.splitlines() == ["The sign-in of Ada is deactivated.", "The sign-in of Ada is open again."]
    assert history(ada.person)[0].text == "The system reactivated the sign-in: Came back."


@pytest.mark.parametrize(
    ("email", "way", "sentence"),
    [
        ("nobody@example.org", "deactivate", "Nobody signs in with nobody@example.org."),
        ("amir@example.org", "reactivate", "The sign-in is open already."),
    ],
)
def test_the_command_says_what_is_wrong(cast, email, way, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("sign_in", email, **{way: True, "reason": "x"})
